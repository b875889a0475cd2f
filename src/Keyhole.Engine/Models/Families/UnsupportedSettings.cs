using System.Collections.Frozen;
using System.Text.Json;
using Keyhole.Engine.Checkpoints;

namespace Keyhole.Engine.Models.Families;

/// <summary>Keys of config.json that, where a family does not read them, tell of another computation than the one that would run.</summary>
/// <remarks>
/// Other unread keys are ignored, as transformers does: metadata, dropout, initialisation, ids of special tokens, leftovers of other families
/// (docs/models.md). A key in this list is refused unless it is null, false, zero, an empty list, or the value given here, with which it changes nothing.
/// </remarks>
internal static class UnsupportedSettings
{
    private static readonly FrozenDictionary<string, double?> s_neutral = new Dictionary<string, double?>
    {
        // the weights are stored in another form
        ["quantization_config"] = null,
        ["compression_config"] = null,

        // scales and caps of Granite, MiniCPM, Cohere and Gemma
        ["attention_multiplier"] = null,
        ["embedding_multiplier"] = 1,
        ["residual_multiplier"] = 1,
        ["logits_scaling"] = 1,
        ["logit_scale"] = 1,
        ["scale_emb"] = 1,
        ["scale_depth"] = null,
        ["dim_model_base"] = null,
        ["query_pre_attn_scalar"] = null,
        ["attn_logit_softcapping"] = null,
        ["final_logit_softcapping"] = null,

        // other blocks
        ["num_experts"] = null,
        ["num_local_experts"] = null,
        ["n_routed_experts"] = null,
        ["use_qk_norm"] = null,
        ["qk_layernorm"] = null,
        ["clip_qkv"] = null,
        ["alibi"] = null,
        ["parallel_attn"] = null,
        ["use_parallel_residual"] = null,
        ["rope_interleaved"] = null,
        ["rope_scaling.mrope_section"] = null,
        ["rope_parameters.full_attention"] = null,
        ["rope_parameters.sliding_attention"] = null,

        // part of each head rotated, in families that rotate all of it: transformers 5 ignores it there or fails
        ["partial_rotary_factor"] = 1,
        ["rope_parameters.partial_rotary_factor"] = 1,
        ["rope_parameters.full_attention.partial_rotary_factor"] = 1,
        ["rope_parameters.sliding_attention.partial_rotary_factor"] = 1,
        ["rope_scaling.partial_rotary_factor"] = 1,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Refuses a config with such keys, naming all of them.</summary>
    /// <param name="config">config.json, read by its family.</param>
    /// <param name="family">The family.</param>
    /// <exception cref="InputRefusedException">KH3011.</exception>
    public static void Refuse(ModelConfig config, string family)
    {
        string[] found = [.. config.UnreadKeys.Where(key => s_neutral.TryGetValue(key, out double? neutral) && Value(config, key) is JsonElement value && !IsNeutral(value, neutral))];
        if (found.Length > 0)
        {
            throw new InputRefusedException("KH3011", $"{config.File}: {string.Join(", ", found)}: a '{family}' model with this computes something else than Keyhole would. {Advice(found)}");
        }
    }

    private static JsonElement? Value(ModelConfig? config, string key)
    {
        string[] path = key.Split('.');
        foreach (string outer in path[..^1])
        {
            config = config?.GetObject(outer);
        }

        return config?.Get(path[^1]);
    }

    private static bool IsNeutral(JsonElement value, double? neutral) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.False => true,
        JsonValueKind.Number => value.GetDouble() == 0 || value.GetDouble() == neutral,
        JsonValueKind.Array => value.GetArrayLength() == 0,
        _ => false,
    };

    private static string Advice(string[] found) => found.Any(key => key.EndsWith("ization_config", StringComparison.Ordinal) || key == "compression_config")
        ? "Take the model with its weights as F32, F16 or BF16, or a GGUF file of it."
        : "Take a model of a family that Keyhole knows, or remove the keys if they mean nothing.";
}
