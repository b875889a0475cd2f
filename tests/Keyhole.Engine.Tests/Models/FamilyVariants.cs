using Keyhole.TestSupport;

namespace Keyhole.Engine.Tests.Models;

/// <summary>Small random models of every family, each variant that its config allows, in odd sizes: heads that fill no vector, windows shorter than the texts.</summary>
internal static class FamilyVariants
{
    private const int Context = 40;

    /// <summary>Every variant by name.</summary>
    public static IEnumerable<(string Name, TinyModel Model)> All => [.. OwnSizes(), .. LikeLlama(), .. Gemmas(), .. Falcons(), .. Mixtures()];

    /// <summary>A config of a family with the sizes that most share, and changes to it.</summary>
    /// <param name="family"><c>model_type</c>.</param>
    /// <param name="changes">Keys to add or to replace.</param>
    public static Dictionary<string, object?> Config(string family, params ReadOnlySpan<(string Key, object? Value)> changes)
    {
        Dictionary<string, object?> config = new()
        {
            ["model_type"] = family,
            ["hidden_size"] = 24,
            ["num_attention_heads"] = 4,
            ["num_key_value_heads"] = 2,
            ["intermediate_size"] = 31,
            ["num_hidden_layers"] = 3,
            ["vocab_size"] = 61,
            ["max_position_embeddings"] = Context,
        };
        foreach ((string key, object? value) in changes)
        {
            config[key] = value;
        }

        return config;
    }

    /// <summary>Settings of rotary frequencies.</summary>
    public static Dictionary<string, object?> Rope(string type, params ReadOnlySpan<(string Key, object? Value)> more)
    {
        Dictionary<string, object?> rope = new() { ["rope_type"] = type };
        foreach ((string key, object? value) in more)
        {
            rope[key] = value;
        }

        return rope;
    }

    private static (string, TinyModel) Variant(string name, string family, params ReadOnlySpan<(string Key, object? Value)> changes) => ($"{family}{name}", TinyModel.Of(Config(family, changes)));

    private static IEnumerable<(string, TinyModel)> OwnSizes()
    {
        (string, object?)[] gpt2 = [("hidden_size", null), ("num_attention_heads", null), ("n_embd", 24), ("n_head", 3), ("n_layer", 3), ("n_positions", Context)];
        yield return Variant("", "gpt2", gpt2);
        yield return Variant(", scaled by layer", "gpt2", [.. gpt2, ("scale_attn_by_inverse_layer_idx", true), ("n_inner", 33)]);
        yield return Variant(", unscaled, untied", "gpt2", [.. gpt2, ("scale_attn_weights", false), ("tie_word_embeddings", false), ("activation_function", "relu"), ("layer_norm_epsilon", 0.1)]);

        yield return Variant("", "gpt_neox", ("num_attention_heads", 3), ("rotary_pct", 0.5));
        yield return Variant(", in turn, without biases of attention, tied", "gpt_neox", ("use_parallel_residual", false), ("attention_bias", false), ("tie_word_embeddings", true), ("rotary_pct", 1.0), ("rotary_emb_base", 77));
        yield return Variant(", an odd number rotated", "gpt_neox", ("num_attention_heads", 2), ("rope_parameters", Rope("linear", ("factor", 2.0), ("partial_rotary_factor", 0.25), ("rope_theta", 100.0))));

        object?[] pattern = [new object?[] { new object?[] { "global", "local" }, 1 }, new object?[] { new object?[] { "local" }, 1 }];
        yield return Variant("", "gpt_neo", ("num_heads", 3), ("num_layers", 3), ("attention_types", pattern), ("window_size", 5));
        yield return Variant(", window of one, one head", "gpt_neo", ("num_heads", 1), ("num_layers", 3), ("attention_types", pattern), ("window_size", 1), ("intermediate_size", null));

        (string, object?)[] gptj = [("hidden_size", null), ("num_attention_heads", null), ("n_embd", 24), ("n_head", 3), ("n_layer", 3), ("n_positions", Context)];
        yield return Variant("", "gptj", [.. gptj, ("rotary_dim", 4)]);
        yield return Variant(", whole heads rotated, tied", "gptj", [.. gptj, ("rotary_dim", 8), ("n_inner", 33), ("tie_word_embeddings", true)]);

        foreach (int heads in new[] { 1, 3, 4, 6 })
        {
            yield return Variant($", {heads} heads", "bloom", ("n_head", heads), ("n_layer", 2));
        }

        yield return Variant(", adds to the normed", "bloom", ("n_head", 3), ("n_layer", 3), ("apply_residual_connection_post_layernorm", true), ("tie_word_embeddings", false));
    }

    private static IEnumerable<(string, TinyModel)> LikeLlama()
    {
        yield return Variant(", dynamic, beyond its positions", "llama", ("max_position_embeddings", 16), ("rope_scaling", Rope("dynamic", ("factor", 2.5))));
        yield return Variant(", yarn by rope_parameters", "llama", ("rope_parameters", Rope("yarn", ("factor", 4.0), ("original_max_position_embeddings", 10), ("truncate", false), ("beta_fast", 3.0), ("rope_theta", 300.0))));
        yield return Variant(", window", "mistral", ("sliding_window", 5), ("num_key_value_heads", 1));
        yield return Variant(", no window", "mistral", ("sliding_window", null), ("head_dim", 10));
        yield return Variant("", "qwen2");
        yield return Variant(", upper layers slide", "qwen2", ("use_sliding_window", true), ("sliding_window", 5), ("max_window_layers", 1), ("tie_word_embeddings", true));
        yield return Variant("", "qwen3", ("head_dim", 10), ("num_attention_heads", 3), ("num_key_value_heads", 1));
        yield return Variant(", biases, layers by type", "qwen3", ("head_dim", 6), ("attention_bias", true), ("use_sliding_window", true), ("sliding_window", 3), ("layer_types", (string[])["sliding_attention", "full_attention", "sliding_attention"]));
        yield return Variant("", "phi", ("num_attention_heads", 3), ("num_key_value_heads", 3));
        yield return Variant(", heads normed, grouped, tied", "phi", ("qk_layernorm", true), ("partial_rotary_factor", 0.35), ("tie_word_embeddings", true), ("num_attention_heads", 2), ("num_key_value_heads", 1));
        yield return Variant(", window, part of a head", "phi3", ("sliding_window", 6), ("num_attention_heads", 2), ("partial_rotary_factor", 0.75));
        yield return Variant(", long", "phi3", ("original_max_position_embeddings", 16), ("num_attention_heads", 3), ("num_key_value_heads", 3),
            ("rope_scaling", new Dictionary<string, object?> { ["type"] = "su", ["short_factor"] = (double[])[1, 1.1, 1.3, 2], ["long_factor"] = (double[])[1, 2, 5, 9] }));
        yield return Variant("", "olmo");
        yield return Variant(", clipped, biases", "olmo", ("clip_qkv", 0.5), ("attention_bias", true), ("tie_word_embeddings", true));
        yield return Variant("", "olmo2", ("num_attention_heads", 6), ("num_key_value_heads", 3));
        yield return Variant(", one key-value head, biases", "olmo2", ("attention_bias", true), ("num_key_value_heads", 1));
        yield return Variant("", "stablelm", ("num_attention_heads", 3), ("num_key_value_heads", 3));
        yield return Variant(", parallel, heads normed, biases", "stablelm", ("use_parallel_residual", true), ("qk_layernorm", true), ("use_qkv_bias", true), ("num_attention_heads", 2), ("num_key_value_heads", 1), ("partial_rotary_factor", 0.5));
        yield return Variant(", heads normed, in turn", "stablelm", ("qk_layernorm", true), ("partial_rotary_factor", 1.0));
        yield return Variant("", "starcoder2");
        yield return Variant(", window, no biases, untied", "starcoder2", ("use_bias", false), ("sliding_window", 7), ("tie_word_embeddings", false), ("hidden_act", "mish"));
    }

    private static IEnumerable<(string, TinyModel)> Gemmas()
    {
        yield return Variant("", "gemma", ("head_dim", 10), ("hidden_act", "gelu"));
        yield return Variant(", biases, one key-value head, untied", "gemma", ("head_dim", 6), ("attention_bias", true), ("num_key_value_heads", 1), ("tie_word_embeddings", false));
        yield return Variant("", "gemma2", ("head_dim", 10), ("sliding_window", 5), ("query_pre_attn_scalar", 13), ("attn_logit_softcapping", 1.5), ("final_logit_softcapping", 2.0));
        yield return Variant(", no caps, layers by type, biases", "gemma2", ("head_dim", 6), ("sliding_window", 4), ("attn_logit_softcapping", null), ("final_logit_softcapping", null), ("attention_bias", true),
            ("layer_types", (string[])["full_attention", "sliding_attention", "sliding_attention"]));
        yield return Variant("", "gemma3_text", ("head_dim", 10), ("sliding_window", 5), ("sliding_window_pattern", 2), ("rope_scaling", Rope("linear", ("factor", 8.0))), ("query_pre_attn_scalar", 10));
        yield return Variant(", rope by type, cap of logits", "gemma3_text", ("head_dim", 6), ("sliding_window", 3), ("final_logit_softcapping", 3.0), ("layer_types", (string[])["sliding_attention", "full_attention", "sliding_attention"]),
            ("rope_parameters", new Dictionary<string, object?> { ["full_attention"] = Rope("yarn", ("factor", 4.0), ("rope_theta", 900.0)), ["sliding_attention"] = Rope("default", ("rope_theta", 50.0)) }));
    }

    private static IEnumerable<(string, TinyModel)> Falcons()
    {
        yield return Variant("", "falcon", ("num_attention_heads", 3));
        yield return Variant(", as many key-value heads, biases", "falcon", ("multi_query", false), ("bias", true), ("num_attention_heads", 3));
        yield return Variant(", in turn", "falcon", ("parallel_attn", false), ("ffn_hidden_size", 33));
        yield return Variant(", in turn, ALiBi, 3 heads", "falcon", ("parallel_attn", false), ("alibi", true), ("multi_query", false), ("bias", true), ("num_attention_heads", 3));
        yield return Variant(", ALiBi, one key-value head", "falcon", ("alibi", true), ("num_attention_heads", 6), ("activation", "gelu_fast"));
        yield return Variant(", newer, two norms", "falcon", ("new_decoder_architecture", true), ("num_kv_heads", 2));
        yield return Variant(", newer, one norm, untied", "falcon", ("new_decoder_architecture", true), ("num_kv_heads", 3), ("num_attention_heads", 6), ("num_ln_in_parallel_attn", 1), ("tie_word_embeddings", false));
        yield return Variant(", newer, ALiBi", "falcon", ("new_decoder_architecture", true), ("num_kv_heads", 2), ("alibi", true));
    }

    private static IEnumerable<(string, TinyModel)> Mixtures()
    {
        yield return Variant("", "mixtral", ("num_local_experts", 4), ("num_experts_per_tok", 2), ("sliding_window", 5));
        yield return ("mixtral, experts in one tensor", TinyModel.Of(Config("mixtral", ("num_experts", 5), ("num_experts_per_tok", 3), ("head_dim", 10)), "model.layers.0.mlp.experts.gate_up_proj"));
        yield return Variant("", "olmoe", ("num_experts", 7), ("num_experts_per_tok", 3));
        yield return Variant(", weights to one, clipped, biases", "olmoe", ("num_experts", 4), ("num_experts_per_tok", 2), ("norm_topk_prob", true), ("clip_qkv", 0.4), ("attention_bias", true));
        yield return Variant(", all experts", "olmoe", ("num_experts", 3), ("num_experts_per_tok", 3), ("hidden_act", "relu"));
    }
}
