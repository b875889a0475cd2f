using Keyhole.Engine.Tokens;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Engine.Tests.Tokens;

/// <summary>The reference tokenizers that the repository carries (Golden/tokenizers/README.md says who made them).</summary>
public class GoldenTests
{
    [Theory]
    [InlineData("wordpiece")]
    [InlineData("wordlevel")]
    [InlineData("unigram")]
    [InlineData("sentencepiece-bpe")]
    [InlineData("sentencepiece-unigram")]
    public void A_reference_tokenizer_gives_its_golden_lines(string name)
    {
        using var folder = new TemporaryFolder();
        GoldenFiles.Unpack(name, folder);
        GoldenLine.Check(TokenizerLoader.Load(folder.Path), GoldenLine.Read(Path.Combine(folder.Path, "golden.json")));
    }

    [Fact]
    public void The_bundled_model_gives_its_golden_lines()
    {
        string model = Path.Combine(SharedData.Repository, "models", "mini");
        Assert.SkipUnless(File.Exists(Path.Combine(model, "tokenizer.json")), "The repository has no models/mini yet; the test needs its tokenizer.");
        using var folder = new TemporaryFolder();
        GoldenFiles.Unpack("mini", folder);
        Tokenizer tokenizer = TokenizerLoader.Load(model);
        GoldenLine.Check(tokenizer, GoldenLine.Read(Path.Combine(folder.Path, "golden.json")));
        Assert.True(tokenizer.AddsBos);
    }
}
