using Keyhole.Engine.Checkpoints;
using Keyhole.Engine.Numerics;

namespace Keyhole.Engine.Models.Families;

/// <summary>Falcon (Almazrouei et al. 2023): one key-value head or a few, parts in parallel or in turn, rotary positions or ALiBi.</summary>
internal sealed class FalconFamily : IModelFamily
{
    public string Name => "falcon";

    public string GgufArchitecture => "falcon";

    public ModelSpec FromConfig(ModelConfig config, Checkpoint checkpoint)
    {
        string headsKey = DecoderConfig.Key(config, "num_attention_heads", "n_head");
        string widthKey = config.Has("n_embed") ? "n_embed" : "hidden_size";   // goes before hidden_size where both are there
        int width = config.Size(widthKey);
        int heads = config.Size(headsKey);
        bool newer = config.GetBool("new_decoder_architecture", false);
        bool oneKeyHead = config.GetBool("multi_query", true);
        var decoder = new DecoderConfig(config, checkpoint, "word_embeddings.weight", "transformer.", string.Empty)
        {
            Width = width,
            Heads = heads,
            KeyValueHeads = newer ? config.Size("num_kv_heads", heads) : oneKeyHead ? 1 : heads,
            HeadSize = PositiveValues.Quotient(config.File, widthKey, width, headsKey, heads),
            Memories = config.Size("ffn_hidden_size", PositiveValues.Product(config.File, widthKey, width, "the usual factor", 4)),
            Context = config.Size("max_position_embeddings", 2048),
            LayersKey = DecoderConfig.Key(config, "num_hidden_layers", "n_layer"),
        };
        double epsilon = config.GetDouble("layer_norm_epsilon", 1e-5);
        bool bias = config.GetBool("bias", false);
        bool parallel = config.GetBool("parallel_attn", true) || newer;
        bool twoNorms = newer && config.GetInt32("num_ln_in_parallel_attn", 2) == 2;
        ActivationKind activation = decoder.Activation("activation", "gelu");
        bool alibi = config.GetBool("alibi", false);
        RotarySettings? rotary = alibi ? null : RotaryConfig.Read(config, decoder.HeadSize, decoder.Context);
        int rows = PositiveValues.Product(config.File, "all heads", checked(heads + (2 * decoder.KeyValueHeads)), "their size", decoder.HeadSize);
        var scoring = new AttentionScoring(decoder.RootScale)
        {
            Alibi = alibi ? new Alibi(Alibi.SlopesFor(heads)) { RoundsToBFloat16 = true, Scale = decoder.RootScale } : null,
        };

        BlockSpec Block(int layer)
        {
            string prefix = decoder.At(layer, string.Empty, "h");
            (LinearSpec query, LinearSpec key, LinearSpec value) = decoder.FusedByHead(DecoderConfig.Linear(prefix + "self_attention.query_key_value", rows, width, bias));
            string attentionNorm = twoNorms ? "ln_attn" : "input_layernorm";
            string feedForwardNorm = twoNorms ? "ln_mlp" : parallel ? "input_layernorm" : "post_attention_layernorm";
            return new BlockSpec(
                decoder.Attention(query, key, value, DecoderConfig.Linear(prefix + "self_attention.dense", width, width, bias)) with { Scoring = scoring, Rotary = rotary },
                new FeedForwardSpec(
                    DecoderConfig.Linear(prefix + "mlp.dense_h_to_4h", decoder.Memories, width, bias),
                    DecoderConfig.Linear(prefix + "mlp.dense_4h_to_h", width, decoder.Memories, bias),
                    null,
                    activation))
            {
                AttentionNorm = DecoderConfig.LayerNorm(prefix + attentionNorm, epsilon),
                FeedForwardNorm = DecoderConfig.LayerNorm(prefix + feedForwardNorm, epsilon),
                IsParallel = parallel,
            };
        }

        return decoder.Model(Name, Block, new HeadSpec(decoder.Output(tiedByDefault: true)) { Norm = DecoderConfig.LayerNorm(decoder.Root + "ln_f", epsilon) });
    }

    // The converter writes neither ALiBi nor parts in turn (Falcon-RW) into the metadata: a second norm of its own tells of them.
    public ModelSpec FromGguf(GgufFile file) => file.Tensors.ContainsKey("blk.0.ffn_norm.weight")
        ? throw new InputRefusedException("KH3011", $"{file.Path}: blk.0.ffn_norm.weight: a 'falcon' file with parts in turn does not say whether it has ALiBi. Take the folder of the model.")
        : new GgufDecoder(file, GgufArchitecture) { IsParallel = true, Activation = ActivationKind.Gelu }.Describe(Name);
}
