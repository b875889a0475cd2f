using Keyhole.Engine.Checkpoints;
using Keyhole.Engine.Numerics;

namespace Keyhole.Engine.Models.Families;

/// <summary>Reads a config's rotary settings, in the style of transformers 5 (<c>rope_parameters</c>) or 4 (<c>rope_theta</c>, <c>rope_scaling</c>).</summary>
internal static class RotaryConfig
{
    /// <summary>Reads the settings.</summary>
    /// <param name="config">config.json.</param>
    /// <param name="headSize">Numbers a head.</param>
    /// <param name="contextLength"><c>max_position_embeddings</c>.</param>
    /// <exception cref="InputRefusedException">An unknown rope_type, or a setting that cannot be.</exception>
    public static RotarySettings Read(ModelConfig config, int headSize, int contextLength)
    {
        RotarySettings settings = ReadSettings(config, headSize, contextLength);
        Check(config.File, settings);
        return settings;
    }

    /// <summary>Computes the frequencies of a short and of the longest text once, so that a setting that cannot be is refused when the model is opened.</summary>
    /// <param name="file">The file to name.</param>
    /// <param name="settings">The settings.</param>
    /// <exception cref="InputRefusedException">A setting cannot be.</exception>
    public static void Check(string file, RotarySettings settings)
    {
        RefusalContext.In(file, () => RotaryFrequencies.Compute(settings, 1));
        RefusalContext.In(file, () => RotaryFrequencies.Compute(settings, settings.MaxPositions ?? 1));
    }

    private static RotarySettings ReadSettings(ModelConfig config, int headSize, int contextLength)
    {
        ModelConfig? scaling = config.GetObject("rope_parameters") ?? config.GetObject("rope_scaling");
        double theta = scaling?.Has("rope_theta") == true ? scaling.GetDouble("rope_theta") : config.GetDouble("rope_theta", 10000);
        double partial = scaling?.Has("partial_rotary_factor") == true ? scaling.GetDouble("partial_rotary_factor") : config.GetDouble("partial_rotary_factor", 1);
        if (partial is not (> 0 and <= 1))
        {
            throw (scaling?.Has("partial_rotary_factor") == true ? scaling : config).Refuse("partial_rotary_factor", "a number above 0 and up to 1");
        }

        int rotaryDim = (int)(headSize * partial);
        if (scaling is null)
        {
            return new RotarySettings { Theta = theta, RotaryDim = rotaryDim, MaxPositions = contextLength };
        }

        RotaryKind kind = Kind(scaling);
        return new RotarySettings
        {
            Kind = kind,
            Theta = theta,
            RotaryDim = rotaryDim,
            MaxPositions = contextLength,
            Factor = Optional(scaling, "factor"),
            OriginalMaxPositions = scaling.Has("original_max_position_embeddings") ? scaling.GetInt32("original_max_position_embeddings")
                : config.Has("original_max_position_embeddings") ? config.GetInt32("original_max_position_embeddings") : null,
            AttentionFactor = Optional(scaling, "attention_factor"),
            BetaFast = scaling.GetDouble("beta_fast", 32),
            BetaSlow = scaling.GetDouble("beta_slow", 1),
            Mscale = Optional(scaling, "mscale"),
            MscaleAllDim = Optional(scaling, "mscale_all_dim"),
            Truncate = scaling.GetBool("truncate", true),
            LowFrequencyFactor = scaling.GetDouble("low_freq_factor", 1),
            HighFrequencyFactor = scaling.GetDouble("high_freq_factor", 4),
            ShortFactors = scaling.Has("short_factor") ? scaling.GetDoubles("short_factor") : null,
            LongFactors = scaling.Has("long_factor") ? scaling.GetDoubles("long_factor") : null,
        };
    }

    private static RotaryKind Kind(ModelConfig scaling)
    {
        string field = scaling.Has("rope_type") ? "rope_type" : "type";
        return scaling.GetString(field, "default") switch
        {
            "default" => RotaryKind.Default,
            "linear" => RotaryKind.Linear,
            "dynamic" => RotaryKind.Dynamic,
            "yarn" => RotaryKind.Yarn,
            "llama3" => RotaryKind.Llama3,
            "longrope" or "su" => RotaryKind.LongRope,
            _ => throw scaling.Refuse(field, "default, linear, dynamic, yarn, llama3 or longrope"),
        };
    }

    private static double? Optional(ModelConfig config, string key) => config.Has(key) ? config.GetDouble(key) : null;
}
