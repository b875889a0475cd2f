using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Keyhole.Engine.Checkpoints;
using Keyhole.Engine.Models;
using Keyhole.Engine.Models.Families;

namespace Keyhole.TestSupport;

/// <summary>A small random model in HF layout that a test describes, changes and writes.</summary>
internal sealed partial class TinyModel
{
    /// <summary>config.json.</summary>
    public Dictionary<string, object?> Config { get; } = [];

    /// <summary>Weights by name, with their shapes.</summary>
    public Dictionary<string, (long[] Shape, float[] Values)> Tensors { get; } = [];

    /// <summary>A llama: RMSNorm, rotary positions, grouped queries, gated layers.</summary>
    public static TinyModel Llama(int layers = 2, int width = 24, int heads = 4, int keyValueHeads = 2, int headSize = 6, int memories = 40, int vocabulary = 260, int context = 64,
        bool attentionBias = false, bool memoryBias = false, bool tied = false, string activation = "silu", int seed = 1)
    {
        var model = new TinyModel
        {
            Config =
            {
                ["model_type"] = "llama",
                ["hidden_size"] = width,
                ["num_attention_heads"] = heads,
                ["num_key_value_heads"] = keyValueHeads,
                ["head_dim"] = headSize,
                ["intermediate_size"] = memories,
                ["num_hidden_layers"] = layers,
                ["vocab_size"] = vocabulary,
                ["max_position_embeddings"] = context,
                ["rms_norm_eps"] = 1e-5,
                ["hidden_act"] = activation,
                ["attention_bias"] = attentionBias,
                ["mlp_bias"] = memoryBias,
                ["tie_word_embeddings"] = tied,
            },
        };
        var random = new Random(seed);
        model.Add("model.embed_tokens.weight", random, 1, vocabulary, width);
        for (int layer = 0; layer < layers; layer++)
        {
            string block = string.Create(CultureInfo.InvariantCulture, $"model.layers.{layer}.");
            model.Gain(block + "input_layernorm.weight", random, width);
            model.Linear(block + "self_attn.q_proj", random, heads * headSize, width, attentionBias);
            model.Linear(block + "self_attn.k_proj", random, keyValueHeads * headSize, width, attentionBias);
            model.Linear(block + "self_attn.v_proj", random, keyValueHeads * headSize, width, attentionBias);
            model.Linear(block + "self_attn.o_proj", random, width, heads * headSize, attentionBias);
            model.Gain(block + "post_attention_layernorm.weight", random, width);
            model.Linear(block + "mlp.gate_proj", random, memories, width, memoryBias);
            model.Linear(block + "mlp.up_proj", random, memories, width, memoryBias);
            model.Linear(block + "mlp.down_proj", random, width, memories, memoryBias);
        }

        model.Gain("model.norm.weight", random, width);
        if (!tied)
        {
            model.Add("lm_head.weight", random, 0.2f, vocabulary, width);
        }

        return model;
    }

    /// <summary>A mixtral: a llama whose layers are mixtures, their router's weights divided by their sum.</summary>
    public static TinyModel Mixtral(int layers = 2, int experts = 4, int chosen = 2, int memories = 40, int context = 64, int seed = 3)
    {
        TinyModel model = Llama(layers, memories: memories, context: context, seed: seed);
        model.Config["model_type"] = "mixtral";
        model.Config["num_local_experts"] = experts;
        model.Config["num_experts_per_tok"] = chosen;
        model.Mix("block_sparse_moe.gate", "block_sparse_moe.experts.", ["w1", "w3", "w2"], new Random(seed));
        return model;
    }

    /// <summary>An olmoe: more and smaller experts, router's weights as the softmax has them, queries and keys normed.</summary>
    public static TinyModel Olmoe(int layers = 2, int experts = 8, int chosen = 3, int memories = 20, int context = 64, int seed = 4)
    {
        TinyModel model = Llama(layers, memories: memories, context: context, seed: seed);
        model.Config["model_type"] = "olmoe";
        model.Config["num_experts"] = experts;
        model.Config["num_experts_per_tok"] = chosen;
        var random = new Random(seed);
        model.Mix("mlp.gate", "mlp.experts.", ["gate_proj", "up_proj", "down_proj"], random);
        for (int layer = 0; layer < layers; layer++)
        {
            string attention = string.Create(CultureInfo.InvariantCulture, $"model.layers.{layer}.self_attn.");
            foreach (string part in (string[])["q", "k"])
            {
                model.Gain($"{attention}{part}_norm.weight", random, (int)model.Tensors[$"{attention}{part}_proj.weight"].Shape[0]);
            }
        }

        return model;
    }

    /// <summary>An OPT; with <paramref name="embeddingWidth"/> other than the width and norms after each part it is like OPT-350m.</summary>
    public static TinyModel Opt(int layers = 2, int width = 24, int heads = 4, int memories = 40, int vocabulary = 260, int context = 64, int? embeddingWidth = null,
        bool normBefore = true, bool bias = true, bool affine = true, bool removeFinalNorm = false, bool tied = true, string activation = "relu", int seed = 2)
    {
        int narrow = embeddingWidth ?? width;
        var model = new TinyModel
        {
            Config =
            {
                ["model_type"] = "opt",
                ["hidden_size"] = width,
                ["word_embed_proj_dim"] = narrow,
                ["num_attention_heads"] = heads,
                ["ffn_dim"] = memories,
                ["num_hidden_layers"] = layers,
                ["vocab_size"] = vocabulary,
                ["max_position_embeddings"] = context,
                ["do_layer_norm_before"] = normBefore,
                ["enable_bias"] = bias,
                ["layer_norm_elementwise_affine"] = affine,
                ["_remove_final_layer_norm"] = removeFinalNorm,
                ["activation_function"] = activation,
                ["tie_word_embeddings"] = tied,
            },
        };
        const string Root = "model.decoder.";
        var random = new Random(seed);
        model.Add(Root + "embed_tokens.weight", random, 1, vocabulary, narrow);
        model.Add(Root + "embed_positions.weight", random, 0.5f, context + 2, width);
        if (narrow != width)
        {
            model.Linear(Root + "project_in", random, width, narrow, false);
            model.Linear(Root + "project_out", random, narrow, width, false);
        }

        for (int layer = 0; layer < layers; layer++)
        {
            string block = string.Create(CultureInfo.InvariantCulture, $"{Root}layers.{layer}.");
            foreach (string part in (string[])["q_proj", "k_proj", "v_proj", "out_proj"])
            {
                model.Linear(block + "self_attn." + part, random, width, width, bias);
            }

            model.Linear(block + "fc1", random, memories, width, bias);
            model.Linear(block + "fc2", random, width, memories, bias);
            model.Norm(block + "self_attn_layer_norm", random, width, affine);
            model.Norm(block + "final_layer_norm", random, width, affine);
        }

        if (normBefore && !removeFinalNorm)
        {
            model.Norm(Root + "final_layer_norm", random, width, affine);
        }

        if (!tied)
        {
            model.Add("lm_head.weight", random, 0.2f, vocabulary, narrow);
        }

        return model;
    }

    /// <summary>Random weights for a config of any family: whatever tensors its description reads.</summary>
    /// <param name="config">config.json.</param>
    /// <param name="stored">Names by which a family tells forms of a checkpoint apart.</param>
    public static TinyModel Of(IEnumerable<KeyValuePair<string, object?>> config, params ReadOnlySpan<string> stored)
    {
        const int Stubs = 64;   // more tensors than layers or experts, which no more of are counted up to
        using var folder = new TemporaryFolder();
        var stub = new TinyModel();
        foreach (string name in (string[])[.. stored, .. Enumerable.Range(0, Stubs).Select(index => string.Create(CultureInfo.InvariantCulture, $"stub.{index}"))])
        {
            stub.Tensors[name] = ([1], [0]);
        }

        var model = new TinyModel();
        foreach ((string key, object? value) in config)
        {
            stub.Config[key] = value;
            model.Config[key] = value;
        }

        string path = stub.Write(folder.File("stub"));
        using Checkpoint checkpoint = Checkpoint.Open(path);
        ModelSpec spec = FamilyRegistry.Describe(path, checkpoint);
        float offset = spec.Head.Norm?.GainOffset ?? 0;
        var random = new Random(3);
        foreach ((string name, long[] shape) in spec.Tensors())
        {
            int[] sizes = [.. shape.Select(size => (int)size)];
            bool isGain = sizes.Length == 1 && name.EndsWith("weight", StringComparison.Ordinal);
            float scale = sizes.Length == 1 ? 0.3f
                : name == spec.Embedding.Tokens ? 1
                : name == spec.Embedding.Positions ? 0.5f
                : name == spec.Head.Output ? 0.2f
                : 1.5f / MathF.Sqrt(sizes[^1]);
            model.Add(name, random, scale, sizes);
            float[] values = model.Tensors[name].Values;
            for (int i = 0; i < values.Length && isGain; i++)
            {
                values[i] += 1 - offset;
            }
        }

        return model;
    }

    /// <summary>Writes config.json and model.safetensors (F32) into a folder, which is returned.</summary>
    public string Write(string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "config.json"), JsonSerializer.Serialize(Config));
        using SafetensorsOutput output = SafetensorsWriter.Create(
            Path.Combine(folder, "model.safetensors"),
            [.. Tensors.Select(tensor => new TensorDeclaration(tensor.Key, StorageType.F32, [.. tensor.Value.Shape]))]);
        foreach ((string name, (long[] _, float[] values)) in Tensors)
        {
            output.Write<float>(name, values);
        }

        output.Complete();
        return folder;
    }

    // A router and experts in place of each llama layer's gate, linear part and output.
    private void Mix(string router, string expert, string[] parts, Random random)
    {
        int experts = (int)(Config.GetValueOrDefault("num_local_experts") ?? Config["num_experts"])!;
        int width = (int)Config["hidden_size"]!;
        int memories = (int)Config["intermediate_size"]!;
        for (int layer = 0; layer < (int)Config["num_hidden_layers"]!; layer++)
        {
            string block = string.Create(CultureInfo.InvariantCulture, $"model.layers.{layer}.");
            foreach (string part in (string[])["gate_proj", "up_proj", "down_proj"])
            {
                Tensors.Remove($"{block}mlp.{part}.weight");
            }

            Linear(block + router, random, experts, width, bias: false);
            for (int e = 0; e < experts; e++)
            {
                string name = string.Create(CultureInfo.InvariantCulture, $"{block}{expert}{e}.");
                Linear(name + parts[0], random, memories, width, bias: false);
                Linear(name + parts[1], random, memories, width, bias: false);
                Linear(name + parts[2], random, width, memories, bias: false);
            }
        }
    }

    private void Linear(string name, Random random, int outputs, int inputs, bool bias)
    {
        Add(name + ".weight", random, 1.5f / MathF.Sqrt(inputs), outputs, inputs);
        if (bias)
        {
            Add(name + ".bias", random, 0.3f, outputs);
        }
    }

    private void Norm(string name, Random random, int width, bool affine)
    {
        if (affine)
        {
            Gain(name + ".weight", random, width);
            Add(name + ".bias", random, 0.2f, width);
        }
    }

    private void Gain(string name, Random random, int width)
    {
        Add(name, random, 0.3f, width);
        float[] values = Tensors[name].Values;
        for (int i = 0; i < values.Length; i++)
        {
            values[i] += 1;
        }
    }

    private void Add(string name, Random random, float scale, params int[] shape)
    {
        float[] values = new float[shape.Aggregate(1, (product, size) => product * size)];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = scale * (float)((random.NextDouble() * 2) - 1);
        }

        Tensors[name] = ([.. shape.Select(size => (long)size)], values);
    }
}
