namespace Keyhole.Engine.Numerics;

/// <summary>How the frequencies of a rotary embedding are scaled; names as transformers' <c>rope_type</c>.</summary>
public enum RotaryKind
{
    /// <summary><c>default</c>: none.</summary>
    Default,

    /// <summary><c>linear</c>: frequencies divided by the factor.</summary>
    Linear,

    /// <summary><c>dynamic</c>: the base grows with the length of the text beyond the trained one (NTK).</summary>
    Dynamic,

    /// <summary><c>yarn</c>: low frequencies divided by the factor, high ones kept, a ramp between (arXiv 2309.00071).</summary>
    Yarn,

    /// <summary><c>llama3</c>: as yarn, with the ramp on wavelengths.</summary>
    Llama3,

    /// <summary><c>longrope</c>: one divisor for each frequency, one set for short and one for long texts (arXiv 2402.13753).</summary>
    LongRope,
}
