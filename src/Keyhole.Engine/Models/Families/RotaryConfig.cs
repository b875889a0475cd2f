using System.Globalization;
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
    /// <param name="defaults">What the family takes where the config names nothing.</param>
    /// <exception cref="InputRefusedException">An unknown rope_type, or a setting that cannot be.</exception>
    public static RotarySettings Read(ModelConfig config, int headSize, int contextLength, RotaryDefaults? defaults = null)
    {
        // transformers takes rope_scaling where both are there.
        RotarySettings settings = Settings(config, NotEmpty(config, "rope_scaling") ?? NotEmpty(config, "rope_parameters"), headSize, contextLength, defaults ?? RotaryDefaults.Usual);
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
        ModelConfig? parameters = NotEmpty(config, "rope_parameters");
        ModelConfig? full = parameters?.GetObject("full_attention");
        ModelConfig? sliding = parameters?.GetObject("sliding_attention");
        ModelConfig? scaling = NotEmpty(config, "rope_scaling");
        if (parameters is not null && full is null && sliding is null)
        {
            throw config.Refuse("rope_parameters", "an object with full_attention and sliding_attention");
        }

        if (full is not null && scaling is not null)
        {
            throw config.Refuse("rope_scaling", "absent beside rope_parameters.full_attention");
        }

        RotarySettings both = Settings(config, full ?? scaling, headSize, contextLength, new RotaryDefaults { Theta = fullTheta });
        RotarySettings local = Settings(config, sliding, headSize, contextLength, new RotaryDefaults { Theta = slidingTheta, ThetaKey = "rope_local_base_freq" });
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

    private static RotarySettings Settings(ModelConfig config, ModelConfig? scaling, int headSize, int contextLength, RotaryDefaults defaults)
    {
        double theta = config.GetDouble(defaults.ThetaKey, defaults.Theta);
        theta = scaling?.GetDouble("rope_theta", theta) ?? theta;
        int rotated = Rotated(config, scaling, headSize, defaults);
        int rotaryDim = defaults.RotatesOddUp && rotated % 2 != 0 && rotated < headSize ? rotated + 1 : rotated;
        if (scaling is null)
        {
            return new RotarySettings { Theta = theta, RotaryDim = rotaryDim, FrequencyDim = rotated, MaxPositions = contextLength };
        }

        RotaryKind kind = Kind(scaling, defaults.YarnIsLongRope);
        return new RotarySettings
        {
            Kind = kind,
            Theta = theta,
            RotaryDim = rotaryDim,
            FrequencyDim = rotated,
            MaxPositions = contextLength,
            Factor = Optional(scaling, "factor"),
            OriginalMaxPositions = OriginalPositions(config, scaling, defaults),
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

    private static int Rotated(ModelConfig config, ModelConfig? scaling, int headSize, RotaryDefaults defaults)
    {
        if (defaults.Partial is null)
        {
            return headSize;
        }

        bool inside = scaling?.Has("partial_rotary_factor") == true;
        double partial = inside ? scaling!.GetDouble("partial_rotary_factor") : config.GetDouble(defaults.PartialKey, defaults.Partial.Value);
        if (partial is not (> 0 and <= 1))
        {
            throw (inside ? scaling! : config).Refuse(inside ? "partial_rotary_factor" : defaults.PartialKey, "a number above 0 and up to 1");
        }

        if (config.GetDouble("partial_rotary_factor", partial) != partial)
        {
            throw config.Refuse("partial_rotary_factor", $"the same share that the config names elsewhere, {partial.ToString(CultureInfo.InvariantCulture)}");
        }

        return (int)(headSize * partial);
    }

    // What stands beside the object goes before what stands inside, as in transformers.
    private static int? OriginalPositions(ModelConfig config, ModelConfig scaling, RotaryDefaults defaults)
    {
        const string Key = "original_max_position_embeddings";
        return config.Has(Key) ? config.GetInt32(Key) : defaults.OriginalPositions ?? (scaling.Has(Key) ? scaling.GetInt32(Key) : null);
    }

    private static ModelConfig? NotEmpty(ModelConfig config, string key) => config.GetObject(key) is { } inner && inner.Keys.Any() ? inner : null;

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
