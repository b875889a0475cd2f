using System.Collections.Immutable;
using System.Globalization;
using Keyhole.Engine.Checkpoints;
using Keyhole.Engine.Numerics;

namespace Keyhole.Engine.Models.Families;

/// <summary>
/// fairseq's transformer language models, among them those of Baevski and Auli (2019) with adaptive inputs and an adaptive softmax: LayerNorm before each part, biases, sinusoidal or
/// learned positions that start at row 2.
/// </summary>
/// <remarks>
/// The settings are the <c>args</c> of the checkpoint; where one is absent its default is that of <c>base_lm_architecture</c> (fairseq 8e48f45a, models/transformer_lm.py). A folder
/// with the same keys in config.json, and <c>"model_type": "transformer_lm"</c>, is read too.
/// </remarks>
internal sealed class FairseqFamily : IModelFamily
{
    private const string Root = "decoder.";
    private const int PositionOffset = 2;            // <pad> is id 1, and the row of the first token comes after its row
    private const int LeastSinusoidalWidth = 4;      // the exponents of the sinusoids are divided by D / 2 - 1
    private const float Epsilon = 1e-5f;             // PyTorch's default; there is no argument for it
    private const double NoFinalNormVersion = 2;     // of the decoder: up to it there was no norm after the last layer

    private static readonly string[] s_unsupported =
    [
        "layernorm_embedding", "character_embeddings", "cross_self_attention", "add_bos_token", "decoder_layers_to_keep", "base_layers", "scale_fc", "scale_attn", "scale_heads", "scale_resids",
    ];

    public string Name => "transformer_lm";

    public ModelSpec FromConfig(ModelConfig config, Checkpoint checkpoint)
    {
        RequireKnown(config, checkpoint);
        int width = config.Size("decoder_embed_dim", 512);
        int heads = config.Size("decoder_attention_heads", 8);
        int headSize = PositiveValues.Quotient(config.File, "decoder_embed_dim", width, "decoder_attention_heads", heads);
        int memories = config.Size("decoder_ffn_embed_dim", 2048);
        int context = Math.Min(config.Has("max_target_positions") ? config.Size("max_target_positions") : config.Size("tokens_per_sample", 1024), int.MaxValue - PositionOffset);
        ActivationKind activation = Activation(config);
        int layers = PositiveValues.Layers(config.File, "decoder_layers", config.Size("decoder_layers", 6), checkpoint);
        bool hasPositions = !config.GetBool("no_token_positional_embeddings", false);
        bool learned = hasPositions && config.GetBool("decoder_learned_pos", false);
        if (hasPositions && !learned && width < LeastSinusoidalWidth)
        {
            throw config.Refuse("decoder_embed_dim", "at least 4 where positions are sinusoids");
        }

        var embeddings = new FairseqEmbeddings(config, checkpoint, Root, width);

        BlockSpec Block(int layer)
        {
            string prefix = string.Create(CultureInfo.InvariantCulture, $"{Root}layers.{layer}.");
            (LinearSpec query, LinearSpec key, LinearSpec value) = QueryKeyValue(checkpoint, prefix + "self_attn.", width);
            bool old = checkpoint.Tensors.ContainsKey(prefix + "layer_norms.0.weight");
            return new BlockSpec(
                new AttentionSpec(query, key, value, DecoderConfig.Linear(prefix + "self_attn.out_proj", width, width, bias: true))
                {
                    Heads = heads,
                    KeyValueHeads = heads,
                    HeadSize = headSize,
                    Scoring = new AttentionScoring(1 / MathF.Sqrt(headSize)),
                },
                new FeedForwardSpec(
                    DecoderConfig.Linear(prefix + "fc1", memories, width, bias: true),
                    DecoderConfig.Linear(prefix + "fc2", width, memories, bias: true),
                    null,
                    activation))
            {
                AttentionNorm = DecoderConfig.LayerNorm(prefix + (old ? "layer_norms.0" : "self_attn_layer_norm"), Epsilon),
                FeedForwardNorm = DecoderConfig.LayerNorm(prefix + (old ? "layer_norms.2" : "final_layer_norm"), Epsilon),
            };
        }

        return new ModelSpec
        {
            Family = Name,
            Width = width,
            VocabularySize = embeddings.VocabularySize,
            ContextLength = context,
            Embedding = embeddings.Input with
            {
                Scale = config.GetBool("no_scale_embedding", false) ? 1 : MathF.Sqrt(width),
                Positions = learned ? Root + "embed_positions.weight" : null,
                PositionRows = learned ? context + PositionOffset : 0,
                PositionOffset = PositionOffset,
                SinusoidalPositions = hasPositions && !learned,
            },
            Blocks = [.. Enumerable.Range(0, layers).Select(Block)],
            Head = embeddings.Output with { Norm = HasFinalNorm(config, checkpoint) ? DecoderConfig.LayerNorm(Root + "layer_norm", Epsilon) : null },
        };
    }

    private static void RequireKnown(ModelConfig config, Checkpoint checkpoint)
    {
        if (config.Has("arch") && !config.GetString("arch").StartsWith("transformer_lm", StringComparison.Ordinal))
        {
            throw config.Refuse("arch", "transformer_lm or a variant of it: Keyhole reads decoders without an encoder");
        }

        if (checkpoint.Tensors.Keys.FirstOrDefault(name => name.StartsWith("encoder.", StringComparison.Ordinal) || name.Contains(".encoder_attn.", StringComparison.Ordinal)) is { } encoder)
        {
            throw new InputRefusedException("KH3011", $"{checkpoint.Path}: '{encoder}' belongs to an encoder, and the decoder attends to it; Keyhole reads language models, which have none.");
        }

        foreach (string key in s_unsupported)
        {
            if (config.Get(key) is { } value && value.ValueKind != System.Text.Json.JsonValueKind.False && value.GetRawText() is not ("0" or "0.0" or "\"\""))
            {
                throw new InputRefusedException("KH3011", $"{config.File}: {key}: a {Naming.Quote(config.GetString("arch", "transformer_lm"))} model with this computes something else than Keyhole would. Take a model that was trained without it.");
            }
        }
    }

    // fairseq's get_activation_fn has gelu_fast as the old name of gelu_accurate, which is transformers' gelu_new.
    private static ActivationKind Activation(ModelConfig config)
        => config.GetString("activation_fn", "relu") is var name && name == "gelu_fast" ? ActivationKind.GeluNew : RefusalContext.In(config.File, () => Activations.Parse(name));

    // Until November 2019 the three maps were one tensor.
    private static (LinearSpec Query, LinearSpec Key, LinearSpec Value) QueryKeyValue(Checkpoint checkpoint, string attention, int width)
    {
        if (!checkpoint.Tensors.ContainsKey(attention + "in_proj_weight"))
        {
            return (DecoderConfig.Linear(attention + "q_proj", width, width, bias: true), DecoderConfig.Linear(attention + "k_proj", width, width, bias: true), DecoderConfig.Linear(attention + "v_proj", width, width, bias: true));
        }

        var whole = new LinearSpec(attention + "in_proj_weight", attention + "in_proj_bias", PositiveValues.Product(checkpoint.Path, "decoder_embed_dim", width, "the number of maps", 3), width);
        return (DecoderConfig.Rows(whole, 0, width), DecoderConfig.Rows(whole, width, width), DecoderConfig.Rows(whole, 2 * width, width));
    }

    // As base_lm_architecture and TransformerDecoder.upgrade_state_dict_named decide it.
    private static bool HasFinalNorm(ModelConfig config, Checkpoint checkpoint)
    {
        bool without = !config.IsMissing("decoder_final_norm")
            ? !config.GetBool("decoder_final_norm", false)
            : !config.IsMissing("no_tie_adaptive_proj") || config.GetBool("no_decoder_final_norm", false);
        if (without || !checkpoint.Tensors.TryGetValue(Root + "version", out TensorInfo? tensor) || tensor.ElementCount < 1)
        {
            return false;
        }

        checkpoint.RequireReadable(tensor);
        Span<float> version = stackalloc float[1];
        checkpoint.ReadFloats(tensor, 0, version);
        return version[0] > NoFinalNormVersion;
    }
}
