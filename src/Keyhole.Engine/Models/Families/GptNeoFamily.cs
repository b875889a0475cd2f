using System.Text.Json;
using Keyhole.Engine.Checkpoints;
using Keyhole.Engine.Numerics;

namespace Keyhole.Engine.Models.Families;

/// <summary>GPT-Neo (Black et al. 2021): GPT-2 with unscaled scores, and layers that see a window only.</summary>
internal sealed class GptNeoFamily : IModelFamily
{
    public string Name => "gpt_neo";

    public ModelSpec FromConfig(ModelConfig config, Checkpoint checkpoint)
    {
        string headsKey = DecoderConfig.Key(config, "num_heads", "num_attention_heads");
        int width = config.Size("hidden_size");
        int heads = config.Size(headsKey);
        var decoder = new DecoderConfig(config, checkpoint, "wte.weight", "transformer.", string.Empty)
        {
            Width = width,
            Heads = heads,
            KeyValueHeads = heads,
            HeadSize = PositiveValues.Quotient(config.File, "hidden_size", width, headsKey, heads),
            Memories = config.Size("intermediate_size", PositiveValues.Product(config.File, "hidden_size", width, "the usual factor", 4)),
            Context = config.Size("max_position_embeddings", 2048),
            LayersKey = DecoderConfig.Key(config, "num_layers", "num_hidden_layers"),
        };
        double epsilon = config.GetDouble("layer_norm_epsilon", 1e-5);
        ActivationKind activation = decoder.Activation("activation_function", "gelu_new");
        int window = config.Size("window_size", 256);
        string[] kinds = Kinds(config, decoder.Layers);

        BlockSpec Block(int layer)
        {
            string prefix = decoder.At(layer, string.Empty, "h");
            string attention = prefix + "attn.attention.";
            return new BlockSpec(
                decoder.Attention(
                    DecoderConfig.Linear(attention + "q_proj", width, width),
                    DecoderConfig.Linear(attention + "k_proj", width, width),
                    DecoderConfig.Linear(attention + "v_proj", width, width),
                    DecoderConfig.Linear(attention + "out_proj", width, width, bias: true)) with
                {
                    Scoring = new AttentionScoring(1) { Window = kinds[layer] == "local" ? window : null },
                },
                new FeedForwardSpec(
                    DecoderConfig.Linear(prefix + "mlp.c_fc", decoder.Memories, width, bias: true),
                    DecoderConfig.Linear(prefix + "mlp.c_proj", width, decoder.Memories, bias: true),
                    null,
                    activation))
            {
                AttentionNorm = DecoderConfig.LayerNorm(prefix + "ln_1", epsilon),
                FeedForwardNorm = DecoderConfig.LayerNorm(prefix + "ln_2", epsilon),
            };
        }

        return decoder.Model(Name, Block, new HeadSpec(decoder.Output(tiedByDefault: true)) { Norm = DecoderConfig.LayerNorm(decoder.Root + "ln_f", epsilon) },
            tokens => tokens with { Positions = decoder.Root + "wpe.weight", PositionRows = decoder.Context });
    }

    // attention_types: [[["global", "local"], 12]] repeats the pattern twelve times.
    private static string[] Kinds(ModelConfig config, int layers)
    {
        List<string> kinds = [];
        if (config.Get("attention_types") is { ValueKind: JsonValueKind.Array } types)
        {
            foreach (JsonElement entry in types.EnumerateArray())
            {
                if (entry.ValueKind != JsonValueKind.Array || entry.GetArrayLength() != 2
                    || entry[0].ValueKind != JsonValueKind.Array || entry[1].ValueKind != JsonValueKind.Number || !entry[1].TryGetInt32(out int times) || times > layers)
                {
                    throw config.Refuse("attention_types", "a list like [[[\"global\", \"local\"], 12]] for all layers");
                }

                string?[] pattern = [.. entry[0].EnumerateArray().Select(JsonFile.Text)];
                for (int repeat = 0; repeat < times && kinds.Count <= layers; repeat++)
                {
                    kinds.AddRange(pattern.Select(kind => kind ?? string.Empty));
                }
            }

            _ = config.Has("attention_layers");
        }
        else
        {
            kinds = config.Has("attention_layers") ? [.. config.GetStrings("attention_layers")] : [.. Enumerable.Range(0, layers).Select(layer => layer % 2 == 0 ? "global" : "local")];
        }

        return kinds.Count == layers && kinds.All(kind => kind is "global" or "local")
            ? [.. kinds]
            : throw config.Refuse("attention_types", $"a list of global and local that names each of the {layers} layers");
    }
}
