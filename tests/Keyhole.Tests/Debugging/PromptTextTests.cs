using Keyhole.Debugging;
using Keyhole.Engine;
using Keyhole.Engine.Tokens;
using Keyhole.Mining;
using Keyhole.TestSupport;
using Keyhole.Tests.Mining;
using Xunit;

namespace Keyhole.Tests.Debugging;

public sealed class PromptTextTests : IDisposable
{
    private readonly TinyRun _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public void Prompts_begin_as_texts_do_and_do_not_end()
    {
        Tokenizer tokenizer = Tiny(eos: true);
        Assert.Equal([0, 'a' + 2, 'b' + 2], PromptText.Of("ab", tokenizer, BosPolicy.Auto).Ids);
        Assert.Equal(['a' + 2], PromptText.Of("a", tokenizer, BosPolicy.Never).Ids);
        Assert.Equal([0], PromptText.Of("", tokenizer, BosPolicy.Auto).Ids);
        Assert.Equal("KH7106", Assert.Throws<InputRefusedException>(() => PromptText.Of("", tokenizer, BosPolicy.Never)).Code);
        Assert.Equal("KH7106", Assert.Throws<InputRefusedException>(() => PromptText.Of([], tokenizer)).Code);
    }

    [Fact]
    public void A_word_is_read_as_what_follows()
    {
        // A token a byte: a space would be a token of its own, so words are read without.
        PromptText tiny = PromptText.Of("ab", Tiny(), BosPolicy.Auto);
        Assert.Equal(('c' + 2, true), tiny.TokenAfter(2, "cd"));
        Assert.Equal(('c' + 2, false), tiny.TokenAfter(0, " c"));
        Assert.Equal((' ' + 2, false), tiny.TokenAfter(1, " "));
        Assert.Equal("KH7107", Assert.Throws<InputRefusedException>(() => tiny.TokenAfter(1, "")).Code);

        Tokenizer tokenizer = TokenizerLoader.Load(MiniStudy.Model);
        PromptText mini = PromptText.Of("He went to the", tokenizer, BosPolicy.Auto);
        (int token, bool cut) = mini.TokenAfter(mini.Ids.Length - 1, "house");
        Assert.Equal((" house", false), (tokenizer.Decode([token]), cut));
        Assert.Equal((token, cut), mini.TokenAfter(mini.Ids.Length - 1, " house"));
        Assert.True(mini.TokenAfter(mini.Ids.Length - 1, "incomprehensibilities").IsCut);
    }

    private Tokenizer Tiny(bool eos = false) => TokenizerLoader.Load(_run.Model(TinyModel.Llama(vocabulary: TinyTokenizer.Size), eos: eos));
}
