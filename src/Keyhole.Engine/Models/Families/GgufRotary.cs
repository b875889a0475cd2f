using Keyhole.Engine.Checkpoints;
using Keyhole.Engine.Numerics;

namespace Keyhole.Engine.Models.Families;

/// <summary>Reads a GGUF file's rotary settings: <c>ARCH.rope.*</c>, and tensors of divisors where there are some.</summary>
internal static class GgufRotary
{
    private const string Divisors = "rope_freqs.weight";
    private const string LongDivisors = "rope_factors_long.weight";
    private const string ShortDivisors = "rope_factors_short.weight";

    /// <summary>Reads the settings, and the names of the tensors that they were read from.</summary>
    /// <param name="file">The file.</param>
    /// <param name="architecture">Prefix of its keys.</param>
    /// <param name="rotaryDim">Rotated numbers of a head.</param>
    /// <param name="contextLength">The model's context.</param>
    /// <param name="theta">Base of the frequencies.</param>
    public static (RotarySettings Settings, string[] Tensors) Read(GgufFile file, string architecture, int rotaryDim, int contextLength, double theta)
    {
        string prefix = architecture + ".rope.";
        bool isLong = file.Tensors.ContainsKey(LongDivisors);

        // A factor alone is linear; the first files call it scale_linear.
        string factorKey = file.Has(prefix + "scaling.factor") || !file.Has(prefix + "scale_linear") ? prefix + "scaling.factor" : prefix + "scale_linear";
        double factor = file.GetDouble(factorKey, 0);
        string scaling = file.GetString(prefix + "scaling.type", isLong ? "longrope" : factor != 0 ? "linear" : "none");
        RotaryKind kind = scaling switch
        {
            _ when isLong => RotaryKind.LongRope,
            "none" => RotaryKind.Default,
            "linear" => factor == 0 ? RotaryKind.Default : RotaryKind.Linear,
            "yarn" => RotaryKind.Yarn,
            _ => throw new InputRefusedException("KH3002", $"{file.Path}: {prefix}scaling.type {Naming.Quote(scaling)} is not supported; expected none, linear, yarn, or longrope with its tensors."),
        };
        string[] tensors = isLong ? [LongDivisors, ShortDivisors] : file.Tensors.ContainsKey(Divisors) ? [Divisors] : [];
        float[][] factors = [.. tensors.Select(name => Factors(file, name, rotaryDim))];
        double attention = file.GetDouble(prefix + "scaling.attn_factor", 0);
        var settings = new RotarySettings
        {
            Kind = kind,
            Theta = theta,
            RotaryDim = rotaryDim,
            MaxPositions = contextLength,
            Factor = kind is RotaryKind.Linear or RotaryKind.Yarn ? file.GetDouble(factorKey) : factor > 0 ? factor : null,
            BetaFast = file.GetDouble(prefix + "scaling.yarn_beta_fast", 32),
            BetaSlow = file.GetDouble(prefix + "scaling.yarn_beta_slow", 1),
            OriginalMaxPositions = file.Has(prefix + "scaling.original_context_length") ? file.Size(prefix + "scaling.original_context_length") : null,
            AttentionFactor = isLong && attention > 0 ? attention : null,
            FrequencyDivisors = isLong || factors.Length == 0 ? null : factors[0],
            LongFactors = isLong ? [.. factors[0].Select(value => (double)value)] : null,
            ShortFactors = isLong ? [.. factors[1].Select(value => (double)value)] : null,
        };
        RotaryConfig.Check(file.Path, settings);
        return (settings, tensors);
    }

    private static float[] Factors(GgufFile file, string name, int rotaryDim)
    {
        TensorInfo tensor = file.Require(name);
        file.RequireShape(tensor, rotaryDim / 2);
        float[] values = new float[rotaryDim / 2];
        file.ReadFloats(tensor, 0, values);
        return values;
    }
}
