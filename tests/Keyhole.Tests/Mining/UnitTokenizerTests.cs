using Keyhole.Corpora;
using Keyhole.Engine;
using Keyhole.Engine.Tokens;
using Keyhole.Mining;
using Keyhole.Studies;
using Keyhole.TestSupport;
using Xunit;
using Encoding = System.Text.Encoding;

namespace Keyhole.Tests.Mining;

/// <summary>Units as tokens, and long ones as windows.</summary>
public sealed class UnitTokenizerTests : IDisposable
{
    private const string Long = "the größe of a naïve 🙂 cat, and more";
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData(true, false, 3)]
    [InlineData(true, false, 5)]
    [InlineData(false, false, 4)]
    [InlineData(true, true, 5)]
    [InlineData(false, true, 4)]
    [InlineData(true, true, 43)]
    [InlineData(true, false, 1000)]
    public void Windows_follow_each_other_and_slice_the_text(bool bos, bool eos, int context)
    {
        byte[] file = Encoding.UTF8.GetBytes("# " + Long + "\n");
        var unit = new TextUnit(0, 2, file.Length - 3, Long);
        Tokenizer tokenizer = Load(bos, eos);
        int[] whole = tokenizer.Encode(Long).Ids;
        IReadOnlyList<TokenisedText> windows = new UnitTokenizer(tokenizer, BosPolicy.Auto, context).Encode(unit);
        Assert.Equal(whole.Length > context, windows.Count > 1);
        int head = bos ? 1 : 0;
        Assert.Equal(whole, windows.SelectMany((window, i) => i == 0 ? window.Ids : window.Ids[head..]));
        Assert.Equal(Long, string.Concat(windows.Select(window => window.Text)));
        Assert.Equal(file.Length - 3 + unit.Offset, windows[^1].Offset + windows[^1].Length);
        foreach (TokenisedText window in windows)
        {
            Assert.InRange(window.Ids.Length, 1, context);
            Assert.Equal(window == windows[^1] || windows.Count == 1 ? window.Ids.Length : context, window.Ids.Length);
            Assert.Equal(bos, window.StartsWithBos);
            Assert.Equal(window.Text, Encoding.UTF8.GetString(file, (int)window.Offset, window.Length));
            Assert.Equal(windows.Count == 1 ? UnitTraits.None : window == windows[0] ? UnitTraits.Window : UnitTraits.Window | UnitTraits.Continuation, window.Traits);
            Assert.Equal(window.Ids.Length, window.Spans.Length);
            string[] letters = [.. window.Text.EnumerateRunes().Select(rune => rune.ToString())];
            for (int i = 0; i < window.Ids.Length; i++)
            {
                TokenSpan span = window.Spans[i];
                Assert.InRange(span.End, span.Start, letters.Length);
                if (window.Ids[i] > 1 && window.Ids[i] - 2 < 128 && window.Ids[i] - 2 != ' ')
                {
                    Assert.Equal(((char)(window.Ids[i] - 2)).ToString(), string.Concat(letters[span.Start..span.End]));
                }
            }
        }
    }

    [Fact]
    public void Windows_of_a_record_with_escapes_name_the_record()
    {
        // Escapes stand between the text and its bytes, so that parts of it have no offset of their own.
        var unit = new TextUnit(0, 100, 60, Long);
        IReadOnlyList<TokenisedText> windows = new UnitTokenizer(Load(bos: true), BosPolicy.Auto, 10).Encode(unit);
        Assert.All(windows, window => Assert.Equal((100, 60), (window.Offset, window.Length)));
        Assert.Equal(Long, string.Concat(windows.Select(window => window.Text)));
    }

    [Fact]
    public void Bos_is_put_first_by_policy()
    {
        var unit = new TextUnit(0, 0, 2, "ab");
        foreach ((bool own, BosPolicy policy, bool expected) in new[]
        {
            (true, BosPolicy.Auto, true), (false, BosPolicy.Auto, false), (true, BosPolicy.Always, true), (false, BosPolicy.Always, true), (true, BosPolicy.Never, false), (false, BosPolicy.Never, false),
        })
        {
            TokenisedText text = Assert.Single(new UnitTokenizer(Load(own), policy, 100).Encode(unit));
            Assert.Equal(expected, text.StartsWithBos);
            Assert.Equal(expected ? [0, 'a' + 2, 'b' + 2] : ['a' + 2, 'b' + 2], text.Ids);
        }
    }

    [Fact]
    public void A_written_special_token_is_no_bos()
    {
        TokenisedText text = Assert.Single(new UnitTokenizer(Load(bos: false), BosPolicy.Auto, 100).Encode(new TextUnit(0, 0, 4, "<s>a")));
        Assert.Equal([0, 'a' + 2], text.Ids);
        Assert.False(text.StartsWithBos);
    }

    [Fact]
    public void A_context_without_room_beside_bos_is_refused()
        => Assert.Equal("KH5005", Assert.Throws<InputRefusedException>(() => new UnitTokenizer(Load(bos: true), BosPolicy.Auto, 1).Encode(new TextUnit(0, 0, 2, "ab"))).Code);

    [Fact]
    public void A_unit_without_a_token_has_no_text() => Assert.Empty(new UnitTokenizer(Load(bos: false), BosPolicy.Auto, 8).Encode(new TextUnit(0, 0, 0, "")));

    public void Dispose() => _folder.Dispose();

    private Tokenizer Load(bool bos, bool eos = false)
    {
        TinyTokenizer.Write(_folder.Path, bos, eos);
        return TokenizerLoader.Load(_folder.Path);
    }
}
