using Keyhole.Corpora;
using Keyhole.Memories;
using Keyhole.Mining.Nulls;

namespace Keyhole.Mining;

/// <summary>What to mine, and how.</summary>
public sealed record MiningOptions
{
    /// <summary>Model folder or GGUF file.</summary>
    public required string Model { get; init; }

    /// <summary>Files, folders or patterns of the corpus; <c>-</c> is standard input.</summary>
    public required IReadOnlyList<string> Corpus { get; init; }

    /// <summary>Path of the study to write.</summary>
    public required string Output { get; init; }

    /// <summary>Whether an existing study at <see cref="Output"/> is replaced.</summary>
    public bool Overwrite { get; init; }

    /// <summary>How the corpus is cut into units.</summary>
    public UnitKind Unit { get; init; } = UnitKind.Sentence;

    /// <summary>Field of JSONL and CSV records that holds the text.</summary>
    public string TextField { get; init; } = "text";

    /// <summary>Take the first units only.</summary>
    public long? Limit { get; init; }

    /// <summary>Take so many units at random.</summary>
    public int? Sample { get; init; }

    /// <summary>Seed of <see cref="Sample"/> and of the histograms' sample.</summary>
    public ulong Seed { get; init; }

    /// <summary>Layers to mine; null for all.</summary>
    public IReadOnlyList<int>? Layers { get; init; }

    /// <summary>Memories to keep; null for all of the layers.</summary>
    public IReadOnlySet<NeuronId>? Neurons { get; init; }

    /// <summary>The part of the corpus to mine.</summary>
    public CorpusShard Shard { get; init; } = CorpusShard.Whole;

    /// <summary>
    /// Ends the run before the corpus does once the lists of less than this share of memories changed in 32,768 tokens (0.01: one in a hundred); null goes on to the end.
    /// </summary>
    public double? UntilStable { get; init; }

    /// <summary>How often the run writes what it could go on from, in the folder <c>STUDY.run</c> beside the study.</summary>
    public CheckpointInterval Checkpoints { get; init; }

    /// <summary>Go on from the checkpoint of a run that was stopped, where there is one; do nothing where the study is finished.</summary>
    public bool Resume { get; init; }

    /// <summary>Nulls that are mined in the same pass, each into a study of its own beside <see cref="Output"/> (<see cref="NullStudy.PathOf"/>).</summary>
    public IReadOnlyList<NullKind> Nulls { get; init; } = [];

    /// <summary>Seed of the random directions and rotations.</summary>
    public ulong NullSeed { get; init; }

    /// <summary>Whether texts begin with BOS.</summary>
    public BosPolicy Bos { get; init; }

    /// <summary>Which positions compete, and how.</summary>
    public MiningRules Rules { get; init; } = new();

    /// <summary>
    /// The program whose runs this one is to be compared with (<see cref="Keyhole.Compat.CompatMode"/>), or null. Kept among the study's options, for exports; it changes no rule by itself.
    /// </summary>
    public string? Compat { get; init; }

    /// <summary>Worker threads.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Bytes of memory to keep to; null for the default of <see cref="MemoryPlan"/>.</summary>
    public long? Memory { get; init; }

    /// <summary>Most tokens of a chunk; null lets the memory plan decide. Changes no result.</summary>
    public int? ChunkTokens { get; init; }
}
