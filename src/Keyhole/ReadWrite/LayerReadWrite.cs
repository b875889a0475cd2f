using System.Collections.Immutable;
using Keyhole.Statistics;

namespace Keyhole.ReadWrite;

/// <summary>What the memories of a layer do to what they read.</summary>
public sealed record LayerReadWrite
{
    /// <summary>The layer.</summary>
    public required int Layer { get; init; }

    /// <summary>Memories that have a class.</summary>
    public required long N { get; init; }

    /// <summary>How many of them are of each class.</summary>
    public required ImmutableDictionary<ReadWriteClass, long> Counts { get; init; }

    /// <summary>How many of them are atypical of their class.</summary>
    public required long Atypical { get; init; }

    /// <summary>Memories whose cos(in, out) lies where 95% of random cosines do not.</summary>
    public required Share BeyondChance { get; init; }

    /// <summary>Quartiles of cos(in, out).</summary>
    public required Quartiles InOut { get; init; }

    /// <summary>Quartiles of cos(gate, out), turned so that gate and linear key agree; NaN without gates.</summary>
    public required Quartiles GateOut { get; init; }

    /// <summary>Quartiles of |cos(gate, in)|; NaN without gates.</summary>
    public required Quartiles GateIn { get; init; }

    /// <summary>The share of a class.</summary>
    /// <param name="one">The class.</param>
    public Share Of(ReadWriteClass one) => new(Counts[one], N);
}
