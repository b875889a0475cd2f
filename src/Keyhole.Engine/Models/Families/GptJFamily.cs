using Keyhole.Engine.Checkpoints;
using Keyhole.Engine.Numerics;

namespace Keyhole.Engine.Models.Families;

/// <summary>GPT-J (Wang and Komatsuzaki 2021): both parts read one norm in parallel; neighbouring numbers of part of each head are rotated; logits have a bias.</summary>
internal sealed class GptJFamily : IModelFamily
{
    public string Name => "gptj";

    public ModelSpec FromConfig(ModelConfig config, Checkpoint checkpoint)
    {
        DecoderConfig decoder = DecoderConfig.Gpt2(config, checkpoint, DecoderConfig.Key(config, "n_positions", "max_position_embeddings"), 2048);
        int width = decoder.Width;
        double epsilon = config.GetDouble("layer_norm_epsilon", 1e-5);
        ActivationKind activation = decoder.Activation("activation_function", "gelu_new");
        int rotated = config.IsMissing("rotary_dim") ? 64 : config.Size("rotary_dim");
        if (rotated > decoder.HeadSize)
        {
            throw config.Refuse("rotary_dim", $"at most the {decoder.HeadSize} numbers of a head");
        }

        var rotary = new RotarySettings { RotaryDim = rotated, MaxPositions = decoder.Context, Interleaved = true };
        RotaryConfig.Check(config.File, rotary);

        BlockSpec Block(int layer)
        {
            string prefix = decoder.At(layer, string.Empty, "h");
            string attention = prefix + "attn.";
            NormSpec norm = DecoderConfig.LayerNorm(prefix + "ln_1", epsilon);
            return new BlockSpec(
                decoder.Attention(
                    DecoderConfig.Linear(attention + "q_proj", width, width),
                    DecoderConfig.Linear(attention + "k_proj", width, width),
                    DecoderConfig.Linear(attention + "v_proj", width, width),
                    DecoderConfig.Linear(attention + "out_proj", width, width)) with { Rotary = rotary },
                new FeedForwardSpec(
                    DecoderConfig.Linear(prefix + "mlp.fc_in", decoder.Memories, width, bias: true),
                    DecoderConfig.Linear(prefix + "mlp.fc_out", width, decoder.Memories, bias: true),
                    null,
                    activation))
            {
                AttentionNorm = norm,
                FeedForwardNorm = norm,
                IsParallel = true,
            };
        }

        return decoder.Model(Name, Block, new HeadSpec(decoder.Output(tiedByDefault: false))
        {
            Norm = DecoderConfig.LayerNorm(decoder.Root + "ln_f", epsilon),
            Bias = "lm_head.bias",
        });
    }
}
