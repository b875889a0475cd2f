using System.Globalization;
using System.Text.Json;
using Keyhole.Engine.Models;
using Keyhole.Mining;
using Keyhole.Planning;

namespace Keyhole.Cli.Planning;

/// <summary>An estimate for people and for programs.</summary>
/// <param name="estimate">The estimate.</param>
/// <param name="spec">The model.</param>
/// <param name="rate">Floating-point operations a second of matrix products.</param>
/// <param name="measured">Whether the rate was measured here, just now.</param>
/// <param name="mining">What is to be mined, and how.</param>
internal sealed class PlanReport(RunEstimate estimate, ModelSpec spec, double rate, bool measured, MiningOptions mining)
{
    /// <summary>Version of the result as JSON (docs/formats/results.md).</summary>
    public const int SchemaVersion = 1;

    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    /// <summary>Names and values, one line each.</summary>
    public IEnumerable<(string Name, string Value)> Fields()
    {
        CorpusEstimate corpus = estimate.Corpus;
        string about = corpus.IsCounted ? "" : "about ";
        MemoryPlan memory = estimate.Memory;
        bool sharded = estimate.Shards > 1;
        string beside = mining.Nulls.Count > 0 ? "with its nulls " : "";
        yield return ("corpus", corpus.IsCounted
            ? $"{SizeText.Of(corpus.Bytes)}, read as a whole"
            : string.Create(Culture, $"{SizeText.Of(corpus.Bytes)}, estimated from {SizeText.Of(corpus.SampledBytes)} spread evenly over it ({(double)corpus.SampledBytes / corpus.Bytes:0.0%})"));
        yield return ("units", string.Create(Culture, $"{about}{corpus.Units:N0} ({corpus.Tokens / corpus.Units:F1} tokens each, the longest seen {corpus.Longest:N0})"));
        yield return ("tokens", string.Create(Culture, $"{about}{corpus.Tokens:N0}"));
        yield return ("memories", string.Create(Culture, $"{spec.Blocks.Sum(block => (long)block.FeedForward.MemoryCount):N0} in {spec.LayerCount} layers"));
        yield return ("operations", string.Create(Culture, $"{estimate.Operations:0.00e0} ({estimate.Operations / corpus.Tokens / 1e9:0.00} Gflop a token{(mining.Nulls.Count > 0 ? string.Create(Culture, $", {estimate.NullOperations / estimate.Operations:0%} of it for nulls") : "")})"));
        yield return ("rate", string.Create(Culture, $"{rate / 1e9:N0} Gflop/s of matrix products with {mining.Threads} threads, {(measured ? "measured here just now" : "as given")}; mining is taken to run at {RunEstimate.Efficiency:0.0} of it"));
        yield return ("in one run", string.Create(Culture, $"{(mining.UntilStable is null ? "" : "at most ")}{Time(corpus.ReadSeconds + estimate.MineSeconds)}: reading and tokenizing {Time(corpus.ReadSeconds)}, mining {Time(estimate.MineSeconds)}"));
        if (sharded)
        {
            yield return ("in shards", string.Create(Culture, $"{estimate.Shards} of {Time(estimate.ShardSeconds)}: reading and tokenizing the whole corpus {Time(corpus.ReadSeconds)}, mining {Time(estimate.MineSeconds / estimate.Shards)}"));
        }

        yield return ("memory", string.Create(Culture, $"{SizeText.Of(memory.Total)} {(sharded ? "a shard: " : "in all: ")}{(memory.KeepsLayers ? "packed weights of all layers" : "packed weights of two layers at a time")} {SizeText.Of(memory.Weights)}, lists and statistics {SizeText.Of(memory.Totals)}{(memory.Nulls > 0 ? $", random directions and rotations {SizeText.Of(memory.Nulls)}" : "")}; pages of the weights' files come on top where there is room"));
        yield return ("disk", sharded
            ? string.Create(Culture, $"{SizeText.Of((long)estimate.ShardBytes)} a shard, {SizeText.Of((long)(estimate.ShardBytes * estimate.Shards))} all; while a shard is mined {SizeText.Of((long)estimate.RunFolderBytes)} more; merged study {beside}{SizeText.Of((long)estimate.StudyBytes)}")
            : string.Create(Culture, $"study {beside}{SizeText.Of((long)estimate.StudyBytes)}; while it is mined {SizeText.Of((long)estimate.RunFolderBytes)} more"));
    }

    /// <summary>The estimate as properties of a JSON document.</summary>
    public void WriteProperties(Utf8JsonWriter json)
    {
        CorpusEstimate corpus = estimate.Corpus;
        json.WriteBoolean("counted", corpus.IsCounted);
        json.WriteNumber("bytes", corpus.Bytes);
        json.WriteNumber("sampledBytes", corpus.SampledBytes);
        json.WriteNumber("units", Math.Round(corpus.Units));
        json.WriteNumber("tokens", Math.Round(corpus.Tokens));
        json.WriteNumber("longestSeen", corpus.Longest);
        json.WriteNumber("floatingPointOperations", estimate.Operations);
        json.WriteNumber("threads", mining.Threads);
        json.WriteNumber("gemm", rate);
        json.WriteNumber("efficiency", RunEstimate.Efficiency);
        json.WriteNumber("readSeconds", Math.Round(corpus.ReadSeconds, 1));
        json.WriteNumber("mineSeconds", Math.Round(estimate.MineSeconds, 1));
        json.WriteNumber("shards", estimate.Shards);
        json.WriteNumber("shardSeconds", Math.Round(estimate.ShardSeconds, 1));
        json.WriteNumber("memoryBytes", estimate.Memory.Total);
        json.WriteBoolean("keepsLayers", estimate.Memory.KeepsLayers);
        json.WriteNumber("shardBytes", Math.Round(estimate.ShardBytes));
        json.WriteNumber("runFolderBytes", Math.Round(estimate.RunFolderBytes));
        json.WriteNumber("studyBytes", Math.Round(estimate.StudyBytes));
    }

    private static string Time(double seconds) => seconds < TimeSpan.MaxValue.TotalSeconds ? TimeText.Short(TimeSpan.FromSeconds(seconds)) : "for ever";
}
