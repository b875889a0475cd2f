using Keyhole.Engine.Tokens;
using Xunit;

namespace Keyhole.Engine.Tests.Tokens;

/// <summary>Vocabularies from metadata, with numbers of every type that files use.</summary>
public class GgufTokenizerTests
{
    [Fact]
    public void A_gpt2_vocabulary_reads_special_tokens_written_in_a_text()
    {
        Dictionary<string, object> metadata = Gpt2("smollm", ["1 2", "Ġ 1"]);
        Tokenizer tokenizer = GgufTokenizer.FromMetadata(metadata, "m.gguf");
        Assert.Equal("1(0-1) 2(1-2) Ġ(2-3) 1(3-4) <end>(4-9) <user>(9-15) 1(15-16)", SmallTokenizers.Show(tokenizer, "12 1<end><user>1"));
        Assert.Equal("12 1<end>", tokenizer.Decode(tokenizer.Encode("12 1<end>").Ids));
        Assert.Equal("12 1", tokenizer.Decode(tokenizer.Encode("12 1<end>").Ids, skipSpecialTokens: true));
        Assert.Equal((256, null), (tokenizer.BosId, tokenizer.UnknownId));
        Assert.False(tokenizer.AddsBos);
        Assert.False(tokenizer.IsSpecial(257));
        metadata["tokenizer.ggml.add_bos_token"] = true;
        Assert.Equal(256, GgufTokenizer.FromMetadata(metadata, "m.gguf").Encode("1").Ids[0]);
    }

    [Theory]
    [InlineData("default")]
    [InlineData("gpt-2")]
    [InlineData("llama-bpe")]
    [InlineData("qwen2")]
    [InlineData("qwen35")]
    [InlineData("dbrx")]
    [InlineData("falcon")]
    [InlineData("starcoder")]
    [InlineData("deepseek-llm")]
    [InlineData("deepseek-coder")]
    [InlineData("deepseek-v3")]
    [InlineData("bloom")]
    [InlineData("viking")]
    [InlineData("tekken")]
    [InlineData("gpt-4o")]
    [InlineData("tiny_aya")]
    [InlineData("chameleon")]
    [InlineData("superbpe")]
    [InlineData("bailingmoe")]
    [InlineData("seed-coder")]
    [InlineData("exaone-moe")]
    [InlineData("afmoe")]
    [InlineData("kimi-k2")]
    [InlineData("jais-2")]
    public void Every_known_splitting_keeps_the_text(string name)
    {
        Tokenizer tokenizer = GgufTokenizer.FromMetadata(Gpt2(name, []), "m.gguf");
        string text = "It's 12345 Größe—日本語かな!! (x1)\r\n\n  \t DON'T été 한국어 𝔘😀  ";
        Assert.Equal(text, tokenizer.Decode(tokenizer.Encode(text, addSpecialTokens: false).Ids));
    }

    [Fact]
    public void Llama_3_adds_bos_and_takes_whole_words()
    {
        var metadata = Gpt2("llama-bpe", []);
        var tokens = (string[])metadata["tokenizer.ggml.tokens"];
        tokens[257] = "word";
        ((int[])metadata["tokenizer.ggml.token_type"])[257] = 1;
        Tokenizer tokenizer = GgufTokenizer.FromMetadata(metadata, "m.gguf");
        Assert.Equal("<end>(0-0) word(0-4)", SmallTokenizers.Show(tokenizer, "word"));
    }

    [Fact]
    public void A_llama_vocabulary_puts_a_space_before_each_part()
    {
        var metadata = Llama();
        Tokenizer tokenizer = GgufTokenizer.FromMetadata(metadata, "m.gguf");
        Assert.Equal("<s>(0-0) ▁ab(0-2) <u>(2-5) ▁ab(5-7) <0x21>(7-8)", SmallTokenizers.Show(tokenizer, "ab<u>ab!"));
        Assert.Equal("sentencepiece-bpe", tokenizer.Kind);
        metadata["tokenizer.ggml.add_space_prefix"] = (byte)0;
        metadata["tokenizer.ggml.add_eos_token"] = true;
        metadata["tokenizer.ggml.add_bos_token"] = false;
        Assert.Equal("ab(0-2) </s>(0-0)", SmallTokenizers.Show(GgufTokenizer.FromMetadata(metadata, "m.gguf"), "ab"));
    }

    /// <summary>llama.cpp looks for the longest special token first, even where a shorter one begins further left.</summary>
    [Fact]
    public void The_longest_special_token_comes_first()
    {
        Dictionary<string, object> metadata = Gpt2("gpt-2", []);
        var tokens = (string[])metadata["tokenizer.ggml.tokens"];
        (tokens[256], tokens[257]) = ("ab", "bcd");
        Assert.Equal("a(0-1) bcd(1-4) ab(4-6)", SmallTokenizers.Show(GgufTokenizer.FromMetadata(metadata, "m.gguf"), "abcdab"));
    }

    [Fact]
    public void A_t5_vocabulary_ends_a_text()
    {
        var metadata = new Dictionary<string, object>
        {
            ["tokenizer.ggml.model"] = "t5",
            ["tokenizer.ggml.tokens"] = new object[] { "<pad>", "</s>", "<unk>", "▁a", "b", "▁ab" },
            ["tokenizer.ggml.scores"] = new double[] { 0, 0, 0, -1, -1, -3 },
            ["tokenizer.ggml.token_type"] = new uint[] { 3, 3, 2, 1, 1, 1 },
        };
        Tokenizer tokenizer = GgufTokenizer.FromMetadata(metadata, "m.gguf");
        Assert.Equal("▁a(0-1) b(1-2) <unk>(2-4) </s>(0-0)", SmallTokenizers.Show(tokenizer, "ab x"));
    }

    [Theory]
    [InlineData("tokenizer.ggml.model", "rwkv", "gpt2, llama, t5")]
    [InlineData("tokenizer.ggml.pre", "klingon", "smollm")]
    [InlineData("tokenizer.ggml.tokens", 3, "array of strings")]
    [InlineData("tokenizer.ggml.token_type", "x", "numbers")]
    [InlineData("tokenizer.ggml.merges", new[] { "a b c" }, "one space")]
    [InlineData("tokenizer.ggml.merges", new[] { "a zz" }, "zz")]
    [InlineData("tokenizer.ggml.add_bos_token", 7, "true or false")]
    [InlineData("tokenizer.ggml.bos_token_id", "x", "an id")]
    public void What_cannot_be_used_is_named(string key, object value, string named)
    {
        Dictionary<string, object> metadata = Gpt2("gpt-2", []);
        metadata[key] = value;
        var refusal = Assert.Throws<InputRefusedException>(() => GgufTokenizer.FromMetadata(metadata, "m.gguf"));
        Assert.StartsWith("KH2", refusal.Code, StringComparison.Ordinal);
        Assert.Contains("m.gguf", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(key, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_without_a_vocabulary_is_refused() =>
        Assert.Equal("KH2003", Assert.Throws<InputRefusedException>(() => GgufTokenizer.FromMetadata(new Dictionary<string, object>(), "m.gguf")).Code);

    private static Dictionary<string, object> Gpt2(string pre, string[] merges)
    {
        var tokens = new List<string>();
        int next = 256;
        for (int value = 0; value < 256; value++)
        {
            bool printable = value is (>= 33 and <= 126) or (>= 161 and <= 172) or (>= 174 and <= 255);
            tokens.Add(((char)(printable ? value : next++)).ToString());
        }

        tokens.AddRange(["<end>", "<user>"]);
        tokens.AddRange(merges.Select(merge => merge.Replace(" ", "", StringComparison.Ordinal)));
        int[] types = [.. Enumerable.Repeat(1, 256), 3, 4, .. Enumerable.Repeat(1, merges.Length)];
        return new Dictionary<string, object>
        {
            ["tokenizer.ggml.model"] = "gpt2",
            ["tokenizer.ggml.pre"] = pre,
            ["tokenizer.ggml.tokens"] = tokens.ToArray(),
            ["tokenizer.ggml.token_type"] = types,
            ["tokenizer.ggml.merges"] = merges,
            ["tokenizer.ggml.bos_token_id"] = 256u,
            ["tokenizer.ggml.eos_token_id"] = 256L,
        };
    }

    private static Dictionary<string, object> Llama()
    {
        string[] tokens = ["<unk>", "<s>", "</s>", .. Enumerable.Range(0, 256).Select(value => $"<0x{value:X2}>"), "a", "b", "▁", "ab", "▁ab", "<u>"];
        float[] scores = new float[tokens.Length];
        scores[^3] = -1;
        scores[^2] = -2;
        int[] types = [2, 3, 3, .. Enumerable.Repeat(6, 256), 1, 1, 1, 1, 1, 4];
        return new Dictionary<string, object>
        {
            ["tokenizer.ggml.model"] = "llama",
            ["tokenizer.ggml.tokens"] = tokens,
            ["tokenizer.ggml.scores"] = scores,
            ["tokenizer.ggml.token_type"] = types,
        };
    }
}
