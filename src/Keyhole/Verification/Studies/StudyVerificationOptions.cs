namespace Keyhole.Verification.Studies;

/// <summary>Which study to verify, and how much of it.</summary>
public sealed record StudyVerificationOptions
{
    /// <summary>The study.</summary>
    public required string Study { get; init; }

    /// <summary>The model that it was mined from, where it is now; null where it was then.</summary>
    public string? Model { get; init; }

    /// <summary>Units that are mined again, chosen by hash.</summary>
    public int Sample { get; init; } = 200;

    /// <summary>Which sample.</summary>
    public ulong Seed { get; init; }

    /// <summary>Mine all units again, and compare every list and all statistics.</summary>
    public bool Full { get; init; }

    /// <summary>Where the corpus is now; null where it was when the study was mined.</summary>
    public IReadOnlyList<string>? Corpus { get; init; }

    /// <summary>Worker threads.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Bytes of memory to keep to while units are mined again; null for the default of mining.</summary>
    public long? Memory { get; init; }
}
