using Keyhole.Engine.Tokens;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Engine.Tests.Tokens;

/// <summary>The pipelines of well-known families on small vocabularies; expectations follow from the library's rules.</summary>
public class FamilyTests
{
    /// <summary>Gemma: spaces replaced, split at spaces that belong to the word before, bytes for what is missing, runs of spaces as pieces.</summary>
    [Fact]
    public void Gemma()
    {
        string[] bytes = [.. Enumerable.Range(0, 256).Select(value => $"<0x{value:X2}>")];
        string[] pieces = ["<pad>", "<eos>", "<bos>", "<unk>", .. bytes, "▁", "▁▁", "a", "b", "▁a", "ab", "▁ab", "\n", "\n\n"];
        Tokenizer tokenizer = SmallTokenizers.Load(
            SmallTokenizers.Bpe(pieces, ["▁ ▁", "▁ a", "a b", "▁a b", "▁ ab", "\n \n"], "\"unk_token\":\"<unk>\",\"fuse_unk\":true,\"byte_fallback\":true,\"ignore_merges\":false,"),
            """{"type":"Replace","pattern":{"String":" "},"content":"▁"}""",
            """{"type":"Split","pattern":{"String":" "},"behavior":"MergedWithPrevious","invert":false}""",
            """{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"<bos>","type_id":0}},{"Sequence":{"id":"A","type_id":0}}],"pair":[],"special_tokens":{"<bos>":{"id":"<bos>","ids":[2],"tokens":["<bos>"]}}}""",
            """{"type":"Sequence","decoders":[{"type":"Replace","pattern":{"String":"▁"},"content":" "},{"type":"ByteFallback"},{"type":"Fuse"}]}""",
            $"[{SmallTokenizers.Added("<bos>", 2)},{SmallTokenizers.Added("\n\n", 268, ",\"special\":false")}]");
        Assert.Equal("<bos>(0-0) ab(0-2) ▁ab(2-5) ▁▁(5-7) <0xC3>(7-8) <0xA9>(7-8) \n\n(8-10) \n(10-11)", SmallTokenizers.Show(tokenizer, "ab ab  é\n\n\n"));
        Assert.Equal("<bos>ab ab  é\n\n\n", tokenizer.Decode(tokenizer.Encode("ab ab  é\n\n\n").Ids));
        Assert.Equal("ab", tokenizer.Decode(tokenizer.Encode("ab").Ids, skipSpecialTokens: true));
        Assert.Equal("��", tokenizer.Decode([4 + 0xC3, 4 + 0xC3]));
        Assert.True(tokenizer.AddsBos);
        Assert.Equal(3, tokenizer.UnknownId);
    }

    /// <summary>Qwen 2: NFC, then the one-digit expression, then bytes.</summary>
    [Fact]
    public void Qwen()
    {
        Tokenizer tokenizer = SmallTokenizers.Load(
            SmallTokenizers.ByteLevelModel(["Ã ©", "1 2", "a Ã©"]),
            """{"type":"NFC"}""",
            """{"type":"Sequence","pretokenizers":[{"type":"Split","pattern":{"Regex":"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"},"behavior":"Isolated","invert":false},{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":false,"use_regex":false}]}""",
            decoder: SmallTokenizers.ByteLevelDecoder,
            addedTokens: $"[{SmallTokenizers.Added("<|im_start|>", 259)}]");
        Assert.Equal("aÃ©(0-2) 1(2-3) 2(3-4)", SmallTokenizers.Show(tokenizer, "aé12"));
        Assert.Equal("aÃ©(0-2) 1(3-4) <|im_start|>(4-16) a(16-17)", SmallTokenizers.Show(tokenizer, "ae\u03011<|im_start|>a"));
    }

    /// <summary>Falcon: punctuation runs, then GPT-2's words, digits, and groups of three digits.</summary>
    [Fact]
    public void Falcon()
    {
        Tokenizer tokenizer = SmallTokenizers.Load(
            SmallTokenizers.ByteLevelModel(["1 2", "12 3", "! !", "Ġ a"]),
            preTokenizer: """{"type":"Sequence","pretokenizers":[{"type":"Punctuation","behavior":"Contiguous"},{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":true},{"type":"Digits","individual_digits":false},{"type":"Split","pattern":{"Regex":"[0-9][0-9][0-9]"},"behavior":"Isolated","invert":false}]}""");
        Assert.Equal("Ġa(0-2) !!(2-4) 123(4-7) 1(7-8)", SmallTokenizers.Show(tokenizer, " a!!1231"));
    }

    /// <summary>Phi-3: llama's tokenizer with added tokens that take the spaces after them along.</summary>
    [Fact]
    public void Phi3()
    {
        Tokenizer tokenizer = SmallTokenizers.Load(
            SmallTokenizers.Bpe(["<unk>", "▁", "a", "▁a", "<s>"], ["▁ a"], "\"unk_token\":\"<unk>\",\"fuse_unk\":true,"),
            """{"type":"Sequence","normalizers":[{"type":"Prepend","prepend":"▁"},{"type":"Replace","pattern":{"String":" "},"content":"▁"}]}""",
            addedTokens: $"[{SmallTokenizers.Added("<s>", 4)},{SmallTokenizers.Added("<|user|>", 5, ",\"rstrip\":true")}]");
        Assert.Equal("<|user|>(0-11) ▁a(11-12) ▁a(12-14) <s>(14-17) ▁(17-18) ▁a(17-19)", SmallTokenizers.Show(tokenizer, "<|user|> \n a a<s> a"));
    }

    /// <summary>RoBERTa: spaces trimmed from offsets, but a mask that takes the space before it along.</summary>
    [Fact]
    public void Roberta()
    {
        Tokenizer tokenizer = SmallTokenizers.Load(
            SmallTokenizers.ByteLevelModel(["Ġ a"]),
            preTokenizer: """{"type":"ByteLevel","add_prefix_space":false,"trim_offsets":true,"use_regex":true}""",
            postProcessor: """{"type":"RobertaProcessing","sep":["</s>",258],"cls":["<s>",257],"trim_offsets":true,"add_prefix_space":false}""",
            addedTokens: $"[{SmallTokenizers.Added("<s>", 257)},{SmallTokenizers.Added("</s>", 258)},{SmallTokenizers.Added("<mask>", 259, ",\"lstrip\":true")}]");
        Assert.Equal("<s>(0-0) Ġa(1-2) <mask>(4-10) Ġa(11-12) </s>(0-0)", SmallTokenizers.Show(tokenizer, " a  <mask> a"));
        Assert.Equal("Ġa(1-2)", SmallTokenizers.Show(tokenizer, " a", addSpecialTokens: false));
    }

    /// <summary>Added tokens: whole words only, the longest of all, and after normalisation.</summary>
    [Theory]
    [InlineData("ad bad ad", "ad(0-2) ?(2-7) ad(7-9)")]
    [InlineData("<x><xy>", "<x>(0-3) <xy>(3-7)")]
    [InlineData("a FOO", "?(0-2) foo(2-5)")]
    [InlineData("ad_", "?(0-3)")]
    public void Added_tokens(string text, string expected)
    {
        Tokenizer tokenizer = SmallTokenizers.Load(
            SmallTokenizers.Words("?", "word"),
            """{"type":"Lowercase"}""",
            addedTokens: $"[{SmallTokenizers.Added("ad", 2, ",\"single_word\":true")},{SmallTokenizers.Added("<x>", 3)},{SmallTokenizers.Added("<xy>", 4)},{SmallTokenizers.Added("foo", 5, ",\"normalized\":true")}]");
        Assert.Equal(expected, SmallTokenizers.Show(tokenizer, text));
    }

    /// <summary>The library numbers tokens that the model does not know from the end of its vocabulary, whatever the file says.</summary>
    [Fact]
    public void Added_tokens_are_numbered_as_the_library_does()
    {
        Tokenizer tokenizer = SmallTokenizers.Load(SmallTokenizers.Words("?", "a"), addedTokens: $"[{SmallTokenizers.Added("<x>", 7)},{SmallTokenizers.Added("a", 9)}]");
        Assert.Equal((2, 1, 3), (tokenizer.IdOf("<x>"), tokenizer.IdOf("a"), tokenizer.VocabularySize));
        Assert.True(tokenizer.IsSpecial(1));
    }

    [Fact]
    public void Wordpiece_takes_the_longest_pieces_and_whole_unknown_words()
    {
        Tokenizer tokenizer = SmallTokenizers.Load(
            $$"""{"type":"WordPiece","unk_token":"[UNK]","continuing_subword_prefix":"##","max_input_chars_per_word":10,"vocab":{{SmallTokenizers.Vocabulary("[UNK]", "un", "##aff", "##able", "unaf", "##é", "##f")}}}""",
            preTokenizer: """{"type":"BertPreTokenizer"}""", decoder: """{"type":"WordPiece","prefix":"##","cleanup":true}""");
        Assert.Equal("unaf(0-4) ##f(4-5) ##able(5-9) [UNK](10-14) un(15-17) ##é(17-18)", SmallTokenizers.Show(tokenizer, "unaffable unax uné"));
        Assert.Equal("[UNK](0-11)", SmallTokenizers.Show(tokenizer, "ununununun!"[..10] + "u"));
        Assert.Equal("unaffable uné", tokenizer.Decode([4, 6, 3, 1, 5]));
    }

    [Fact]
    public void Unigram_takes_the_best_sum_and_joins_what_is_unknown()
    {
        Tokenizer tokenizer = SmallTokenizers.Load(
            """{"type":"Unigram","unk_id":0,"vocab":[["<unk>",0],["a",0],["b",0],["c",0],["d",0],["cd",1],["ab",2],["abc",5],["abcd",10]]}""");
        Assert.Equal("abcd(0-4) a(4-5) cd(5-7) <unk>(7-9)", SmallTokenizers.Show(tokenizer, "abcdacdxx"));
    }

    [Fact]
    public void Bpe_with_affixes_and_unknown_characters()
    {
        Tokenizer tokenizer = SmallTokenizers.Load(
            SmallTokenizers.Bpe(["<unk>", "a", "##b", "##b</w>", "ab</w>"], ["a ##b</w>"], "\"unk_token\":\"<unk>\",\"continuing_subword_prefix\":\"##\",\"end_of_word_suffix\":\"</w>\","),
            preTokenizer: """{"type":"WhitespaceSplit"}""", decoder: """{"type":"BPEDecoder","suffix":"</w>"}""");
        Assert.Equal("ab</w>(0-2) a(3-4) ##b(4-5) ##b</w>(5-6) <unk>(7-8) <unk>(8-9)", SmallTokenizers.Show(tokenizer, "ab abb xy"));
        Assert.Equal("ab ab", tokenizer.Decode([4, 4]));
    }

    [Fact]
    public void Ctc_joins_repeats()
    {
        Tokenizer tokenizer = SmallTokenizers.Load(
            SmallTokenizers.Words("<pad>", "|", "h", "e"), decoder: """{"type":"CTC","pad_token":"<pad>","word_delimiter_token":"|","cleanup":true}""");
        Assert.Equal("he h", tokenizer.Decode([2, 2, 0, 3, 3, 1, 2]));
    }

    [Fact]
    public void Opt_files_without_tokenizer_json()
    {
        using var folder = new TemporaryFolder();
        folder.Write("vocab.json", """{"</s>":2,"a":3,"Ġ":4,"b":5,"Ġa":6,"ab":7}""");
        folder.Write("merges.txt", "#version: 0.2\nĠ a\na b\n");
        folder.Write("tokenizer_config.json", """{"bos_token":{"content":"</s>"},"eos_token":"</s>","add_bos_token":true}""");
        Tokenizer tokenizer = TokenizerLoader.Load(folder.Path);
        Assert.Equal("</s>(0-0) ab(0-2) Ġa(2-4) </s>(4-8)", SmallTokenizers.Show(tokenizer, "ab a</s>"));
        Assert.Equal((2, 2, null), (tokenizer.BosId, tokenizer.EosId, tokenizer.UnknownId));
        Assert.True(tokenizer.AddsBos);
        Assert.Equal(tokenizer.Encode("ab a").Ids, TokenizerLoader.Load(Path.Combine(folder.Path, "merges.txt")).Encode("ab a").Ids);
    }

    [Fact]
    public void Special_ids_come_from_the_files_beside()
    {
        using var folder = new TemporaryFolder();
        folder.Write("tokenizer.json", SmallTokenizers.Json(SmallTokenizers.Words("?", "a", "<e>")));
        folder.Write("config.json", """{"bos_token_id":1,"eos_token_id":[2,1]}""");
        Tokenizer byId = TokenizerLoader.Load(folder.Path);
        Assert.Equal((1, 2, 0), (byId.BosId, byId.EosId, byId.UnknownId));
        folder.Write("special_tokens_map.json", """{"eos_token":"a","bos_token":"missing"}""");
        Tokenizer byName = TokenizerLoader.Load(folder.Path);
        Assert.Equal((null, 1), (byName.BosId, byName.EosId));
    }
}
