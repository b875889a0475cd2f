namespace Keyhole.Claiming;

/// <summary>Which claims to test, and on what.</summary>
public sealed record ClaimOptions
{
    /// <summary>The study.</summary>
    public required string Study { get; init; }

    /// <summary>The file of claims.</summary>
    public required string Claims { get; init; }

    /// <summary>Where the study's model is now; null where it was.</summary>
    public string? Model { get; init; }

    /// <summary>Files, folders or patterns of other texts, cut and tokenised as the study's were; null for the study's own.</summary>
    public IReadOnlyList<string>? Corpus { get; init; }

    /// <summary>A JSONL file of labels; null without.</summary>
    public string? Labels { get; init; }

    /// <summary>Whether the best memory is searched for every claim, whatever memory it names.</summary>
    public bool Find { get; init; }

    /// <summary>Layers in which memories are searched; null for all.</summary>
    public IReadOnlyList<int>? Layers { get; init; }

    /// <summary>By what the best are chosen.</summary>
    public ScreenedBy By { get; init; }

    /// <summary>How many of the best are computed exactly.</summary>
    public int Best { get; init; } = 100;

    /// <summary>Of so many of these the intervals of AUROC and average precision, and examples, are made.</summary>
    public int Shown { get; init; } = 10;

    /// <summary>Examples of each kind.</summary>
    public int Examples { get; init; } = 5;

    /// <summary>Seed of the halves, the resamples and the examples.</summary>
    public ulong Seed { get; init; }

    /// <summary>Whether the results are put into the study, in place of earlier ones.</summary>
    public bool Save { get; init; } = true;

    /// <summary>Worker threads. Change no result.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Most tokens that go through a layer at a time; null lets the model's size decide. Changes no result.</summary>
    public int? ChunkTokens { get; init; }
}
