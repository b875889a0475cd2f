using System.Text.Json;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Cli.Tests;

public sealed class BenchTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Products_are_measured_alone()
    {
        JsonElement measured = Json("bench", "--seconds", "0.1", "--threads", "2", "--json");
        Assert.Equal(2, measured.GetProperty("threads").GetInt32());
        Assert.All((string[])["gemmSingleThread", "gemm"], name => Assert.True(measured.GetProperty(name).GetDouble() > 1e8));
    }

    [Fact]
    public void Mining_is_a_share_of_products_measured_in_between()
    {
        const int Width = 256;
        const int Memories = 1024;
        const int Layers = 10;
        string corpus = _folder.File("corpus.txt");
        File.WriteAllText(corpus, "The cat sat on the mat.\n");
        JsonElement measured = Json("bench", "models/mini", corpus, "--unit", "line", "--threads", "1", "--json");
        long tokens = measured.GetProperty("tokens").GetInt64();
        double maps = (Layers * ((4.0 * Width * Width) + (2.0 * Width * Memories))) - (Width * Memories);   // the last layer's values are not needed
        double attention = Layers * tokens * (tokens + 1.0) * Width;                                        // scores and sums over the positions before and at each
        double operations = measured.GetProperty("floatingPointOperations").GetDouble();
        Assert.Equal(2 * ((maps * tokens) + attention), operations);
        Assert.Equal(operations / measured.GetProperty("mineSeconds").GetDouble() / measured.GetProperty("gemm").GetDouble(), measured.GetProperty("mineShareOfGemm").GetDouble(), 1e-9);
        Assert.InRange(measured.GetProperty("allAfterLoadingShareOfGemm").GetDouble(), 0, measured.GetProperty("mineShareOfGemm").GetDouble());
        Assert.InRange(measured.GetProperty("peakBytes").GetInt64(), 1, long.MaxValue);
    }

    [Theory]
    [InlineData("models/mini", "a model needs a corpus")]
    [InlineData("--values", "needs a model")]
    [InlineData("--paper-shape models/mini", "makes its own")]
    [InlineData("--prefixes 5", "needs a model and a corpus")]
    [InlineData("--claims 2", "needs a model and a corpus")]
    [InlineData("--large-shape 33", "up to 32 layers")]
    [InlineData("--large-shape 1 models/mini corpora/mini.train-sample.txt", "makes its own model")]
    [InlineData("--threads 0", "--threads")]
    public void What_cannot_be_measured_is_refused(string words, string sentence)
    {
        CommandResult result = KeyholeProcess.Run(["bench", .. words.Split(' ')]);
        Assert.Equal(2, result.ExitStatus);
        Assert.Contains(sentence, result.Error, StringComparison.Ordinal);
    }

    private static JsonElement Json(params string[] words)
    {
        CommandResult result = KeyholeProcess.Run(words);
        Assert.Equal((0, string.Empty), (result.ExitStatus, result.ExitStatus == 0 ? string.Empty : result.Error));
        return JsonDocument.Parse(result.Output).RootElement;
    }
}
