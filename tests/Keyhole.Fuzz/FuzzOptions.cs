namespace Keyhole.Fuzz;

/// <summary>What a run does.</summary>
public sealed record FuzzOptions
{
    /// <summary>Damaged files by chance; those made by hand come before them.</summary>
    public long Count { get; init; } = 100_000;

    /// <summary>Decides all chances: one seed and one number give one file, on any machine that has the same inputs.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>A folder of more inputs to damage; null for those of the repository alone.</summary>
    public string? Files { get; init; }

    /// <summary>Runs this case only: a number, or the name of one made by hand.</summary>
    public string? Case { get; init; }

    /// <summary>Runs inputs whose name holds this only.</summary>
    public string? Only { get; init; }

    /// <summary>Seconds, twice over, after which a case counts as hung.</summary>
    public double HangSeconds { get; init; } = 2;

    /// <summary>Whether a rise of the process's resident memory counts, native memory included: only where nothing else runs in it.</summary>
    public bool WatchesResidentMemory { get; init; } = true;
}
