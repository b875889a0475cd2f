using System.Text;
using Keyhole.Engine.Checkpoints;
using Keyhole.Engine.Models;
using Keyhole.Engine.Tests.Checkpoints;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Engine.Tests.Models;

/// <summary>Models that cannot be run are refused when they are opened, with the file, the field, and what was expected.</summary>
public sealed class ModelRefusalTests : IDisposable
{
    private readonly TestSupport.TemporaryFolder _folder = new();

    [Fact]
    public void Unknown_family_lists_the_known_ones()
    {
        TinyModel model = TinyModel.Llama();
        model.Config["model_type"] = "mamba";
        Refuse("KH3001", model, "mamba", "llama", "opt");
    }

    [Theory]
    [InlineData("layernorm_embedding", true, "KH3011")]
    [InlineData("add_bos_token", true, "KH3011")]
    [InlineData("decoder_layers_to_keep", "0,2", "KH3011")]
    [InlineData("arch", "lightconv_lm", "")]
    [InlineData("decoder_attention_heads", 5, "KH3009")]
    [InlineData("decoder_layers", 1000000000, "KH3009")]
    [InlineData("activation_fn", "swishes", "KH3101")]
    [InlineData("adaptive_input_cutoff", "120,50", "")]
    [InlineData("adaptive_input_cutoff", "many", "")]
    [InlineData("adaptive_softmax_cutoff", "50,261", "")]
    [InlineData("adaptive_softmax_cutoff", "260", "")]
    [InlineData("adaptive_softmax_factor", 1e9, "")]
    [InlineData("adaptive_input_factor", 0.0, "")]
    [InlineData("decoder_input_dim", 12, "")]
    public void Arguments_of_fairseq_that_cannot_be_followed_are_named(string key, object value, string code)
    {
        TinyModel model = TinyModel.Fairseq();
        model.Config[key] = value;
        InputRefusedException refusal = Assert.Throws<InputRefusedException>(() => Model.Open(model.Write(_folder.File("fairseq"))));
        Assert.Equal(code.Length > 0 ? code : CheckpointCodes.ConfigField, refusal.Code);
        Assert.Contains(key == "decoder_input_dim" ? "tie_adaptive_weights" : code == "KH3101" ? "swishes" : key, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_decoder_with_an_encoder_is_refused()
    {
        TinyModel model = TinyModel.Fairseq();
        model.Tensors["encoder.embed_tokens.weight"] = ([2, 2], new float[4]);
        Refuse("KH3011", model, "encoder.embed_tokens.weight");
    }

    [Fact]
    public void Missing_unknown_and_misshapen_tensors_are_listed_together()
    {
        TinyModel model = TinyModel.Llama();
        model.Tensors.Remove("model.layers.1.mlp.up_proj.weight");
        model.Tensors.Remove("model.norm.weight");
        model.Tensors["model.layers.0.self_attn.q_norm.weight"] = ([6], new float[6]);
        model.Tensors["model.layers.0.mlp.down_proj.weight"] = ([40, 24], new float[960]);
        Refuse("KH3004", model, "2 missing", "model.layers.1.mlp.up_proj.weight", "model.norm.weight", "q_norm", "down_proj.weight is [40, 24], expected [24, 40]");
        model = TinyModel.Llama();
        model.Tensors["model.layers.0.self_attn.q_norm.weight"] = ([6], new float[6]);
        Refuse("KH3005", model, "q_norm");
        model = TinyModel.Llama();
        model.Config["intermediate_size"] = 41;
        Refuse("KH3006", model, "model.layers.0.mlp.gate_proj.weight is [40, 24], expected [41, 24]");
    }

    [Fact]
    public void Biases_that_the_config_does_not_know_are_refused()
    {
        TinyModel model = TinyModel.Llama(attentionBias: true);
        model.Config["attention_bias"] = false;
        Refuse("KH3005", model, "self_attn.q_proj.bias");
    }

    [Theory]
    [InlineData("num_attention_heads", 0, "KH1014")]
    [InlineData("num_attention_heads", -4, "KH1014")]
    [InlineData("hidden_size", 0, "KH1014")]
    [InlineData("num_hidden_layers", -1, "KH1014")]
    [InlineData("num_hidden_layers", int.MaxValue, "KH3009")]
    [InlineData("num_key_value_heads", 3, "KH3009")]
    [InlineData("num_key_value_heads", 8, "KH3009")]
    [InlineData("head_dim", int.MaxValue, "KH3102")]
    [InlineData("head_dim", 7, "KH3102")]
    [InlineData("vocab_size", 0, "KH1014")]
    [InlineData("max_position_embeddings", 0, "KH1014")]
    [InlineData("partial_rotary_factor", 0.5, "KH3011")]
    [InlineData("rope_theta", -1.0, "KH3102")]
    [InlineData("hidden_act", "softplus", "KH3101")]
    [InlineData("hidden_size", "wide", "KH1014")]
    public void A_llama_with_an_impossible_value(string key, object value, string code)
    {
        TinyModel model = TinyModel.Llama();
        model.Config[key] = value;
        Refuse(code, model, "config.json");
    }

    [Fact]
    public void Heads_that_do_not_divide_the_width()
    {
        TinyModel llama = TinyModel.Llama(heads: 5, keyValueHeads: 5);
        llama.Config.Remove("head_dim");
        Refuse("KH3009", llama, "num_attention_heads 5 does not divide hidden_size 24");
        TinyModel opt = TinyModel.Opt();
        opt.Config["num_attention_heads"] = 7;
        Refuse("KH3009", opt, "num_attention_heads 7 does not divide hidden_size 24");
    }

    [Fact]
    public void A_product_beyond_32_bits_is_refused()
    {
        TinyModel model = TinyModel.Llama();
        model.Config["num_attention_heads"] = 1 << 20;
        model.Config["num_key_value_heads"] = 1 << 20;
        model.Config["head_dim"] = 1 << 12;
        Refuse("KH3009", model, "too large");
    }

    [Theory]
    [InlineData("rope_type", "spiral", "KH1014")]
    [InlineData("factor", -2.0, "KH3102")]
    [InlineData("factor", "much", "KH1014")]
    public void An_impossible_rotary_setting(string key, object value, string code)
    {
        TinyModel model = TinyModel.Llama();
        var scaling = new Dictionary<string, object> { ["rope_type"] = "linear", ["factor"] = 2.0 };
        scaling[key] = value;
        model.Config["rope_scaling"] = scaling;
        Refuse(code, model, "config.json", key);
    }

    [Fact]
    public void Settings_that_mean_another_computation_are_named()
    {
        TinyModel model = TinyModel.Llama();
        model.Config["quantization_config"] = new Dictionary<string, object> { ["quant_method"] = "gptq", ["bits"] = 4 };
        model.Config["residual_multiplier"] = 0.22;
        Refuse("KH3011", model, "quantization_config", "residual_multiplier", "GGUF");
        model = TinyModel.Opt();
        model.Config["alibi"] = true;
        Refuse("KH3011", model, "alibi");
    }

    [Fact]
    public void Metadata_and_neutral_settings_are_ignored()
    {
        TinyModel model = TinyModel.Llama();
        foreach ((string key, object? value) in new (string, object?)[]
        {
            ("architectures", new[] { "LlamaForCausalLM" }), ("transformers_version", "5.0"), ("torch_dtype", "bfloat16"), ("dtype", "float32"), ("initializer_range", 0.02), ("use_cache", true),
            ("attention_dropout", 0.1), ("pretraining_tp", 2), ("bos_token_id", 1), ("eos_token_id", new[] { 2, 3 }), ("pad_token_id", null), ("_name_or_path", "x/y"), ("auto_map", new Dictionary<string, string>()),
            ("_attn_implementation", "eager"), ("rope_interleaved", false), ("is_llama_config", true), ("residual_multiplier", 1.0), ("final_logit_softcapping", null), ("num_experts", 0),
            ("sliding_window", 4096), ("unsloth_version", "2025"), ("transformers.js_config", new Dictionary<string, string>()), ("quantization_config", null),
            ("rope_scaling", new Dictionary<string, object?> { ["type"] = "linear", ["rope_type"] = "linear", ["factor"] = 1.5, ["finetuned"] = true }),
        })
        {
            model.Config[key] = value;
        }

        using Model opened = Model.Open(model.Write(_folder.File("model")));
        Assert.Equal(2, opened.Spec.LayerCount);
    }

    [Fact]
    public void A_gguf_with_a_type_that_is_not_read_is_refused_when_it_is_opened()
    {
        const uint IQ2_XXS = 16;
        string path = _folder.File("model.gguf");
        File.WriteAllBytes(path, TinyGguf.Build(typeOf: name => name == "blk.0.ffn_up.weight" ? (IQ2_XXS, 66) : (0u, 4 * 256)).Build());
        Refused.With("KH1007", () => Model.Open(path), "blk.0.ffn_up.weight", "IQ2_XXS");
        File.WriteAllBytes(path, TinyGguf.Build().Build());
        using Model model = Model.Open(path);
        Assert.Equal((1, 256), (model.Spec.LayerCount, model.Spec.Blocks[0].FeedForward.MemoryCount));
    }

    [Theory]
    [InlineData("llama.attention.head_count", 3, "KH3009")]
    [InlineData("llama.attention.head_count_kv", 3, "KH3009")]
    [InlineData("llama.block_count", 100000, "KH3009")]
    [InlineData("llama.block_count", 0, "KH3009")]
    [InlineData("llama.rope.dimension_count", 512, "KH3009")]
    [InlineData("llama.rope.dimension_count", 3, "KH3009")]
    [InlineData("llama.expert_count", 8, "KH3009")]
    [InlineData("llama.feed_forward_length", 100, "KH3006")]
    public void A_gguf_with_an_impossible_value(string key, int value, string code)
    {
        string path = _folder.File("model.gguf");
        File.WriteAllBytes(path, TinyGguf.Build((key, (uint)value)).Build());
        Refused.With(code, () => Model.Open(path), "model.gguf");
    }

    [Fact]
    public void Divisors_of_another_number_than_frequencies_are_refused()
    {
        string path = _folder.File("model.gguf");
        File.WriteAllBytes(path, TinyGguf.Build().Tensor("rope_freqs.weight", [5], 0, new byte[20]).Build());
        Refused.With("KH1009", () => Model.Open(path), "rope_freqs.weight", "[5]");
    }

    public void Dispose() => _folder.Dispose();

    private void Refuse(string code, TinyModel model, params string[] parts)
        => Refused.With(code, () => Model.Open(model.Write(_folder.File("model"))), parts);
}
