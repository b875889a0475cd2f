using Keyhole.Engine.Models;
using Keyhole.Mining;

namespace Keyhole.Planning;

/// <summary>What mining a corpus will take: time, memory and disk, in one run or in shards.</summary>
public sealed record RunEstimate
{
    /// <summary>Share of the rate of matrix products at which mining is taken to run; <c>keyhole bench</c> measures it.</summary>
    public const double Efficiency = 0.8;

    /// <summary>The corpus.</summary>
    public required CorpusEstimate Corpus { get; init; }

    /// <summary>How many shards it is dealt out to.</summary>
    public required int Shards { get; init; }

    /// <summary>2 x multiply-adds of mining the corpus, those of nulls among them.</summary>
    public double Operations => Corpus.Operations + NullOperations;

    /// <summary>Those of nulls alone.</summary>
    public required double NullOperations { get; init; }

    /// <summary>Seconds of mining everything in one run, without reading.</summary>
    public required double MineSeconds { get; init; }

    /// <summary>Seconds of a shard: reading and tokenising the whole corpus, and mining a part.</summary>
    public double ShardSeconds => Corpus.ReadSeconds + (MineSeconds / Shards);

    /// <summary>Memory of a run or a shard.</summary>
    public required MemoryPlan Memory { get; init; }

    /// <summary>Bytes of a shard's study, and of its nulls' beside it; of the study where there is one shard.</summary>
    public required double ShardBytes { get; init; }

    /// <summary>Bytes of the folder in which a shard keeps its tokens, its units and its checkpoint until it is done.</summary>
    public required double RunFolderBytes { get; init; }

    /// <summary>Bytes of the merged study, and of its nulls.</summary>
    public required double StudyBytes { get; init; }

    /// <summary>Estimates.</summary>
    /// <param name="options">What is to be mined, and how.</param>
    /// <param name="spec">The model.</param>
    /// <param name="vocabularySize">Tokens of its tokenizer.</param>
    /// <param name="corpus">The corpus.</param>
    /// <param name="rate">Floating-point operations a second of matrix products on the machine of a shard.</param>
    /// <param name="shards">How many shards; null for so many that each takes <paramref name="shardSeconds"/>.</param>
    /// <param name="shardSeconds">Seconds that a shard should take.</param>
    /// <exception cref="Engine.InputRefusedException">KH5002: the memory is too little; KH5007: there are no such layers.</exception>
    public static RunEstimate Make(MiningOptions options, ModelSpec spec, int vocabularySize, CorpusEstimate corpus, double rate, int? shards, double shardSeconds)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(corpus);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rate);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(shardSeconds);
        int[] layers = MinedLayers.Of(options, spec);
        double nulls = corpus.Tokens * options.Nulls.Sum(kind => OperationCount.OfNull(kind, spec, layers));
        double mine = (corpus.Operations + nulls + (corpus.Tokens * ScanCost.Of(options, spec, layers))) / (Efficiency * rate);
        int count = shards ?? (int)Math.Clamp(Math.Ceiling(mine / Math.Max(shardSeconds - corpus.ReadSeconds, shardSeconds / 10)), 1, CorpusShard.MostShards);
        MemoryPlan memory = MemoryPlan.Make(spec, layers, options.Rules, options.Threads, vocabularySize, corpus.Longest, options.Memory, options.ChunkTokens, options.Nulls);
        double Study(double units, double packed) => StudySize.Of(spec, layers, options.Rules, vocabularySize, units, corpus.Units, packed)
            + options.Nulls.Sum(kind => StudySize.OfNull(kind, spec, layers, options.Rules, vocabularySize, units, corpus.Units, packed));
        return new RunEstimate
        {
            Corpus = corpus,
            Shards = count,
            NullOperations = nulls,
            MineSeconds = mine,
            Memory = memory,
            ShardBytes = Study(corpus.Units / count, corpus.PackedBytes / count),
            RunFolderBytes = (sizeof(int) * (corpus.Tokens + (2 * corpus.Units)) / count) + (corpus.PackedBytes / count) + (2 * memory.Totals), // the checkpoint, and the one before it
            StudyBytes = Study(corpus.Units, corpus.PackedBytes),
        };
    }
}
