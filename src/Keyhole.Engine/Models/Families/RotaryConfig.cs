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
    /// <param name="theta">The family's base where the config names none.</param>
    /// <param name="partial">The family's share of a head that is rotated where the config names none.</param>
    /// <param name="yarnIsLongRope">Whether <c>yarn</c> means longrope, as in the first configs of Phi-3.</param>
    /// <param name="originalPositions">The family's <c>original_max_position_embeddings</c> where the config names none, or null.</param>
    /// <exception cref="InputRefusedException">An unknown rope_type, or a setting that cannot be.</exception>
    public static RotarySettings Read(
        ModelConfig config, int headSize, int contextLength, double theta = 10000, double partial = 1, bool yarnIsLongRope = false, int? originalPositions = null)
    {
        ModelConfig? scaling = config.GetObject("rope_parameters") ?? config.GetObject("rope_scaling");
        double common = config.GetDouble("partial_rotary_factor", partial);
        RotarySettings settings = Settings(config, scaling, headSize, contextLength, config.GetDouble("rope_theta", theta), common, yarnIsLongRope, originalPositions);
        Check(config.File, settings);
        return settings;
    }

    /// <summary>Reads the settings of a model whose full and sliding layers differ (Gemma 3): <c>rope_parameters</c> by kind of layer, or <c>rope_local_base_freq</c>.</summary>
    /// <param name="config">config.json.</param>
    /// <param name="headSize">Numbers a head.</param>
    /// <param name="contextLength"><c>max_position_embeddings</c>.</param>
    /// <param name="fullTheta">The base of full layers where the config names none.</param>
    /// <param name="slidingTheta">That of sliding layers.</param>
    /// <exception cref="InputRefusedException">An unknown rope_type, or a setting that cannot be.</exception>
    public static (RotarySettings Full, RotarySettings Sliding) ReadByLayerType(ModelConfig config, int headSize, int contextLength, double fullTheta, double slidingTheta)
    {
        ModelConfig? parameters = config.GetObject("rope_parameters");
        ModelConfig? full = parameters?.GetObject("full_attention");
        ModelConfig? sliding = parameters?.GetObject("sliding_attention");
        if (parameters is not null && full is null && sliding is null)
        {
            full = parameters;
        }

        double partial = config.GetDouble("partial_rotary_factor", 1);
        RotarySettings both = Settings(config, full ?? config.GetObject("rope_scaling"), headSize, contextLength, config.GetDouble("rope_theta", fullTheta), partial, false, null);
        RotarySettings local = Settings(config, sliding, headSize, contextLength, config.GetDouble("rope_local_base_freq", slidingTheta), partial, false, null);
        Check(config.File, both);
        Check(config.File, local);
        return (both, local);
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

    private static RotarySettings Settings(
        ModelConfig config, ModelConfig? scaling, int headSize, int contextLength, double commonTheta, double commonPartial, bool yarnIsLongRope, int? originalPositions)
    {
        double theta = scaling?.GetDouble("rope_theta", commonTheta) ?? commonTheta;
        double partial = scaling?.GetDouble("partial_rotary_factor", commonPartial) ?? commonPartial;
        if (partial is not (> 0 and <= 1))
        {
            throw (scaling?.Has("partial_rotary_factor") == true ? scaling : config).Refuse("partial_rotary_factor", "a number above 0 and up to 1");
        }

        int rotaryDim = (int)(headSize * partial);
        if (scaling is null)
        {
            return new RotarySettings { Theta = theta, RotaryDim = rotaryDim, MaxPositions = contextLength };
        }

        RotaryKind kind = Kind(scaling, yarnIsLongRope);
        return new RotarySettings
        {
            Kind = kind,
            Theta = theta,
            RotaryDim = rotaryDim,
            MaxPositions = contextLength,
            Factor = Optional(scaling, "factor"),
            OriginalMaxPositions = scaling.Has("original_max_position_embeddings") ? scaling.GetInt32("original_max_position_embeddings")
                : config.Has("original_max_position_embeddings") ? config.GetInt32("original_max_position_embeddings") : originalPositions,
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

    private static RotaryKind Kind(ModelConfig scaling, bool yarnIsLongRope)
    {
        string field = scaling.Has("rope_type") ? "rope_type" : "type";
        return scaling.GetString(field, "default") switch
        {
            "default" => RotaryKind.Default,
            "linear" => RotaryKind.Linear,
            "dynamic" => RotaryKind.Dynamic,
            "yarn" => yarnIsLongRope ? RotaryKind.LongRope : RotaryKind.Yarn,
            "llama3" => RotaryKind.Llama3,
            "longrope" or "su" => RotaryKind.LongRope,
            _ => throw scaling.Refuse(field, "default, linear, dynamic, yarn, llama3 or longrope"),
        };
    }

    private static double? Optional(ModelConfig config, string key) => config.Has(key) ? config.GetDouble(key) : null;
}
