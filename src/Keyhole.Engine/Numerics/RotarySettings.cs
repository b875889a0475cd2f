namespace Keyhole.Engine.Numerics;

/// <summary>Description of a rotary embedding, with the fields of transformers' <c>rope_parameters</c>. A null field takes the default of transformers.</summary>
public sealed class RotarySettings
{
    /// <summary>How frequencies are scaled.</summary>
    public RotaryKind Kind { get; init; }

    /// <summary><c>rope_theta</c>, the base.</summary>
    public double Theta { get; init; } = 10000;

    /// <summary>Number of leading elements of a head vector that are rotated: head_dim times <c>partial_rotary_factor</c>, rounded down; even.</summary>
    public required int RotaryDim { get; init; }

    /// <summary>d in frequency i = theta^(-2i / d); null means <see cref="RotaryDim"/>. It is less by one where an odd number of elements was asked for and the next even one turns.</summary>
    public int? FrequencyDim { get; init; }

    /// <summary>Whether the pairs (2i, 2i + 1) turn together (GPT-J) instead of (i, i + half).</summary>
    public bool Interleaved { get; init; }

    /// <summary><c>factor</c>; for yarn and longrope null means MaxPositions / OriginalMaxPositions.</summary>
    public double? Factor { get; init; }

    /// <summary><c>max_position_embeddings</c>: positions the model is declared for.</summary>
    public int? MaxPositions { get; init; }

    /// <summary><c>original_max_position_embeddings</c>: positions of the training before scaling; null means <see cref="MaxPositions"/>. Not of dynamic, which grows from <see cref="MaxPositions"/>.</summary>
    public int? OriginalMaxPositions { get; init; }

    /// <summary><c>attention_factor</c>: factor of cosines and sines; null means computed.</summary>
    public double? AttentionFactor { get; init; }

    /// <summary>yarn: <c>beta_fast</c>.</summary>
    public double BetaFast { get; init; } = 32;

    /// <summary>yarn: <c>beta_slow</c>.</summary>
    public double BetaSlow { get; init; } = 1;

    /// <summary>yarn: <c>mscale</c>.</summary>
    public double? Mscale { get; init; }

    /// <summary>yarn: <c>mscale_all_dim</c>.</summary>
    public double? MscaleAllDim { get; init; }

    /// <summary>yarn: <c>truncate</c>, whether the ends of the ramp are rounded to whole frequencies.</summary>
    public bool Truncate { get; init; } = true;

    /// <summary>llama3: <c>low_freq_factor</c>.</summary>
    public double LowFrequencyFactor { get; init; } = 1;

    /// <summary>llama3: <c>high_freq_factor</c>.</summary>
    public double HighFrequencyFactor { get; init; } = 4;

    /// <summary>longrope: <c>short_factor</c>, RotaryDim / 2 divisors.</summary>
    public IReadOnlyList<double>? ShortFactors { get; init; }

    /// <summary>longrope: <c>long_factor</c>, RotaryDim / 2 divisors, for texts longer than <see cref="OriginalMaxPositions"/>.</summary>
    public IReadOnlyList<double>? LongFactors { get; init; }

    /// <summary>GGUF's tensor <c>rope_freqs.weight</c>, RotaryDim / 2 divisors of the frequencies; null without one.</summary>
    public IReadOnlyList<float>? FrequencyDivisors { get; init; }
}
