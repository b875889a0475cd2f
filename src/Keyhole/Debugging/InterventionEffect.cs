using System.Collections.Immutable;

namespace Keyhole.Debugging;

/// <summary>What interventions change at the position.</summary>
public sealed record InterventionEffect
{
    /// <summary>The interventions.</summary>
    public required ImmutableArray<AppliedIntervention> Applied { get; init; }

    /// <summary>The layers with the interventions, [L].</summary>
    public required ImmutableArray<ReadLayer> Layers { get; init; }

    /// <summary>The final distribution with them.</summary>
    public required ReadVector Output { get; init; }

    /// <summary>KL divergence of the two final distributions, sum of p_before log(p_before / p_after), in nats.</summary>
    public required double Divergence { get; init; }

    /// <summary>The top tokens of both, those of the larger of their two probabilities first.</summary>
    public required ImmutableArray<TokenShift> Tokens { get; init; }

    /// <summary>The chosen token.</summary>
    public required TokenShift Chosen { get; init; }
}
