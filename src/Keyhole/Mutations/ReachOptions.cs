namespace Keyhole.Mutations;

/// <summary>How many triggers lose each of their tokens in turn.</summary>
public sealed record ReachOptions
{
    /// <summary>Memories of each layer, of those that have a trigger long enough; a layer with fewer is taken whole.</summary>
    public int Memories { get; init; } = 5;

    /// <summary>Triggers of each memory and pole, its best that are long enough.</summary>
    public int Triggers { get; init; } = 5;

    /// <summary>Only so many tokens at the end of a prefix are dropped: the work grows with the square of it, and a document's prefix has thousands.</summary>
    public int Tokens { get; init; } = 64;

    /// <summary>Which sample. The memories are the first of those that <see cref="MutationOptions"/> take by the same seed.</summary>
    public ulong Seed { get; init; }
}
