using System.Collections.Immutable;

namespace Keyhole.Compat;

/// <summary>A prefix with the released code's numbers of every layer; its own field names stand in quotes.</summary>
internal sealed record CompatTrace
{
    /// <summary>"sentence": unit of the texts, from 0.</summary>
    public required int Unit { get; init; }

    /// <summary>"random_pos": last position of the prefix, BOS being 0 where there is one.</summary>
    public required int Position { get; init; }

    /// <summary>One entry a layer; shape [L].</summary>
    public required ImmutableArray<CompatReading> Layers { get; init; }
}
