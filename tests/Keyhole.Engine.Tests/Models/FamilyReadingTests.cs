using System.Globalization;
using System.Text.Json;
using Keyhole.Engine.Checkpoints;
using Keyhole.Engine.Models;
using Keyhole.Engine.Models.Families;
using Keyhole.Engine.Numerics;
using Keyhole.Engine.Tests.Checkpoints;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Engine.Tests.Models;

/// <summary>What transformers 5 makes of a config, where a reader could believe something else; and of GGUF metadata what llama.cpp does.</summary>
public sealed class FamilyReadingTests : IDisposable
{
    private readonly TestSupport.TemporaryFolder _folder = new();

    [Fact]
    public void Rope_scaling_goes_before_rope_parameters_unless_it_is_empty()
    {
        var parameters = FamilyVariants.Rope("default", ("rope_theta", 300.0));
        RotarySettings both = Rotary("llama", ("rope_theta", 200.0), ("rope_parameters", parameters), ("rope_scaling", FamilyVariants.Rope("linear", ("factor", 2.0))));
        Assert.Equal((RotaryKind.Linear, 200.0), (both.Kind, both.Theta));
        RotarySettings empty = Rotary("llama", ("rope_theta", 200.0), ("rope_parameters", parameters), ("rope_scaling", new Dictionary<string, object?>()));
        Assert.Equal((RotaryKind.Default, 300.0), (empty.Kind, empty.Theta));
    }

    [Fact]
    public void Original_positions_beside_the_object_go_before_those_inside()
    {
        var yarn = FamilyVariants.Rope("yarn", ("factor", 2.0), ("original_max_position_embeddings", 20));
        Assert.Equal(20, Rotary("llama", ("rope_scaling", yarn)).OriginalMaxPositions);
        Assert.Equal(10, Rotary("llama", ("rope_scaling", yarn), ("original_max_position_embeddings", 10)).OriginalMaxPositions);
        double[] divisors = [1, 1, 1];
        var longRope = FamilyVariants.Rope("longrope", ("original_max_position_embeddings", 20), ("short_factor", divisors), ("long_factor", divisors));
        Assert.Equal(4096, Rotary("phi3", ("rope_scaling", longRope)).OriginalMaxPositions);   // Phi-3's class has it
    }

    [Fact]
    public void Dynamic_scaling_begins_at_max_position_embeddings_and_its_factor_lengthens_the_context()
    {
        ModelSpec spec = Spec("llama", ("rope_scaling", FamilyVariants.Rope("dynamic", ("factor", 2.5), ("original_max_position_embeddings", 8))));
        Assert.Equal(100, spec.ContextLength);
        RotarySettings settings = spec.Blocks[0].Attention.Rotary!;
        float[] plain = RotaryFrequencies.Compute(new RotarySettings { RotaryDim = 6 }, 1).InverseFrequencies;
        Assert.Equal(plain, RotaryFrequencies.Compute(settings, 40).InverseFrequencies);
        Assert.NotEqual(plain, RotaryFrequencies.Compute(settings, 41).InverseFrequencies);
    }

    [Fact]
    public void GptNeo_names_a_kind_for_each_layer()
    {
        object[] pattern = [new object[] { (string[])["global", "sliding"], 1 }];
        Refuse("KH1014", "attention_types", FamilyVariants.Config("gpt_neo", ("num_layers", 2), ("attention_types", pattern)));
        Refuse("KH1014", "attention_types", FamilyVariants.Config("gpt_neo", ("num_layers", 2), ("attention_types", (int[])[1, 2])));
        string folder = TinyModel.Of(FamilyVariants.Config("gpt_neo", ("num_layers", 2), ("attention_types", (object[])[new object[] { (string[])["global", "local"], 1 }]))).Write(_folder.File("model"));
        string config = Path.Combine(folder, "config.json");
        File.WriteAllText(config, File.ReadAllText(config).Replace("\"local\"", "\"\\ud800\"", StringComparison.Ordinal));
        Refused.With("KH1014", () => Model.Open(folder), "attention_types");
    }

    [Theory]
    [InlineData("model_type", "KH3001")]
    [InlineData("activation_function", "KH3101")]
    public void Long_values_are_not_quoted_whole(string key, string code)
    {
        string folder = TinyModel.Of(FamilyVariants.Config("gpt_neo")).Write(_folder.File("model"));
        string config = Path.Combine(folder, "config.json");
        var values = JsonSerializer.Deserialize<Dictionary<string, object?>>(File.ReadAllText(config))!;
        values[key] = new string('x', 100_000);
        File.WriteAllText(config, JsonSerializer.Serialize(values));
        var refused = Assert.Throws<InputRefusedException>(() => Model.Open(folder));
        Assert.Equal(code, refused.Code);
        Assert.InRange(refused.Message.Length, 1, 2000);
    }

    [Fact]
    public void GptNeoX_has_its_own_keys_and_takes_an_odd_number_of_rotated_elements_up()
    {
        RotarySettings settings = Rotary("gpt_neox", ("num_attention_heads", 2), ("rotary_emb_base", 50), ("rope_theta", 7.0));   // heads of 12, a quarter of which turns
        Assert.Equal((4, 3, 50.0), (settings.RotaryDim, settings.FrequencyDim, settings.Theta));
        Assert.Equal((float)(1 / Math.Pow(50, 2 / 3.0)), RotaryFrequencies.Compute(settings, 1).InverseFrequencies[1], 1e-7f);
        Refuse("KH1014", "partial_rotary_factor", FamilyVariants.Config("gpt_neox", ("rotary_pct", 0.5), ("partial_rotary_factor", 0.25)));
        Refuse("KH3102", "rotary dimension is 3", FamilyVariants.Config("stablelm", ("num_attention_heads", 2)));
    }

    [Fact]
    public void Gemma_reads_hidden_act_and_gemma2_hidden_activation()
    {
        Assert.Equal(ActivationKind.Gelu, Spec("gemma", ("hidden_act", "gelu"), ("hidden_activation", "silu")).Blocks[0].FeedForward.Activation);
        Assert.Equal(ActivationKind.Silu, Spec("gemma2", ("hidden_act", "gelu"), ("hidden_activation", "silu")).Blocks[0].FeedForward.Activation);
        Assert.Equal(ActivationKind.GeluPytorchTanh, Spec("gemma", ("hidden_activation", null)).Blocks[0].FeedForward.Activation);
    }

    [Theory]
    [InlineData("mistral", 4096)]
    [InlineData("phi3", null)]
    [InlineData("starcoder2", null)]
    public void All_layers_slide_whatever_layer_types_says(string family, int? missing)
    {
        (string, object?) types = ("layer_types", (string[])["full_attention", "full_attention", "full_attention"]);
        Assert.All(Spec(family, ("sliding_window", 9), types).Blocks, block => Assert.Equal(9, block.Attention.Scoring.Window));
        Assert.All(Spec(family, ("sliding_window", null)).Blocks, block => Assert.Null(block.Attention.Scoring.Window));
        Assert.All(Spec(family).Blocks, block => Assert.Equal(missing, block.Attention.Scoring.Window));
    }

    [Fact]
    public void Layers_that_slide_need_a_window()
    {
        string[] types = ["full_attention", "sliding_attention", "full_attention"];
        Assert.Equal([null, 4096, null], Spec("gemma2", ("layer_types", types)).Blocks.Select(block => block.Attention.Scoring.Window));
        Assert.Equal([4096, null, 4096], Spec("gemma2").Blocks.Select(block => block.Attention.Scoring.Window));
        Assert.Equal([null, null, null], Spec("qwen2", ("use_sliding_window", true), ("max_window_layers", 0), ("sliding_window", null)).Blocks.Select(block => block.Attention.Scoring.Window));
        Refuse("KH1014", "sliding_window", FamilyVariants.Config("gemma2", ("sliding_window", null)));
        Refuse("KH1014", "sliding_window", FamilyVariants.Config("gemma3_text", ("sliding_window", null)));
        Refuse("KH1014", "sliding_window", FamilyVariants.Config("qwen3", ("layer_types", types)));
        Refuse("KH1014", "layer_types", FamilyVariants.Config("gemma2", ("layer_types", types[..2])));
        Refuse("KH1014", "layer_types", FamilyVariants.Config("gemma2", ("layer_types", (string[])["full_attention", "chunked_attention", "full_attention"])));
    }

    [Fact]
    public void Gemma3_scales_full_layers_only()
    {
        ModelSpec older = Spec("gemma3_text", ("sliding_window_pattern", 3), ("rope_scaling", FamilyVariants.Rope("linear", ("factor", 8.0))), ("rope_local_base_freq", 77.0));
        Assert.Equal([(RotaryKind.Default, 77.0), (RotaryKind.Default, 77.0), (RotaryKind.Linear, 1e6)], older.Blocks.Select(block => (block.Attention.Rotary!.Kind, block.Attention.Rotary.Theta)));
        Refuse("KH1014", "rope_parameters", FamilyVariants.Config("gemma3_text", ("rope_parameters", FamilyVariants.Rope("linear", ("factor", 2.0)))));
        Refuse("KH1014", "attn_logit_softcapping", FamilyVariants.Config("gemma3_text", ("attn_logit_softcapping", 50.0)));
        Refuse("KH1014", "use_bidirectional_attention", FamilyVariants.Config("gemma3_text", ("use_bidirectional_attention", true)));
        Refuse("KH1014", "rope_scaling", FamilyVariants.Config("gemma3_text", ("rope_scaling", FamilyVariants.Rope("default")), ("rope_parameters", new Dictionary<string, object?> { ["full_attention"] = FamilyVariants.Rope("default") })));
    }

    [Theory]
    [InlineData("llama")]
    [InlineData("qwen3")]
    [InlineData("olmo2")]
    public void A_part_of_heads_is_refused_where_the_family_rotates_all(string family)
    {
        Refuse("KH3011", "partial_rotary_factor", FamilyVariants.Config(family, ("head_dim", 8), ("partial_rotary_factor", 0.5)));
        Refuse("KH3011", "rope_parameters.partial_rotary_factor", FamilyVariants.Config(family, ("head_dim", 8), ("rope_parameters", FamilyVariants.Rope("default", ("partial_rotary_factor", 0.5)))));
        Assert.Equal(8, Rotary(family, ("head_dim", 8), ("partial_rotary_factor", 1.0)).RotaryDim);
    }

    [Theory]
    [InlineData(2.0)]
    [InlineData(0.0)]
    public void A_part_of_heads_that_cannot_be(double factor) => Refuse("KH1014", "partial_rotary_factor", FamilyVariants.Config("phi", ("partial_rotary_factor", factor)));

    [Theory]
    [InlineData("bloom")]
    [InlineData("falcon")]
    public void An_n_embed_goes_before_hidden_size(string family) => Assert.Equal(48, Spec(family, ("n_embed", 48), ("n_head", 4), ("n_layer", 2)).Width);

    [Theory]
    [InlineData("gemma", "model.embed_tokens.weight", "lm_head.weight")]
    [InlineData("gpt2", "transformer.wte.weight", "lm_head.weight")]
    [InlineData("gpt_neox", "gpt_neox.embed_in.weight", "embed_out.weight")]
    [InlineData("opt", "model.decoder.embed_tokens.weight", "lm_head.weight")]
    public void An_output_embedding_of_its_own_is_taken_although_tied(string family, string embedding, string output)
    {
        TinyModel model = TinyModel.Of(FamilyVariants.Config(family, ("head_dim", 6), ("tie_word_embeddings", true), ("n_embd", 24), ("n_head", 4), ("n_layer", 2), ("ffn_dim", 31)));
        (long[] shape, float[] values) = model.Tensors[embedding];
        Assert.Equal(embedding, Output());
        model.Tensors[output] = (shape, [.. values]);
        Assert.Equal(embedding, Output());
        model.Tensors[output] = (shape, [.. values.Select(value => -value)]);
        Assert.Equal(output, Output());
        model.Tensors.Remove(embedding);
        Assert.Equal(output, Output());

        string Output()
        {
            using Model opened = Model.Open(model.Write(_folder.File("tied")));
            Assert.Equal(model.Tensors.ContainsKey(embedding) ? embedding : output, opened.Spec.Embedding.Tokens);
            return opened.Spec.Head.Output;
        }
    }

    [Theory]
    [InlineData("gpt_neo", "transformer.h.0.attn.attention.bias")]
    [InlineData("gpt_neo", "transformer.h.1.attn.attention.masked_bias")]
    [InlineData("gpt_neox", "gpt_neox.layers.0.attention.bias")]
    [InlineData("gpt_neox", "gpt_neox.layers.0.attention.rotary_emb.inv_freq")]
    [InlineData("gpt2", "transformer.h.0.attn.bias")]
    public void Constants_of_old_exports_are_ignored(string family, string name)
    {
        TinyModel model = TinyModel.Of(FamilyVariants.Config(family, ("num_layers", 2), ("n_embd", 24), ("n_head", 4), ("n_layer", 2)));
        model.Tensors[name] = ([1, 1, 2, 2], [1, 0, 1, 1]);
        using Model opened = Model.Open(model.Write(_folder.File("old")));
        Assert.Equal(family, opened.Spec.Family);
    }

    [Theory]
    [InlineData(int.MaxValue, 31, "number of experts")]
    [InlineData(4, int.MaxValue, "too large")]
    [InlineData(64, 1 << 26, "too large")]
    public void Experts_in_one_tensor_are_not_counted_up_to_a_damaged_number(int experts, int memories, string part)
    {
        TinyModel model = TinyModel.Of(FamilyVariants.Config("mixtral", ("num_experts", 4), ("num_experts_per_tok", 2)), "model.layers.0.mlp.experts.gate_up_proj");
        model.Config["num_experts"] = experts;
        model.Config["intermediate_size"] = memories;
        Refused.With("KH3009", () => Model.Open(model.Write(_folder.File("model"))), part);
    }

    [Fact]
    public void Missing_and_null_take_other_key_value_heads()
    {
        Dictionary<string, object?> config = FamilyVariants.Config("mistral", ("num_attention_heads", 8), ("hidden_size", 48));
        config.Remove("num_key_value_heads");
        Assert.Equal(8, Spec(config).Blocks[0].Attention.KeyValueHeads);
        config["num_attention_heads"] = 16;
        Assert.Equal(8, Spec(config, "head_dim").Blocks[0].Attention.KeyValueHeads);
        config["num_key_value_heads"] = null;
        Assert.Equal(16, Spec(config, "head_dim").Blocks[0].Attention.KeyValueHeads);
    }

    [Fact]
    public void A_factor_alone_is_linear_in_gguf_and_has_an_older_name()
    {
        Assert.Equal((RotaryKind.Linear, 4.0), Kind("llama", ("rope.scaling.factor", 4f)));
        Assert.Equal((RotaryKind.Linear, 4.0), Kind("llama", ("rope.scale_linear", 4f)));
        Assert.Equal((RotaryKind.Default, 4.0), Kind("llama", ("rope.scaling.factor", 4f), ("rope.scaling.type", "none")));
        Assert.Equal((RotaryKind.Default, null), Kind("llama", ("rope.scaling.type", "linear")));
        RotarySettings yarn = Gguf("llama", ("rope.scaling.factor", 4f), ("rope.scaling.type", "yarn"), ("rope.scaling.yarn_beta_fast", 8f), ("rope.scaling.yarn_beta_slow", 2f)).Blocks[0].Attention.Rotary!;
        Assert.Equal((RotaryKind.Yarn, 8.0, 2.0), (yarn.Kind, yarn.BetaFast, yarn.BetaSlow));
        Refused.With("KH3011", () => Gguf("llama", ("rope.scaling.yarn_attn_factor", 2f)), "yarn_attn_factor");

        (RotaryKind, double?) Kind(string architecture, params (string, object)[] keys)
        {
            RotarySettings settings = Gguf(architecture, keys).Blocks[0].Attention.Rotary!;
            return (settings.Kind, settings.Factor);
        }
    }

    [Fact]
    public void Gemma2_files_that_say_nothing_have_window_and_caps()
    {
        ModelSpec silent = Gguf("gemma2");
        Assert.Equal([4096, null, 4096], silent.Blocks.Select(block => block.Attention.Scoring.Window));
        Assert.Equal((50f, 30f), (silent.Blocks[0].Attention.Scoring.SoftCap, silent.Head.SoftCap));
        ModelSpec speaking = Gguf("gemma2", ("attention.sliding_window", 7u), ("attn_logit_softcapping", 3f), ("final_logit_softcapping", 0f));
        Assert.Equal((7, 3f, null), (speaking.Blocks[0].Attention.Scoring.Window, speaking.Blocks[0].Attention.Scoring.SoftCap, speaking.Head.SoftCap));
        Assert.Null(Gguf("gemma3").Blocks[0].Attention.Scoring.Window);
    }

    [Fact]
    public void Stablelm_files_are_parallel_where_they_have_no_second_norm()
    {
        Assert.True(Gguf("stablelm").Blocks[0].IsParallel);
        BlockSpec block = Gguf("stablelm", ("use_parallel_residual", 1u), ("+", "blk.0.ffn_norm.weight")).Blocks[0];
        Assert.False(block.IsParallel);
        Assert.Equal("blk.0.ffn_norm.weight", block.FeedForwardNorm!.Weight);
    }

    [Fact]
    public void Olmo3_files_slide_in_three_layers_of_four_with_plain_frequencies()
    {
        ModelSpec spec = Gguf("olmo2", ("attention.sliding_window", 7u), ("block_count", 4u), ("rope.freq_base", 500f), ("rope.scaling.type", "yarn"), ("rope.scaling.factor", 8f));
        Assert.Equal([7, 7, 7, null], spec.Blocks.Select(block => block.Attention.Scoring.Window));
        Assert.Equal([RotaryKind.Default, RotaryKind.Default, RotaryKind.Default, RotaryKind.Yarn], spec.Blocks.Select(block => block.Attention.Rotary!.Kind));
        Assert.All(spec.Blocks, block => Assert.Equal(500, block.Attention.Rotary!.Theta));
        Assert.Null(Gguf("olmo2").Blocks[0].Attention.Scoring.Window);
    }

    [Fact]
    public void Falcon_files_with_parts_in_turn_are_refused()
        => Refused.With("KH3011", () => Gguf("falcon", ("+", "blk.0.ffn_norm.weight")), "ffn_norm");

    public void Dispose() => _folder.Dispose();

    private static ModelSpec Spec(string family, params ReadOnlySpan<(string Key, object? Value)> changes) => Spec(FamilyVariants.Config(family, changes));

    // Describes a config whose weights are not there; with a head size of 6 where asked.
    private static ModelSpec Spec(Dictionary<string, object?> config, string? headSize = null)
    {
        Dictionary<string, object?> changed = new(config);
        if (headSize is not null)
        {
            changed[headSize] = 6;
        }

        using var folder = new TestSupport.TemporaryFolder();
        var stub = new TinyModel();
        for (int i = 0; i < 8; i++)
        {
            stub.Tensors[string.Create(CultureInfo.InvariantCulture, $"stub.{i}")] = ([1], [0]);
        }

        string path = stub.Write(folder.File("stub"));
        File.WriteAllText(Path.Combine(path, "config.json"), JsonSerializer.Serialize(changed));
        using Checkpoint checkpoint = Checkpoint.Open(path);
        return FamilyRegistry.Describe(path, checkpoint);
    }

    private static RotarySettings Rotary(string family, params ReadOnlySpan<(string Key, object? Value)> changes) => Spec(family, changes).Blocks[0].Attention.Rotary!;

    private static void Refuse(string code, string part, Dictionary<string, object?> config) => Refused.With(code, () => Spec(config), part);

    // Describes metadata with a few tensors; a key + adds one.
    private static ModelSpec Gguf(string architecture, params (string Key, object Value)[] changes)
    {
        Dictionary<string, object> keys = new()
        {
            ["embedding_length"] = 24u,
            ["context_length"] = 40u,
            ["block_count"] = 3u,
            ["feed_forward_length"] = 31u,
            ["attention.head_count"] = 4u,
            [architecture is "stablelm" or "falcon" ? "attention.layer_norm_epsilon" : "attention.layer_norm_rms_epsilon"] = 1e-5f,
        };
        var builder = new GgufBuilder();
        builder.Key("general.architecture", architecture);
        byte[] row = new byte[4 * 24];
        foreach (string name in (string[])["token_embd.weight", "output_norm.weight", "blk.0.attn_norm.weight", "blk.1.attn_norm.weight"])
        {
            builder.Tensor(name, [24, 1], 0, row);
        }

        foreach ((string key, object value) in changes)
        {
            if (key == "+")
            {
                builder.Tensor((string)value, [24], 0, row);
            }
            else
            {
                keys[key] = value;
            }
        }

        foreach ((string key, object value) in keys)
        {
            string name = $"{architecture}.{key}";
            _ = value switch
            {
                uint number => builder.Key(name, number),
                float number => builder.Key(name, 6, writer => writer.Write(number)),
                _ => builder.Key(name, (string)value),
            };
        }

        using var folder = new TestSupport.TemporaryFolder();
        string path = folder.Write("model.gguf", builder.Build());
        using GgufFile file = GgufFile.Open(path);
        return FamilyRegistry.Describe(path, file);
    }
}
