using System.Globalization;
using Keyhole.Engine;
using Keyhole.Engine.Models;

namespace Keyhole.Mining;

/// <summary>What a run will keep in memory, decided before it starts. Pages of the mapped weights come on top: the system takes them back when it needs them.</summary>
public sealed record MemoryPlan
{
    /// <summary>Tokens that no chunk needs to be smaller than: with fewer, layers are packed more than run.</summary>
    internal const int LeastChunk = 2048;

    private const long DefaultBudget = 1L << 30;
    private const long Runtime = 130L << 20;         // the .NET runtime, compiled code, SQLite, buffers of the corpus
    private const long BytesPerToken = 550;          // of a vocabulary: strings, maps, merges (measured on 49,152 and 128,256 tokens)
    private const int MostChunk = 32768;

    /// <summary>Bytes that the run keeps to.</summary>
    public required long Budget { get; init; }

    /// <summary>Runtime and tokenizer.</summary>
    public required long Base { get; init; }

    /// <summary>Lists, sums and histograms of all mined layers.</summary>
    public required long Totals { get; init; }

    /// <summary>Scratch and partial results of all workers.</summary>
    public required long Workers { get; init; }

    /// <summary>Packed weights.</summary>
    public required long Weights { get; init; }

    /// <summary>Residual stream of a chunk.</summary>
    public required long Residual { get; init; }

    /// <summary>Whether the packed weights of all layers are kept.</summary>
    public required bool KeepsLayers { get; init; }

    /// <summary>Tokens of a chunk.</summary>
    public required int ChunkTokens { get; init; }

    /// <summary>All parts together.</summary>
    public long Total => Base + Totals + Workers + Weights + Residual;

    /// <summary>Plans a run.</summary>
    /// <param name="spec">The model.</param>
    /// <param name="layers">Layers to mine.</param>
    /// <param name="rules">What is kept of each memory.</param>
    /// <param name="threads">Worker threads.</param>
    /// <param name="vocabularySize">Tokens of the tokenizer.</param>
    /// <param name="longestText">Tokens of the longest text.</param>
    /// <param name="budget">Bytes to keep to, or null.</param>
    /// <param name="chunkTokens">Tokens of a chunk, or null.</param>
    /// <exception cref="InputRefusedException">The budget is too small even for one layer at a time.</exception>
    public static MemoryPlan Make(ModelSpec spec, IReadOnlyCollection<int> layers, MiningRules rules, int threads, int vocabularySize, int longestText, long? budget, int? chunkTokens)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(layers);
        ArgumentNullException.ThrowIfNull(rules);
        int last = layers.Max();
        long residualRow = 4L * spec.Width;
        long Accumulator(int layer) => LayerAccumulator.Bytes(MemoryColumns.Of(spec.Blocks[layer].FeedForward), spec.Blocks[layer].FeedForward.IsGated, rules);
        long baseBytes = Runtime + (BytesPerToken * vocabularySize);
        long totals = layers.Sum(Accumulator);
        long workers = threads * (layers.Max(Accumulator) + ForwardPass.WorkerBytes(spec, longestText));
        long[] packed = [.. Enumerable.Range(0, last + 1).Select(layer => ForwardPass.PackedBytes(spec, layer))];
        long two = Enumerable.Range(0, packed.Length).Max(layer => packed[layer] + (layer + 1 < packed.Length ? packed[layer + 1] : 0));
        int leastChunk = Math.Max(chunkTokens ?? LeastChunk, longestText);
        long least = baseBytes + totals + workers + two + (leastChunk * residualRow);
        long limit = budget ?? Math.Max(DefaultBudget, least);
        if (limit < least)
        {
            throw new InputRefusedException("KH5002", string.Create(CultureInfo.InvariantCulture, $"--memory {limit >> 20}MiB is too little for this model: mining it a layer at a time takes {(least + (1 << 20)) >> 20}MiB. Give at least that, or mine fewer layers (--layers)."));
        }

        bool keeps = baseBytes + totals + workers + packed.Sum() + (leastChunk * residualRow) <= limit;
        long weights = keeps ? packed.Sum() : two;
        long room = (limit - baseBytes - totals - workers - weights) / residualRow;
        int chunk = chunkTokens ?? (int)Math.Clamp(room, leastChunk, Math.Max(MostChunk, leastChunk));
        return new MemoryPlan
        {
            Budget = limit,
            Base = baseBytes,
            Totals = totals,
            Workers = workers,
            Weights = weights,
            Residual = Math.Max(chunk, leastChunk) * residualRow,
            KeepsLayers = keeps,
            ChunkTokens = chunk,
        };
    }
}
