using Keyhole.Engine.Tokens;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Engine.Tests.Tokens;

/// <summary>Bad files and odd texts.</summary>
public class RefusalTests
{
    [Theory]
    [InlineData("pre_tokenizer", """{"type":"Klingon"}""", "KH2004", "Klingon")]
    [InlineData("normalizer", """{"type":"Klingon"}""", "KH2004", "Klingon")]
    [InlineData("normalizer", """{"type":"Sequence","normalizers":[{"type":"NFC"},{"type":"Klingon"}]}""", "KH2004", "normalizer.normalizers[1]")]
    [InlineData("normalizer", """{"type":"Sequence","normalizers":[null]}""", "KH2003", "normalizer.normalizers[0]")]
    [InlineData("normalizer", """{"type":"Precompiled","precompiled_charsmap":"!"}""", "KH2003", "precompiled_charsmap")]
    [InlineData("normalizer", """{"type":"Prepend"}""", "KH2003", "normalizer.prepend is missing")]
    [InlineData("normalizer", """{"type":"Prepend","prepend":"\ud800"}""", "KH2003", "whole characters")]
    [InlineData("normalizer", "[]", "KH2003", "normalizer is an array")]
    [InlineData("post_processor", """{"type":"Klingon"}""", "KH2004", "TemplateProcessing")]
    [InlineData("post_processor", """{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"<s>"}}],"special_tokens":{"<s>":{"ids":[0]}}}""", "KH2003", "exactly once")]
    [InlineData("post_processor", """{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"<s>"}},{"Sequence":{"id":"A"}}],"special_tokens":{}}""", "KH2003", "special_tokens")]
    [InlineData("decoder", """{"type":"Klingon"}""", "KH2004", "ByteFallback")]
    [InlineData("decoder", """{"type":"Strip","content":"ab","start":1,"stop":0}""", "KH2003", "one character")]
    [InlineData("model", """{"type":"Klingon"}""", "KH2004", "WordPiece")]
    [InlineData("model", """{"type":"BPE","vocab":{"a":0}}""", "KH2003", "model.merges is missing")]
    [InlineData("model", """{"type":"BPE","vocab":{"a":-1},"merges":[]}""", "KH2003", "an id from 0")]
    [InlineData("model", """{"type":"BPE","vocab":{"a":99999999999},"merges":[]}""", "KH2003", "an id from 0")]
    [InlineData("model", """{"type":"BPE","vocab":{"a":0},"merges":["a b"]}""", "KH2003", "'b'")]
    [InlineData("model", """{"type":"BPE","vocab":{"a":0},"merges":["a"]}""", "KH2003", "one space")]
    [InlineData("model", """{"type":"BPE","vocab":{"a":0},"merges":[["a"]]}""", "KH2003", "[left, right]")]
    [InlineData("model", """{"type":"Unigram","unk_id":5,"vocab":[["a",0]]}""", "KH2003", "unk_id")]
    [InlineData("model", """{"type":"Unigram","vocab":[["a"]]}""", "KH2003", "model.vocab[0]")]
    [InlineData("model", "{}", "KH2003", "vocab")]
    [InlineData("model", """{"type":"WordLevel","unk_token":"?","vocab":{"?":0,"a":16777215}}""", "KH2003", "a file of this size has no more")]
    [InlineData("added_tokens", """[{"content":5}]""", "KH2003", "added_tokens[0].content")]
    public void A_field_that_cannot_be_used_is_named(string section, string json, string code, string named)
    {
        string whole = SmallTokenizers.Json(
            section == "model" ? json : SmallTokenizers.Words("?"), section == "normalizer" ? json : "null", section == "pre_tokenizer" ? json : "null",
            section == "post_processor" ? json : "null", section == "decoder" ? json : "null", section == "added_tokens" ? json : "[]");
        var refusal = Assert.Throws<InputRefusedException>(() => SmallTokenizers.LoadJson(whole));
        Assert.Equal(code, refusal.Code);
        Assert.Contains("tokenizer.json", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_counts_once_a_piece_or_once_a_character_is_bounded()
    {
        string affix = SmallTokenizers.Json(SmallTokenizers.Bpe(["a"], [], $"\"continuing_subword_prefix\":\"{new string('#', 129)}\","));
        Assert.Contains("at most 128", Assert.Throws<InputRefusedException>(() => SmallTokenizers.LoadJson(affix)).Message, StringComparison.Ordinal);
        string pattern = SmallTokenizers.Json(SmallTokenizers.Words("?"), "null", $$$"""{"type":"Split","pattern":{"Regex":"{{{new string('x', 8193)}}}"},"behavior":"Isolated","invert":false}""");
        InputRefusedException refusal = Assert.Throws<InputRefusedException>(() => SmallTokenizers.LoadJson(pattern));
        Assert.Equal("KH2005", refusal.Code);
        Assert.InRange(refusal.Message.Length, 500, 900);   // the expression is not written out
        const string Eightfold = """{"type":"Replace","pattern":{"String":"a"},"content":"aaaaaaaa"}""";
        Tokenizer grows = SmallTokenizers.Load(SmallTokenizers.Words("?"), $"{{\"type\":\"Sequence\",\"normalizers\":[{string.Join(',', Enumerable.Repeat(Eightfold, 16))}]}}");
        Assert.Equal("KH2009", Assert.Throws<InputRefusedException>(() => grows.Encode("a")).Code);
        Assert.Equal([0], grows.Encode("b").Ids);
    }

    [Fact]
    public void A_file_that_is_cut_short_anywhere_is_refused()
    {
        string whole = SmallTokenizers.Json(
            SmallTokenizers.Bpe(["a", "b", "ab"], ["a b"]), """{"type":"NFC"}""", """{"type":"ByteLevel","add_prefix_space":false}""", decoder: SmallTokenizers.ByteLevelDecoder);
        for (int length = 0; length < whole.Length; length++)
        {
            var refusal = Assert.Throws<InputRefusedException>(() => SmallTokenizers.LoadJson(whole[..length]));
            Assert.Equal("KH2002", refusal.Code);
        }
    }

    /// <summary>Whatever byte is changed, the file is read or refused, and a text is encoded or refused.</summary>
    [Fact]
    public void A_damaged_file_is_refused_or_read()
    {
        byte[] whole = System.Text.Encoding.UTF8.GetBytes(SmallTokenizers.Json(
            SmallTokenizers.Bpe(["<unk>", "a", "b", "ab", "é", "▁"], ["a b"], "\"unk_token\":\"<unk>\",\"byte_fallback\":true,"),
            """{"type":"Sequence","normalizers":[{"type":"NFKC"},{"type":"Replace","pattern":{"Regex":" {2,}|(?<=a)[^\\s\\p{L}]+"},"content":"\u2581"},{"type":"Prepend","prepend":"▁"}]}""",
            """{"type":"Sequence","pretokenizers":[{"type":"Split","pattern":{"String":"b"},"behavior":"MergedWithNext","invert":false},{"type":"Metaspace","replacement":"▁","prepend_scheme":"first","split":true}]}""",
            """{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"<s>"}},{"Sequence":{"id":"A"}}],"special_tokens":{"<s>":{"ids":[1]}}}""",
            """{"type":"Sequence","decoders":[{"type":"ByteFallback"},{"type":"Strip","content":" ","start":1,"stop":0}]}""",
            $"[{SmallTokenizers.Added("<s>", 6)}]"));
        var random = new Random(7);
        int refused = 0;
        using var folder = new TemporaryFolder();
        for (int i = 0; i < 3000; i++)
        {
            byte[] damaged = (byte[])whole.Clone();
            for (int changes = random.Next(1, 4); changes > 0; changes--)
            {
                damaged[random.Next(damaged.Length)] = random.Next(3) == 0 ? (byte)random.Next(256) : (byte)"\"\\{}[]:,0-1e"[random.Next(12)];
            }

            try
            {
                Tokenizer tokenizer = TokenizerLoader.Load(folder.Write("tokenizer.json", damaged));
                tokenizer.Decode(tokenizer.Encode(" ab  é<s> bü-\uD800").Ids);
            }
            catch (InputRefusedException refusal)
            {
                Assert.StartsWith("KH2", refusal.Code, StringComparison.Ordinal);
                refused++;
            }
        }

        Assert.InRange(refused, 1000, 2999);
    }

    [Fact]
    public void A_folder_without_a_tokenizer_and_a_missing_file_are_refused()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal("KH2001", Assert.Throws<InputRefusedException>(() => TokenizerLoader.Load(folder.Path)).Code);
        Assert.Equal("KH2001", Assert.Throws<InputRefusedException>(() => TokenizerLoader.Load(Path.Combine(folder.Path, "none.json"))).Code);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(3)]
    [InlineData(int.MaxValue)]
    public void An_id_that_is_not_in_the_vocabulary_is_named(int id)
    {
        Tokenizer tokenizer = SmallTokenizers.Load(SmallTokenizers.Words("?", "a", "b"));
        foreach (Action use in new Action[] { () => tokenizer.Decode([1, id]), () => tokenizer.Decode([id], skipSpecialTokens: true), () => tokenizer.Piece(id) })
        {
            var refusal = Assert.Throws<InputRefusedException>(use);
            Assert.Equal("KH2006", refusal.Code);
            Assert.Contains($"token id {id} ", refusal.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_word_that_cannot_be_spelled_without_an_unknown_token_is_refused()
    {
        Tokenizer tokenizer = SmallTokenizers.Load("""{"type":"WordLevel","vocab":{"a":0}}""");
        Assert.Equal("KH2008", Assert.Throws<InputRefusedException>(() => tokenizer.Encode("x")).Code);
        Assert.Equal([0], tokenizer.Encode("a").Ids);
        Assert.Null(tokenizer.UnknownId);
    }

    [Fact]
    public void Odd_texts_are_read()
    {
        Tokenizer tokenizer = SmallTokenizers.Load(SmallTokenizers.ByteLevelModel([]), decoder: SmallTokenizers.ByteLevelDecoder, preTokenizer: """{"type":"ByteLevel","add_prefix_space":false}""");
        Assert.Empty(tokenizer.Encode("").Ids);
        Assert.Equal("", tokenizer.Decode([]));
        Assert.Equal("a\0b\uFFFDc", tokenizer.Decode(tokenizer.Encode("a\0b\uD800c").Ids));
        Assert.Equal(new TokenOffset(4, 5), tokenizer.Encode("a\0b\uD800c").Offsets[^1]);
    }
}
