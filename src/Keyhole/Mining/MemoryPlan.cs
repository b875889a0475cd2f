using System.Globalization;
using Keyhole.Engine;
using Keyhole.Engine.Models;
using Keyhole.Mining.Nulls;

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

    /// <summary>Lists, sums and histograms of all mined layers, of the memories and of each null.</summary>
    public required long Totals { get; init; }

    /// <summary>Scratch and partial results of all workers.</summary>
    public required long Workers { get; init; }

    /// <summary>Packed weights.</summary>
    public required long Weights { get; init; }

    /// <summary>Random directions and rotations of the nulls; 0 where none is mined.</summary>
    public required long Nulls { get; init; }

    /// <summary>Residual stream of a chunk.</summary>
    public required long Residual { get; init; }

    /// <summary>Whether the packed weights of all layers are kept.</summary>
    public required bool KeepsLayers { get; init; }

    /// <summary>Tokens of a chunk.</summary>
    public required int ChunkTokens { get; init; }

    /// <summary>All parts together.</summary>
    public long Total => Base + Totals + Workers + Weights + Nulls + Residual;

    /// <summary>Plans a run.</summary>
    /// <param name="spec">The model.</param>
    /// <param name="layers">Layers to mine.</param>
    /// <param name="rules">What is kept of each memory.</param>
    /// <param name="threads">Worker threads.</param>
    /// <param name="vocabularySize">Tokens of the tokenizer.</param>
    /// <param name="longestText">Tokens of the longest text.</param>
    /// <param name="budget">Bytes to keep to, or null.</param>
    /// <param name="chunkTokens">Tokens of a chunk, or null.</param>
    /// <param name="nulls">Nulls that are mined with the memories.</param>
    /// <exception cref="InputRefusedException">The budget is too small even for one layer at a time.</exception>
    public static MemoryPlan Make(ModelSpec spec, IReadOnlyCollection<int> layers, MiningRules rules, int threads, int vocabularySize, int longestText, long? budget, int? chunkTokens, IReadOnlyCollection<NullKind>? nulls = null)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(layers);
        ArgumentNullException.ThrowIfNull(rules);
        int last = layers.Max();
        long residualRow = 4L * spec.Width;
        FeedForwardSpec[] mined = [.. layers.Select(layer => spec.Blocks[layer].FeedForward)];
        NullKind[] kinds = [.. nulls ?? []];
        long Accumulator(FeedForwardSpec layer, bool gated) => LayerAccumulator.Bytes(MemoryColumns.Of(layer), gated, rules);
        long Accumulators(FeedForwardSpec layer) => Accumulator(layer, layer.IsGated) + kinds.Sum(kind => Accumulator(layer, MinedNull.HasGates(kind, layer)));
        long baseBytes = Runtime + (BytesPerToken * vocabularySize);
        long totals = mined.Sum(Accumulators);
        long workers = threads * (mined.Max(Accumulators) + kinds.Sum(kind => mined.Max(layer => MinedNull.WorkerBytes(kind, layer))) + ForwardPass.WorkerBytes(spec, longestText));
        long[] packed = [.. Enumerable.Range(0, last + 1).Select(layer => ForwardPass.PackedBytes(spec, layer))];
        long two = Enumerable.Range(0, packed.Length).Max(layer => packed[layer] + (layer + 1 < packed.Length ? packed[layer + 1] : 0));
        long rotations = kinds.Contains(NullKind.Rotations) ? mined.Select(layer => layer.MemoryCount).Distinct().Sum(HaarRotation.Bytes) : 0;
        long[] directions = kinds.Contains(NullKind.Directions) ? [.. mined.Select(layer => DirectionBank.Bytes(layer, spec.Width))] : [0];
        int leastChunk = Math.Max(chunkTokens ?? LeastChunk, longestText);
        long least = baseBytes + totals + workers + two + rotations + directions.Max() + (leastChunk * residualRow);
        long limit = budget ?? Math.Max(DefaultBudget, least);
        if (limit < least)
        {
            throw new InputRefusedException("KH5002", string.Create(CultureInfo.InvariantCulture, $"--memory {limit >> 20}MiB is too little for this model: mining it a layer at a time takes {(least + (1 << 20)) >> 20}MiB. Give at least that, or mine fewer layers (--layers){(kinds.Length > 0 ? " or no null" : string.Empty)}."));
        }

        bool keeps = baseBytes + totals + workers + packed.Sum() + rotations + directions.Sum() + (leastChunk * residualRow) <= limit;
        long weights = keeps ? packed.Sum() : two;
        long nullBytes = rotations + (keeps ? directions.Sum() : directions.Max());
        long room = (limit - baseBytes - totals - workers - weights - nullBytes) / residualRow;
        int chunk = chunkTokens ?? (int)Math.Clamp(room, leastChunk, Math.Max(MostChunk, leastChunk));
        return new MemoryPlan
        {
            Budget = limit,
            Base = baseBytes,
            Totals = totals,
            Workers = workers,
            Weights = weights,
            Nulls = nullBytes,
            Residual = Math.Max(chunk, leastChunk) * residualRow,
            KeepsLayers = keeps,
            ChunkTokens = chunk,
        };
    }
}
