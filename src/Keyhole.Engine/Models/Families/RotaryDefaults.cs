namespace Keyhole.Engine.Models.Families;

/// <summary>What a family's rotary settings are where its config names none, and under which keys it names them.</summary>
internal sealed record RotaryDefaults
{
    /// <summary>Llama and most others: base 10,000, whole heads.</summary>
    public static RotaryDefaults Usual { get; } = new();

    /// <summary>Base of the frequencies.</summary>
    public double Theta { get; init; } = 10000;

    /// <summary>Key of the base beside <c>rope_parameters</c>.</summary>
    public string ThetaKey { get; init; } = "rope_theta";

    /// <summary>Share of a head that is rotated; null where the family rotates whole heads whatever the config says (a share is then refused as a key that nobody reads).</summary>
    public double? Partial { get; init; }

    /// <summary>Key of the share beside <c>rope_parameters</c>.</summary>
    public string PartialKey { get; init; } = "partial_rotary_factor";

    /// <summary>Whether an odd number of rotated numbers is taken up to the next even one, as where the reference cuts heads by the width of its cosines (GPT-NeoX, Phi-3).</summary>
    public bool RotatesOddUp { get; init; }

    /// <summary><c>original_max_position_embeddings</c>, which the class of Phi-3 has even where the config does not; null for none.</summary>
    public int? OriginalPositions { get; init; }

    /// <summary>Whether <c>yarn</c> means longrope, as in the first configs of Phi-3.</summary>
    public bool YarnIsLongRope { get; init; }
}
