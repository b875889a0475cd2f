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
}
