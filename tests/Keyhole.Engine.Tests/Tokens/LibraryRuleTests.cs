using Keyhole.Engine.Tokens;
using Xunit;

namespace Keyhole.Engine.Tests.Tokens;

/// <summary>Rules found by comparing with other programs on generated tokenizers and texts. Every expectation is output of tokenizers 0.23.2, of llama.cpp v0.5.0 where a test says so.</summary>
public class LibraryRuleTests
{
    private const string Fuse = """{"type":"Fuse"}""";
    private const string Lowercase = """{"type":"Lowercase"}""";
    private const string TrimOffsets = """{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":false}""";

    [Fact]
    public void A_normalised_added_token_is_known_by_its_normalised_content()
    {
        Tokenizer tokenizer = Words(Lowercase, Normalized("É", 1));
        Assert.Equal("é(0-1) ?(1-2) é(2-3)", SmallTokenizers.Show(tokenizer, "É é"));
        Assert.Equal("é", tokenizer.Decode([1]));
        Assert.Equal("_<s>", Words("""{"type":"Prepend","prepend":"_"}""", Normalized("<s>", 1)).Decode([1]));
    }

    [Theory]
    [InlineData(false, false, 2)]
    [InlineData(true, false, 1)]
    [InlineData(false, true, 2)]
    [InlineData(true, true, 2)]
    public void Of_two_added_tokens_that_match_alike_a_special_one_is_taken_else_the_last(bool firstIsSpecial, bool secondIsSpecial, int expected) =>
        Assert.Equal([expected], Words(Lowercase, Normalized("é", 1, special: firstIsSpecial), Normalized("É", 2, special: secondIsSpecial)).Encode("É").Ids);

    [Theory]
    [InlineData(",\"rstrip\":true", "\n", "\n\n\n", "1(0-3) 1(1-3) 1(2-3)")]
    [InlineData(",\"rstrip\":true,\"lstrip\":true", " ", "a   b", "0(0-1) 1(1-4) 0(4-5)")]
    [InlineData(",\"rstrip\":true,\"lstrip\":true", " ", "  ", "1(0-2)")]
    public void A_match_whose_place_was_taken_along_is_dropped_where_it_takes_spaces_itself(string options, string content, string text, string expected)
    {
        Encoding encoding = Words("null", SmallTokenizers.Added(content, 1, options)).Encode(text);
        Assert.Equal(expected, Show(encoding));
    }

    /// <summary>The short way for byte-level models sees overlapping tokens too.</summary>
    [Fact]
    public void Added_tokens_may_overlap_in_a_byte_level_tokenizer()
    {
        Tokenizer tokenizer = SmallTokenizers.Load(
            SmallTokenizers.ByteLevelModel([]), preTokenizer: TrimOffsets, decoder: SmallTokenizers.ByteLevelDecoder,
            addedTokens: $"[{SmallTokenizers.Added("<x>", 256, ",\"rstrip\":true")},{SmallTokenizers.Added(" <y>", 257)}]");
        Assert.Equal("<x>(0-4)  <y>(3-7) a(7-8)", SmallTokenizers.Show(tokenizer, "<x> <y>a"));
    }

    [Fact]
    public void Offsets_are_trimmed_by_the_normalised_text_of_an_added_token()
    {
        Tokenizer tokenizer = SmallTokenizers.Load(
            SmallTokenizers.Words("?"), """{"type":"Prepend","prepend":"▁"}""", postProcessor: TrimOffsets, addedTokens: $"[{Normalized(" ", 1, ",\"lstrip\":true")}]");
        Assert.Equal([new TokenOffset(0, 0)], tokenizer.Encode(" ").Offsets);
        Tokenizer bytes = SmallTokenizers.Load(
            SmallTokenizers.Words("?"), """{"type":"ByteLevel"}""", postProcessor: TrimOffsets, addedTokens: $"[{Normalized("\n", 1)}]");
        Assert.Equal([new TokenOffset(0, 1)], bytes.Encode("\n").Offsets);
    }

    /// <summary>A merge over a character that the vocabulary lacks makes the added token's id, but not by a match: nothing is trimmed.</summary>
    [Fact]
    public void Offsets_of_an_added_token_that_the_model_made_are_trimmed_by_its_piece()
    {
        Tokenizer tokenizer = SmallTokenizers.Load(
            SmallTokenizers.Bpe(["a", "b", "ab"], ["a b"]), postProcessor: TrimOffsets, addedTokens: $"[{SmallTokenizers.Added("ab", 2)}]");
        Assert.Equal("ab(0-2)", SmallTokenizers.Show(tokenizer, "a b"));
    }

    [Fact]
    public void A_unigram_model_without_unknown_token_refuses_even_what_bytes_could_spell()
    {
        string bytes = string.Join(',', Enumerable.Range(0, 256).Select(value => $"[\"<0x{value:X2}>\",-9]"));
        Tokenizer tokenizer = SmallTokenizers.Load($$"""{"type":"Unigram","unk_id":null,"byte_fallback":true,"vocab":[["a",-1],{{bytes}}]}""");
        Assert.Equal([0, 0], tokenizer.Encode("aa").Ids);
        Assert.Equal("KH2008", Assert.Throws<InputRefusedException>(() => tokenizer.Encode("ab")).Code);
    }

    [Theory]
    [InlineData("""{"type":"BPEDecoder","suffix":""}""", " a  b b")]
    [InlineData("""{"type":"CTC","pad_token":"","word_delimiter_token":"","cleanup":true}""", " a  b ")]
    public void An_empty_suffix_or_delimiter_is_everywhere(string decoder, string expected) =>
        Assert.Equal(expected, SmallTokenizers.Load(SmallTokenizers.Words("a", "b"), decoder: decoder).Decode([0, 1, 1]));

    [Fact]
    public void To_prepend_nothing_empties_the_first_characters_place() =>
        Assert.Equal("0(0-0) 0(1-2)", Show(SmallTokenizers.Load(
            SmallTokenizers.Words("?"), """{"type":"Prepend","prepend":""}""", """{"type":"FixedLength","length":1}""").Encode("ab")));

    /// <summary>Punctuation, non-spacing marks and controls are Unicode 8.0's, other marks, normal forms and scripts 9.0's.</summary>
    [Theory]
    [InlineData("""{"type":"Punctuation","behavior":"Isolated"}""", "null", "a\u061Db", "a\u061Db")]
    [InlineData("""{"type":"Punctuation","behavior":"Isolated"}""", "null", "a\u166Db", "a|\u166D|b")]
    [InlineData("""{"type":"UnicodeScripts"}""", "null", "a\u0589\u0531", "a|\u0589|\u0531")]
    [InlineData("""{"type":"UnicodeScripts"}""", "null", "\u03A9\U0001F9D1\U0001F3FF", "\u03A9\U0001F9D1|\U0001F3FF")]
    [InlineData("""{"type":"FixedLength","length":1}""", """{"type":"NFKC"}""", "\u32FF", "\u32FF")]
    [InlineData("""{"type":"FixedLength","length":1}""", """{"type":"StripAccents"}""", "a\u1CF2\u0897b", "a|\u0897|b")]
    [InlineData("""{"type":"FixedLength","length":1}""", """{"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":false,"strip_accents":true,"lowercase":false}""", "a\u1885\u1734\u0890\u0600b", "a|\u1885|\u0890|b")]
    [InlineData("""{"type":"Split","pattern":{"Regex":"\\w"},"behavior":"Isolated"}""", "null", "\u00B2\u2074\u00BD", "\u00B2|\u2074|\u00BD")]
    [InlineData("""{"type":"Split","pattern":{"Regex":"[[:punct:]]"},"behavior":"Isolated"}""", "null", "\u00A9\u00B1a", "\u00A9|\u00B1|a")]
    [InlineData("""{"type":"Split","pattern":{"Regex":"[[:graph:]]"},"behavior":"Removed"}""", "null", "a \u0007\u200B", " \u0007")]
    [InlineData("""{"type":"Split","pattern":{"Regex":"(?i:[a-z])"},"behavior":"Removed"}""", "null", "I\u0130\u017F", "\u0130")]
    public void Characters_are_those_of_the_librarys_Unicode(string preTokenizer, string normalizer, string text, string expected) =>
        Assert.Equal(expected, SmallTokenizers.ShowWords(preTokenizer, text, normalizer));

    /// <summary>llama.cpp v0.5.0 on GPT-2's vocabulary, read off where its merges join or part.</summary>
    [Theory]
    [InlineData("tiny_aya", "42080DHF", "42|080|DHF")]
    [InlineData("tiny_aya", "McCartney", "McCartney")]
    [InlineData("deepseek-coder", "x \u2003\r", "x| \u2003|\r")]
    [InlineData("kimi-k2", "McCartney", "McCartney")]
    [InlineData("afmoe", "1234567", "1|234|567")]
    [InlineData("jais-2", "\n \n\nß", "\n \n\n|ß")]
    public void Gguf_splittings_are_those_of_llama_cpp(string name, string text, string expected)
    {
        var words = new List<string>();
        Tokenizer tokenizer = SmallTokenizers.Load(SmallTokenizers.Words("?"), preTokenizer: "{\"type\":\"Sequence\",\"pretokenizers\":[" +
            string.Join(',', Keyhole.Engine.Tokens.Gguf.PreTokenizerKinds.Find("m.gguf", name).Expressions.Select(
                expression => "{\"type\":\"Split\",\"behavior\":\"Isolated\",\"pattern\":{\"Regex\":" + System.Text.Json.JsonSerializer.Serialize(expression) + "}}")) + "]}");
        words.AddRange(tokenizer.Encode(text).Offsets.Select(offset => text[offset.Start..offset.End]));
        Assert.Equal(expected, string.Join('|', words));
    }

    private static Tokenizer Words(string normalizer, params string[] added) =>
        SmallTokenizers.Load(SmallTokenizers.Words("?"), normalizer, decoder: Fuse, addedTokens: $"[{string.Join(',', added)}]");

    private static string Normalized(string content, int id, string options = "", bool special = false) =>
        $$"""{"id":{{id}},"content":{{System.Text.Json.JsonSerializer.Serialize(content)}},"special":{{(special ? "true" : "false")}},"normalized":true{{options}}}""";

    private static string Show(Encoding encoding) =>
        string.Join(' ', encoding.Ids.Zip(encoding.Offsets, (id, offset) => $"{id}({offset.Start}-{offset.End})"));
}
