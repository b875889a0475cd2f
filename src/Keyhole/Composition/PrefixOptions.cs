namespace Keyhole.Composition;

/// <summary>Which prefixes are read (method, section 4).</summary>
public sealed record PrefixOptions
{
    /// <summary>n, the most prefixes chosen at random, one a text.</summary>
    public int Count { get; init; } = 4000;

    /// <summary>Seed of the choice of texts and positions.</summary>
    public ulong Seed { get; init; }

    /// <summary>Files, folders or patterns of held-out texts; null takes texts that the study did not mine, or its own.</summary>
    public IReadOnlyList<string>? Texts { get; init; }

    /// <summary>A JSONL file of <c>unit</c> and <c>position</c> that fixes the prefixes; null chooses them at random.</summary>
    public string? File { get; init; }

    /// <summary>
    /// Whether every position of a text competes, the empty prefix (BOS alone) and the whole text included, as in the paper's released code; else those that compete for the study's triggers.
    /// A text of nothing is passed over.
    /// </summary>
    public bool AllPositions { get; init; }

    /// <summary>Folders in which the files of the study's corpus are looked for, when it was mined in part.</summary>
    public IReadOnlyList<string> CorpusFolders { get; init; } = [];

    /// <summary>Threads that tokenise. Changes no result.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;
}
