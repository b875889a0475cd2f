using Keyhole.Engine.Checkpoints;
using Keyhole.Engine.Numerics;

namespace Keyhole.Engine.Models.Families;

/// <summary>BLOOM (2022): ALiBi instead of positions, the embedding normed, query, key and value of a head side by side.</summary>
internal sealed class BloomFamily : IModelFamily
{
    public string Name => "bloom";

    public string GgufArchitecture => "bloom";

    public ModelSpec FromConfig(ModelConfig config, Checkpoint checkpoint)
    {
        string widthKey = config.Has("n_embed") ? "n_embed" : "hidden_size";   // goes before hidden_size where both are there
        string headsKey = DecoderConfig.Key(config, "n_head", "num_attention_heads");
        int width = config.Size(widthKey);
        int heads = config.Size(headsKey);
        var decoder = new DecoderConfig(config, checkpoint, "word_embeddings.weight", "transformer.", string.Empty)
        {
            Width = width,
            Heads = heads,
            KeyValueHeads = heads,
            HeadSize = PositiveValues.Quotient(config.File, widthKey, width, headsKey, heads),
            Memories = PositiveValues.Product(config.File, widthKey, width, "the usual factor", 4),
            Context = config.Size("seq_length", 2048),
            LayersKey = DecoderConfig.Key(config, "n_layer", "num_hidden_layers"),
        };
        double epsilon = config.GetDouble("layer_norm_epsilon", 1e-5);
        bool addsToNormed = config.GetBool("apply_residual_connection_post_layernorm", false);

        // Keys that name another order of the same operations.
        _ = config.Has("slow_but_exact") | config.Has("pretraining_tp");
        PositiveValues.Product(config.File, "the number of attention heads", heads, "their size", decoder.HeadSize);
        var scoring = new AttentionScoring(decoder.RootScale) { Alibi = new Alibi(Alibi.SlopesFor(heads)) };

        BlockSpec Block(int layer)
        {
            string prefix = decoder.At(layer, string.Empty, "h");
            (LinearSpec query, LinearSpec key, LinearSpec value) = decoder.FusedByHead(
                DecoderConfig.Linear(prefix + "self_attention.query_key_value", PositiveValues.Product(config.File, widthKey, width, "three maps", 3), width, bias: true));
            return new BlockSpec(
                decoder.Attention(query, key, value, DecoderConfig.Linear(prefix + "self_attention.dense", width, width, bias: true)) with { Scoring = scoring },
                new FeedForwardSpec(
                    DecoderConfig.Linear(prefix + "mlp.dense_h_to_4h", decoder.Memories, width, bias: true),
                    DecoderConfig.Linear(prefix + "mlp.dense_4h_to_h", width, decoder.Memories, bias: true),
                    null,
                    ActivationKind.GeluNew))
            {
                AttentionNorm = DecoderConfig.LayerNorm(prefix + "input_layernorm", epsilon),
                FeedForwardNorm = DecoderConfig.LayerNorm(prefix + "post_attention_layernorm", epsilon),
                AddsToNormed = addsToNormed,
            };
        }

        return decoder.Model(Name, Block, new HeadSpec(decoder.Output(tiedByDefault: true)) { Norm = DecoderConfig.LayerNorm(decoder.Root + "ln_f", epsilon) },
            tokens => tokens with { Norm = DecoderConfig.LayerNorm(decoder.Root + "word_embeddings_layernorm", epsilon) });
    }

    public ModelSpec FromGguf(GgufFile file) => new GgufDecoder(file, GgufArchitecture) { Positions = GgufPositions.Alibi, Activation = ActivationKind.GeluNew }.Describe(Name);
}
