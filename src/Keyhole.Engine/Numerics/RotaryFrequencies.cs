using System.Globalization;

namespace Keyhole.Engine.Numerics;

/// <summary>Inverse frequencies of a rotary embedding, by the formulas of transformers' <c>modeling_rope_utils.py</c>.</summary>
/// <remarks>Computed in double precision and rounded once to float, the type in which transformers computes and keeps them (they agree within 2 ulp).</remarks>
public static class RotaryFrequencies
{
    /// <summary>Computes the frequencies for a text of <paramref name="sequenceLength"/> tokens; only dynamic and longrope depend on the length.</summary>
    /// <returns>RotaryDim / 2 inverse frequencies (radians a position), and the factor of cosines and sines.</returns>
    /// <exception cref="InputRefusedException">KH3102: a setting is missing or out of range.</exception>
    public static (float[] InverseFrequencies, float AttentionFactor) Compute(RotarySettings settings, int sequenceLength)
    {
        ArgumentNullException.ThrowIfNull(settings);
        int dim = settings.RotaryDim;
        Require(dim is >= 2 and <= 65536 && dim % 2 == 0, "rotary dimension", dim, "an even number from 2 to 65536");
        Require(Dimension(settings) == dim || Dimension(settings) == dim - 1, "number of rotated elements", Dimension(settings), "the rotary dimension, or one less");
        Require(double.IsFinite(settings.Theta) && settings.Theta > 0, "rope_theta", settings.Theta, "a positive number");
        double[] frequencies = new double[dim / 2];
        double attention = settings.Kind switch
        {
            RotaryKind.Default => Plain(settings, frequencies),
            RotaryKind.Linear => Linear(settings, frequencies),
            RotaryKind.Dynamic => Dynamic(settings, sequenceLength, frequencies),
            RotaryKind.Yarn => Yarn(settings, frequencies),
            RotaryKind.Llama3 => Llama3(settings, frequencies),
            RotaryKind.LongRope => LongRope(settings, sequenceLength, frequencies),
            _ => throw new ArgumentOutOfRangeException(nameof(settings), settings.Kind, "Not a rotary kind."),
        };
        if (settings.FrequencyDivisors is { } divisors)
        {
            RequireCount("rope_freqs.weight", divisors.Count, frequencies.Length);
            for (int i = 0; i < frequencies.Length; i++)
            {
                frequencies[i] /= divisors[i];
            }
        }

        float[] result = new float[frequencies.Length];
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = (float)frequencies[i];
            Require(float.IsFinite(result[i]), "rotary frequency", frequencies[i], "a finite number");
        }

        double attentionFactor = settings.AttentionFactor ?? attention;
        Require(double.IsFinite(attentionFactor) && attentionFactor > 0, "attention_factor", attentionFactor, "a positive number");
        return (result, (float)attentionFactor);
    }

    // frequency i = theta^(-2i / d)
    private static double Plain(RotarySettings settings, double[] frequencies) => Plain(settings, settings.Theta, frequencies);

    private static double Plain(RotarySettings settings, double theta, double[] frequencies)
    {
        for (int i = 0; i < frequencies.Length; i++)
        {
            frequencies[i] = 1 / DoubleMath.Pow(theta, 2.0 * i / Dimension(settings));
        }

        return 1;
    }

    private static int Dimension(RotarySettings settings) => settings.FrequencyDim ?? settings.RotaryDim;

    private static double Linear(RotarySettings settings, double[] frequencies)
    {
        double factor = RequiredFactor(settings);
        Plain(settings, frequencies);
        for (int i = 0; i < frequencies.Length; i++)
        {
            frequencies[i] /= factor;
        }

        return 1;
    }

    // theta' = theta (factor length / max - (factor - 1))^(dim / (dim - 2))
    private static double Dynamic(RotarySettings settings, int sequenceLength, double[] frequencies)
    {
        double factor = RequiredFactor(settings);
        int dim = Dimension(settings);
        int maxPositions = settings.MaxPositions ?? 0;
        Require(maxPositions > 0, "max_position_embeddings", maxPositions, "a positive number");
        Require(dim > 2, "rotary dimension", dim, "more than 2 for rope_type dynamic");
        double length = Math.Max(sequenceLength, maxPositions);
        double growth = (factor * length / maxPositions) - (factor - 1);
        return Plain(settings, settings.Theta * DoubleMath.Pow(growth, dim / (dim - 2.0)), frequencies);
    }

    private static double Yarn(RotarySettings settings, double[] frequencies)
    {
        double factor = FactorOrRatio(settings);
        int dim = Dimension(settings);
        int original = OriginalPositions(settings);
        Require(settings.Theta > 1, "rope_theta", settings.Theta, "more than 1 for rope_type yarn");
        Require(settings.BetaFast > 0, "beta_fast", settings.BetaFast, "a positive number");
        Require(settings.BetaSlow > 0, "beta_slow", settings.BetaSlow, "a positive number");

        // The (fractional) index of the frequency that makes the given number of turns over the original positions.
        double IndexOfTurns(double turns) => dim * DoubleMath.Log(original / (turns * 2 * Math.PI)) / (2 * DoubleMath.Log(settings.Theta));
        double low = IndexOfTurns(settings.BetaFast);
        double high = IndexOfTurns(settings.BetaSlow);
        if (settings.Truncate)
        {
            low = Math.Floor(low);
            high = Math.Ceiling(high);
        }

        low = Math.Max(low, 0);
        high = Math.Min(high, dim - 1);
        double width = low == high ? 0.001 : high - low;
        Plain(settings, frequencies);
        for (int i = 0; i < frequencies.Length; i++)
        {
            double interpolated = Math.Clamp((i - low) / width, 0, 1);
            frequencies[i] = (frequencies[i] / factor * interpolated) + (frequencies[i] * (1 - interpolated));
        }

        return settings is { Mscale: > 0 or < 0, MscaleAllDim: > 0 or < 0 }
            ? YarnScale(factor, settings.Mscale.Value) / YarnScale(factor, settings.MscaleAllDim.Value)
            : YarnScale(factor, 1);
    }

    private static double YarnScale(double factor, double mscale) => factor <= 1 ? 1 : (0.1 * mscale * DoubleMath.Log(factor)) + 1;

    private static double Llama3(RotarySettings settings, double[] frequencies)
    {
        double factor = RequiredFactor(settings);
        double original = OriginalPositions(settings);
        double lowFactor = settings.LowFrequencyFactor;
        double highFactor = settings.HighFrequencyFactor;
        Require(lowFactor > 0, "low_freq_factor", lowFactor, "a positive number");
        Require(highFactor > lowFactor, "high_freq_factor", highFactor, "more than low_freq_factor");
        Plain(settings, frequencies);
        for (int i = 0; i < frequencies.Length; i++)
        {
            // turns over the original positions: few are divided, many kept, between them both are mixed
            double turns = original * frequencies[i] / (2 * Math.PI);
            double kept = Math.Clamp((turns - lowFactor) / (highFactor - lowFactor), 0, 1);
            frequencies[i] = ((1 - kept) * frequencies[i] / factor) + (kept * frequencies[i]);
        }

        return 1;
    }

    private static double LongRope(RotarySettings settings, int sequenceLength, double[] frequencies)
    {
        double factor = FactorOrRatio(settings);
        int original = OriginalPositions(settings);
        bool isLong = sequenceLength > original;
        string field = isLong ? "long_factor" : "short_factor";
        IReadOnlyList<double> divisors = (isLong ? settings.LongFactors : settings.ShortFactors) ?? [];
        RequireCount(field, divisors.Count, frequencies.Length);
        Plain(settings, frequencies);
        for (int i = 0; i < frequencies.Length; i++)
        {
            frequencies[i] /= divisors[i];
        }

        return factor <= 1 ? 1 : Math.Sqrt(1 + (DoubleMath.Log(factor) / DoubleMath.Log(original)));
    }

    private static double RequiredFactor(RotarySettings settings)
    {
        double factor = settings.Factor ?? double.NaN;
        Require(double.IsFinite(factor) && factor > 0, "factor", factor, "a positive number");
        return factor;
    }

    private static double FactorOrRatio(RotarySettings settings)
        => settings is { Factor: null, MaxPositions: > 0, OriginalMaxPositions: > 0 }
            ? (double)settings.MaxPositions.Value / settings.OriginalMaxPositions.Value
            : RequiredFactor(settings);

    private static int OriginalPositions(RotarySettings settings)
    {
        int positions = settings.OriginalMaxPositions ?? settings.MaxPositions ?? 0;
        Require(positions > 0, "original_max_position_embeddings", positions, "a positive number (or max_position_embeddings)");
        return positions;
    }

    private static void RequireCount(string field, int got, int expected)
        => Require(got == expected, $"number of entries of {field}", got, string.Create(CultureInfo.InvariantCulture, $"{expected}"));

    private static void Require(bool holds, string field, double got, string expected)
    {
        if (!holds)
        {
            throw new InputRefusedException("KH3102", string.Create(CultureInfo.InvariantCulture, $"Rotary settings: {field} is {got}, expected {expected}; check the model's rope_parameters or rope_scaling."));
        }
    }
}
