using Keyhole.Engine.Tokens;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Engine.Tests.Tokens;

/// <summary>Every line of the reference data's golden files (tokenizers 0.23.3, sentencepiece 0.2, llama.cpp).</summary>
public class SharedGoldenTests
{
    [Theory]
    [InlineData("gpt2")]
    [InlineData("llama2")]
    [InlineData("llama3")]
    [InlineData("mini")]
    [InlineData("unigram")]
    [InlineData("wordpiece")]
    [InlineData("wordlevel")]
    [InlineData("sentencepiece-bpe")]
    [InlineData("sentencepiece-unigram")]
    public void A_tokenizer_folder_gives_the_golden_lines(string name)
    {
        string folder = SharedData.Require("conformance", "tokenizers", name);
        GoldenLine.Check(TokenizerLoader.Load(folder), GoldenLine.Read(Path.Combine(folder, "golden.json")));
    }

    [Fact]
    public void A_sentencepiece_vocabulary_in_gguf_gives_the_golden_lines()
    {
        string folder = SharedData.Require("conformance", "tokenizers", "sentencepiece-gguf");
        GoldenLine.Check(TokenizerLoader.Load(Path.Combine(folder, "vocabulary.gguf")), GoldenLine.Read(Path.Combine(folder, "golden.json")));
    }

    [Fact]
    public void The_vocabulary_of_smollm2_in_gguf_gives_the_golden_lines()
    {
        string golden = SharedData.Require("conformance", "tokenizers", "smollm2-gguf", "golden.json");
        GoldenLine.Check(TokenizerLoader.Load(SharedData.Require("models", "smollm2-135m-instruct.Q4_1.gguf")), GoldenLine.Read(golden));
    }

    [Fact]
    public void Every_vocabulary_of_the_small_gguf_models_is_read()
    {
        string folder = SharedData.Require("conformance", "gguf");
        string[] files = Directory.GetFiles(folder, "*.gguf");
        Assert.NotEmpty(files);
        foreach (string file in files)
        {
            Tokenizer tokenizer = TokenizerLoader.Load(file);
            Assert.Equal("Hello, world", tokenizer.Decode(tokenizer.Encode("Hello, world", addSpecialTokens: false).Ids));
        }
    }
}
