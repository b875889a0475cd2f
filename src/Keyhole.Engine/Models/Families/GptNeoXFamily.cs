using Keyhole.Engine.Checkpoints;
using Keyhole.Engine.Numerics;

namespace Keyhole.Engine.Models.Families;

/// <summary>GPT-NeoX (Black et al. 2022) and Pythia: both parts read the residual in parallel, each through a norm of its own; part of each head is rotated.</summary>
internal sealed class GptNeoXFamily : IModelFamily
{
    public string Name => "gpt_neox";

    public string GgufArchitecture => "gptneox";

    public ModelSpec FromConfig(ModelConfig config, Checkpoint checkpoint)
    {
        int width = config.Size("hidden_size");
        int heads = config.Size("num_attention_heads");
        var decoder = new DecoderConfig(config, checkpoint, "embed_in.weight", "gpt_neox.", string.Empty)
        {
            Width = width,
            Heads = heads,
            KeyValueHeads = heads,
            HeadSize = PositiveValues.Quotient(config.File, "hidden_size", width, "num_attention_heads", heads),
            Memories = config.Size("intermediate_size"),
            Context = config.Size("max_position_embeddings", 2048),
            LayersKey = "num_hidden_layers",
        };
        double epsilon = config.GetDouble("layer_norm_eps", 1e-5);
        bool bias = config.GetBool("attention_bias", true);
        bool parallel = config.GetBool("use_parallel_residual", true);
        ActivationKind activation = decoder.Activation("hidden_act", "gelu");
        RotarySettings rotary = RotaryConfig.Read(config, decoder.HeadSize, decoder.Context, 
            new RotaryDefaults { ThetaKey = "rotary_emb_base", PartialKey = "rotary_pct", Partial = 0.25, RotatesOddUp = true });

        BlockSpec Block(int layer)
        {
            string prefix = decoder.At(layer, string.Empty);
            (LinearSpec query, LinearSpec key, LinearSpec value) = decoder.FusedByHead(
                DecoderConfig.Linear(prefix + "attention.query_key_value", PositiveValues.Product(config.File, "hidden_size", width, "three maps", 3), width, bias));
            return new BlockSpec(
                decoder.Attention(query, key, value, DecoderConfig.Linear(prefix + "attention.dense", width, width, bias)) with { Rotary = rotary },
                new FeedForwardSpec(
                    DecoderConfig.Linear(prefix + "mlp.dense_h_to_4h", decoder.Memories, width, bias: true),
                    DecoderConfig.Linear(prefix + "mlp.dense_4h_to_h", width, decoder.Memories, bias: true),
                    null,
                    activation))
            {
                AttentionNorm = DecoderConfig.LayerNorm(prefix + "input_layernorm", epsilon),
                FeedForwardNorm = DecoderConfig.LayerNorm(prefix + "post_attention_layernorm", epsilon),
                IsParallel = parallel,
            };
        }

        return decoder.Model(Name, Block, new HeadSpec(decoder.Output(tiedByDefault: false, "embed_out")) { Norm = DecoderConfig.LayerNorm(decoder.Root + "final_layer_norm", epsilon) });
    }

    public ModelSpec FromGguf(GgufFile file) => new GgufDecoder(file, GgufArchitecture)
    {
        Activation = ActivationKind.Gelu,
        IsParallel = file.GetBool(GgufArchitecture + ".use_parallel_residual", true),
    }.Describe(Name);
}
