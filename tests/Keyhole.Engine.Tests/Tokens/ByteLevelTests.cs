using FsCheck;
using FsCheck.Fluent;
using Keyhole.Engine.Tokens;
using Xunit;

namespace Keyhole.Engine.Tests.Tokens;

/// <summary>Byte-level BPE: what holds for every text.</summary>
public class ByteLevelTests
{
    private const string PreTokenizer = """{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":true}""";
    private static readonly string[] Merges = ["t h", "th e", "Ġ the", "Ġ Ġ", "Ã ©", "ð Ł", "ðŁ ĳ", "a a", "aa aa", "1 2", "12 34", "3 4", "' s"];
    private static readonly string Added = $"[{SmallTokenizers.Added("<s>", 300)},{SmallTokenizers.Added("<|x|>", 301, ",\"normalized\":true")}]";

    [Fact]
    public void Text_comes_back_and_places_are_in_order()
    {
        Tokenizer tokenizer = Load("null");
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(1000), Prop.ForAll(TextGenerators.WordsAndHalves.ToArbitrary(), text =>
        {
            Encoding encoding = tokenizer.Encode(text);
            int length = text.EnumerateRunes().Count();
            Assert.Equal(System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text)), tokenizer.Decode(encoding.Ids));
            Assert.All(encoding.Offsets, offset => Assert.InRange(offset.Start, 0, offset.End - 1));
            Assert.All(encoding.Offsets, offset => Assert.InRange(offset.End, 1, length));
            Assert.Equal(encoding.Offsets.Select(offset => offset.Start).Order(), encoding.Offsets.Select(offset => offset.Start));
        }));
    }

    /// <summary>A normaliser that never finds anything turns the short way off.</summary>
    [Fact]
    public void The_short_way_gives_what_the_long_way_gives()
    {
        Tokenizer fast = Load("null");
        Tokenizer slow = Load("""{"type":"Replace","pattern":{"String":"never in a text"},"content":""}""");
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(1000), Prop.ForAll(TextGenerators.WordsAndHalves.ToArbitrary(), text =>
        {
            Assert.Equal(slow.Encode(text).Ids, fast.Encode(text).Ids);
            Assert.Equal(slow.Encode(text).Offsets, fast.Encode(text).Offsets);
        }));
    }

    [Fact]
    public void A_long_word_takes_the_queue_and_gives_what_short_words_give()
    {
        Tokenizer tokenizer = Load("null");
        string word = string.Concat(Enumerable.Repeat("aaaathe", 20_000));
        string[] pieces = [.. tokenizer.Encode(word).Ids.Select(tokenizer.Piece)];
        Assert.Equal(40_000, pieces.Length);
        Assert.All(pieces.Chunk(2), pair => Assert.Equal(["aaaa", "the"], pair));
        Assert.Equal(word, tokenizer.Decode(tokenizer.Encode(word).Ids));
    }

    [Fact]
    public void Many_threads_get_the_same_ids()
    {
        Tokenizer tokenizer = Load("null");
        string[] texts = [.. Enumerable.Range(0, 400).Select(i => $"the {i} aaaa {i % 7}é<s> 'the")];
        int[][] alone = Array.ConvertAll(texts, text => tokenizer.Encode(text).Ids);
        Parallel.For(0, texts.Length * 4, i => Assert.Equal(alone[i % texts.Length], tokenizer.Encode(texts[i % texts.Length]).Ids));
    }

    [Fact]
    public void More_distinct_words_than_the_cache_holds_change_nothing()
    {
        Tokenizer tokenizer = Load("null");
        int[] first = tokenizer.Encode("the12 x1234").Ids;
        tokenizer.Encode(string.Join(' ', Enumerable.Range(0, 80_000).Select(i => $"w{(char)('a' + (i % 26))}{(char)('a' + (i / 26 % 26))}{(char)('a' + (i / 676 % 26))}{(char)('a' + (i / 17576))}")));
        Assert.Equal(first, tokenizer.Encode("the12 x1234").Ids);
    }

    [Theory]
    [InlineData("""{"type":"ByteLevel","add_prefix_space":true,"trim_offsets":true,"use_regex":true}""", "the é", "Ġthe(0-3) ĠÃ©(4-5)")]
    [InlineData("""{"type":"ByteLevel","add_prefix_space":true,"trim_offsets":false,"use_regex":true}""", "the é", "Ġthe(0-3) ĠÃ©(3-5)")]
    public void A_space_is_put_before_the_text(string preTokenizer, string text, string expected)
    {
        Tokenizer tokenizer = SmallTokenizers.Load(SmallTokenizers.ByteLevelModel([.. Merges, "Ġ Ã©"]), preTokenizer: preTokenizer, postProcessor: preTokenizer);
        Assert.Equal(expected, SmallTokenizers.Show(tokenizer, text));
    }

    private static Tokenizer Load(string normalizer) => SmallTokenizers.Load(
        SmallTokenizers.ByteLevelModel(Merges), normalizer, PreTokenizer, decoder: SmallTokenizers.ByteLevelDecoder, addedTokens: Added);
}
