using Keyhole.Memories;

namespace Keyhole.ReadWrite;

/// <summary>The cosines between a memory's weights as vectors of the residual stream (<see cref="ReadWriteAnalysis"/>), and the class that follows.</summary>
/// <remarks>
/// In a gated layer the linear key and the value may be turned around together without a change of what is computed. So the sign of <see cref="GateOut"/> alone, or of <see cref="GateIn"/> alone,
/// means nothing; their product does, and the class is the same either way.
/// </remarks>
/// <param name="Id">The memory.</param>
/// <param name="InOut">cos(key, value), the linear key of a gated memory; NaN where one of them is zero.</param>
/// <param name="GateOut">cos(gate key, value); null where the layer has no gate, NaN where one is zero.</param>
/// <param name="GateIn">cos(gate key, linear key); null where the layer has no gate, NaN where one is zero.</param>
public readonly record struct ReadWriteRecord(NeuronId Id, double InOut, double? GateOut, double? GateIn)
{
    /// <summary>A cosine beyond this, on either side, counts as the same direction: the published threshold.</summary>
    public const double Threshold = 0.5;

    /// <summary>Whether the memory has a gate.</summary>
    public bool IsGated => GateOut is not null;

    /// <summary>
    /// By cos(in, out) above, below or within the threshold: enrichment, depletion, or neither; by |cos(gate, out)| above it: plain, or conditional; proportional change, or orthogonal output.
    /// Without a gate: enrichment, depletion or orthogonal output. Null where a cosine is not known.
    /// </summary>
    public ReadWriteClass? Class => double.IsNaN(InOut) || GateOut is double.NaN || GateIn is double.NaN
        ? null
        : (InOut > Threshold ? 1 : InOut < -Threshold ? -1 : 0, GateOut is null ? InOut is > Threshold or < -Threshold : Math.Abs(GateOut.Value) > Threshold) switch
        {
            (1, true) => ReadWriteClass.Enrichment,
            (1, false) => ReadWriteClass.ConditionalEnrichment,
            (-1, true) => ReadWriteClass.Depletion,
            (-1, false) => ReadWriteClass.ConditionalDepletion,
            (_, true) => ReadWriteClass.ProportionalChange,
            (_, false) => ReadWriteClass.OrthogonalOutput,
        };

    /// <summary>
    /// Whether gate and linear key do not stand to each other as in the pure case of the class: one line for enrichment and depletion, a right angle (within the threshold) for the conditional ones and
    /// proportional change. Never for orthogonal output, and never without a gate.
    /// </summary>
    public bool IsAtypical => GateIn is { } gateIn && GateOut is { } gateOut && Class switch
    {
        ReadWriteClass.Enrichment or ReadWriteClass.Depletion => !(Math.Sign(InOut) * Math.Sign(gateOut) * gateIn > Threshold),
        ReadWriteClass.ConditionalEnrichment or ReadWriteClass.ConditionalDepletion or ReadWriteClass.ProportionalChange => Math.Abs(gateIn) >= Threshold,
        _ => false,
    };

    /// <summary>cos(gate, out) with linear key and value turned so that gate and linear key agree, as the publication has it; null without a gate.</summary>
    public double? TurnedGateOut => GateIn < 0 ? -GateOut : GateOut;
}
