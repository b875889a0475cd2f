namespace Keyhole.Mutations;

/// <summary>How many triggers are mutated.</summary>
public sealed record MutationOptions
{
    /// <summary>Memories of each layer, of those that have a trigger long enough; a layer with fewer is taken whole.</summary>
    public int Memories { get; init; } = 20;

    /// <summary>Triggers of each memory and pole, its best that are long enough.</summary>
    public int Triggers { get; init; } = 10;

    /// <summary>Which sample.</summary>
    public ulong Seed { get; init; }
}
