using System.Collections.Immutable;
using Keyhole.Engine.Readouts;

namespace Keyhole.Debugging;

/// <summary>A prompt, read at every layer at one of its positions.</summary>
public sealed record DebuggedPrompt
{
    /// <summary>The position that was read.</summary>
    public required int Position { get; init; }

    /// <summary>The token that is followed over the layers.</summary>
    public required int Chosen { get; init; }

    /// <summary>What the model predicts behind each token of the prompt: its top token; shape [T].</summary>
    public required ImmutableArray<ReadToken> Predictions { get; init; }

    /// <summary>The layers, [L].</summary>
    public required ImmutableArray<DebuggedLayer> Layers { get; init; }

    /// <summary>The final distribution at the position.</summary>
    public required ReadVector Output { get; init; }

    /// <summary>Its entropy, in nats.</summary>
    public required double Entropy { get; init; }

    /// <summary>How updates and values were read: folded or raw.</summary>
    public required Readout Readout { get; init; }

    /// <summary>What the interventions change; null without any.</summary>
    public InterventionEffect? Effect { get; init; }
}
