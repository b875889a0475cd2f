using Keyhole.Engine.Checkpoints;
using Keyhole.Engine.Numerics;

namespace Keyhole.Engine.Models.Families;

/// <summary>Reads a GGUF file's rotary settings: <c>ARCH.rope.*</c>, and a tensor of divisors where there is one.</summary>
internal static class GgufRotary
{
    /// <summary>Reads the settings.</summary>
    /// <param name="file">The file.</param>
    /// <param name="architecture">Prefix of its keys.</param>
    /// <param name="rotaryDim">Rotated numbers of a head.</param>
    /// <param name="contextLength">The model's context.</param>
    /// <param name="divisors">Tensor that divides the frequencies, or null.</param>
    public static RotarySettings Read(GgufFile file, string architecture, int rotaryDim, int contextLength, string? divisors)
    {
        string prefix = architecture + ".rope.";
        string scaling = file.GetString(prefix + "scaling.type", "none");
        RotaryKind kind = scaling switch
        {
            "none" => RotaryKind.Default,
            "linear" => RotaryKind.Linear,
            "yarn" => RotaryKind.Yarn,
            _ => throw new InputRefusedException("KH3002", $"{file.Path}: {prefix}scaling.type '{scaling}' is not supported; expected none, linear or yarn."),
        };
        float[]? factors = null;
        if (divisors is not null)
        {
            TensorInfo tensor = file.Require(divisors);
            file.RequireShape(tensor, rotaryDim / 2);
            factors = new float[rotaryDim / 2];
            file.ReadFloats(tensor, 0, factors);
        }

        var settings = new RotarySettings
        {
            Kind = kind,
            Theta = file.GetDouble(prefix + "freq_base", 10000),
            RotaryDim = rotaryDim,
            MaxPositions = contextLength,
            Factor = kind == RotaryKind.Default ? null : file.GetDouble(prefix + "scaling.factor"),
            OriginalMaxPositions = file.Has(prefix + "scaling.original_context_length") ? file.Size(prefix + "scaling.original_context_length") : null,
            FrequencyDivisors = factors,
        };
        RotaryConfig.Check(file.Path, settings);
        return settings;
    }
}
