using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Keyhole.Engine.Checkpoints;

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
