using System.Text.Json;
using Keyhole.Corpora;
using Keyhole.Mining;
using Keyhole.Perplexity;
using Keyhole.Tests.Mining;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Tests.Perplexity;

public sealed class PerplexityGoldenTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>SmolLM2-135M against the log-probabilities of transformers 5.23.0 in float64 (shared/conformance/smollm2).</summary>
    [Fact]
    public void SmolLM2_gives_the_log_probabilities_of_transformers()
    {
        string model = SharedData.Require("models", "smollm2-135m-instruct.Q4_1.gguf");
        string[] texts = JsonSerializer.Deserialize<string[]>(File.ReadAllText(SharedData.Require("conformance", "smollm2", "texts.json")))!;
        string corpus = _folder.File("texts.jsonl");
        File.WriteAllLines(corpus, texts.Select(text => JsonSerializer.Serialize(new { text })));
        PerplexityResult result = Measure(new PerplexityOptions { Model = model, Corpus = [corpus], Threads = 2, Bos = BosPolicy.Never });
        Assert.Equal(texts.Length, result.Perplexities.Count);
        double total = 0;
        for (int i = 0; i < texts.Length; i++)
        {
            using var golden = new Golden(SharedData.Require("conformance", "smollm2", $"golden-{i}.safetensors"));
            float[] next = golden.Floats("next_logprob");
            double nats = -next.Sum(value => (double)value);
            Assert.Equal(nats / next.Length, Math.Log(result.Perplexities[i]), 2e-4 * nats / next.Length);
            total += nats;
        }

        Assert.Equal(total, result.Nats, 2e-4 * total);
    }

    /// <summary>
    /// The mini model's README gives a validation loss of 3.916 nats a token on contexts of 256 tokens of its validation text. What is here are the sentences of that
    /// text, cut from it and filtered, in windows with BOS: close, not equal.
    /// </summary>
    [Fact]
    public void The_mini_model_is_near_its_validation_loss()
    {
        const int Lines = 1500;
        string corpus = _folder.File("valid.txt");
        File.WriteAllLines(corpus, File.ReadLines(SharedData.Require("models", "mini", "valid.sentences.txt")).Take(Lines));
        var options = new PerplexityOptions { Model = Path.Combine(SharedData.Repository, "models", "mini"), Corpus = [corpus], Threads = 2 };
        PerplexityResult result = Measure(options);
        Assert.Equal((256, 255), (result.Window, result.Stride));
        Assert.Equal(new FileInfo(corpus).Length - 1, result.Bytes);   // the last line end is no part of the text
        Assert.InRange(Math.Log(result.Perplexity), 3.6, 4.3);

        // A sentence alone has less before it, and is harder to predict.
        PerplexityResult alone = Measure(options with { Unit = UnitKind.Line });
        Assert.Equal(Lines, alone.Perplexities.Count);
        Assert.True(alone.Perplexity > result.Perplexity);
    }

    private static PerplexityResult Measure(PerplexityOptions options)
    {
        using var meter = new PerplexityMeter(options);
        return meter.Run(cancellation: TestContext.Current.CancellationToken);
    }
}
