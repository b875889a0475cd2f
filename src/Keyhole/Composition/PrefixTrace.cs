using System.Collections.Immutable;

namespace Keyhole.Composition;

/// <summary>One prefix of the paper's section 5, read at every layer.</summary>
public sealed record PrefixTrace
{
    /// <summary>Unit of the held-out texts (or of the study where it took none), from 0.</summary>
    public required int Unit { get; init; }

    /// <summary>Last position of the prefix, BOS being 0 where there is one.</summary>
    public required int Position { get; init; }

    /// <summary>Tokens of the prefix, BOS not counted.</summary>
    public required int Tokens { get; init; }

    /// <summary>The token after the prefix; -1 where the unit ends there.</summary>
    public required int Target { get; init; }

    /// <summary>Last token of the prefix.</summary>
    public required int Current { get; init; }

    /// <summary>The prefix as text.</summary>
    public required string Text { get; init; }

    /// <summary>One entry a layer; shape [L].</summary>
    public required ImmutableArray<PrefixLayer> Layers { get; init; }

    /// <summary>Readings of the output, the last layer's o.</summary>
    public required StateReading Output { get; init; }

    /// <summary>The model's final prediction.</summary>
    public int Final => Layers[^1].TopO;
}
