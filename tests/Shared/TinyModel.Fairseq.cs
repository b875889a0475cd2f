using System.Globalization;

namespace Keyhole.TestSupport;

/// <summary>Small fairseq language models, their args as config.json.</summary>
internal sealed partial class TinyModel
{
    /// <summary>The ends and the age that <see cref="Fairseq"/> can have.</summary>
    public static IReadOnlyList<string> FairseqKinds { get; } = ["paper", "paper, final norm", "untied projections", "untied", "old", "plain", "plain, shared", "narrow ends"];

    /// <summary>A fairseq language model: adaptive ends of three bands, all tied and without a final norm as the paper's, or other ends.</summary>
    public static TinyModel Fairseq(string kind = "paper", int vocabulary = 260, int memories = 40, string activation = "relu", int width = 24)
    {
        bool old = kind == "old";
        bool plainInput = kind is "plain" or "plain, shared" or "narrow ends";
        bool plainOutput = kind is "plain" or "plain, shared";
        bool tied = kind is "paper" or "paper, final norm" or "untied projections" or "old";
        bool tiedProjections = tied && kind != "untied projections";
        bool finalNorm = kind is "paper, final norm" or "plain" or "narrow ends";
        int narrow = kind == "narrow ends" ? 16 : width;
        int[] ends = [50, 120, vocabulary];
        var model = new TinyModel
        {
            Config =
            {
                ["model_type"] = "transformer_lm",
                ["arch"] = "transformer_lm_wiki103",
                ["decoder_embed_dim"] = width,
                ["decoder_input_dim"] = narrow,
                ["decoder_output_dim"] = narrow,
                ["decoder_ffn_embed_dim"] = memories,
                ["decoder_layers"] = 2,
                ["decoder_attention_heads"] = 4,
                ["tokens_per_sample"] = 64,
                ["max_target_positions"] = null,
                ["activation_fn"] = activation,
                ["decoder_learned_pos"] = plainOutput,
                ["no_scale_embedding"] = kind == "plain",
                ["adaptive_input"] = !plainInput,
                ["share_decoder_input_output_embed"] = kind == "plain, shared",
                ["layernorm_embedding"] = false,
            },
        };
        if (old)
        {
            model.Config["no_tie_adaptive_proj"] = false;
        }
        else
        {
            model.Config["no_decoder_final_norm"] = !finalNorm;
            model.Config["tie_adaptive_proj"] = tiedProjections;
        }

        if (!plainInput)
        {
            model.Config["adaptive_input_cutoff"] = "50,120";
            model.Config["adaptive_input_factor"] = 2.0;
        }

        if (!plainOutput)
        {
            model.Config["adaptive_softmax_cutoff"] = "50,120";
            model.Config["adaptive_softmax_factor"] = 2.0;
            model.Config["tie_adaptive_weights"] = tied;
        }

        var random = new Random(6);
        if (!old)
        {
            model.Tensors["decoder.version"] = ([1], [3]);
        }

        if (plainInput)
        {
            model.Add("decoder.embed_tokens.weight", random, 1, vocabulary, narrow);
            if (narrow != width)
            {
                model.Linear("decoder.project_in_dim", random, width, narrow, bias: false);
            }
        }

        for (int band = 0; band < ends.Length && !plainInput; band++)
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"decoder.embed_tokens.embeddings.{band}.");
            model.Add(name + "0.weight", random, 1, ends[band] - (band == 0 ? 0 : ends[band - 1]), width >> band);
            model.Linear(name + "1", random, width, width >> band, bias: false);
        }

        if (plainOutput)
        {
            model.Add("decoder.embed_positions.weight", random, 0.5f, 66, width);
        }
        else
        {
            model.Tensors["decoder.embed_positions._float_tensor"] = ([1], [float.NaN]);
        }

        for (int layer = 0; layer < 2; layer++)
        {
            string block = string.Create(CultureInfo.InvariantCulture, $"decoder.layers.{layer}.");
            foreach (string part in old ? (string[])["out_proj"] : ["q_proj", "k_proj", "v_proj", "out_proj"])
            {
                model.Linear(block + "self_attn." + part, random, width, width, bias: true);
            }

            if (old)
            {
                model.Add(block + "self_attn.in_proj_weight", random, 0.3f, 3 * width, width);
                model.Add(block + "self_attn.in_proj_bias", random, 0.3f, 3 * width);
            }

            model.Norm(block + (old ? "layer_norms.0" : "self_attn_layer_norm"), random, width, affine: true);
            model.Norm(block + (old ? "layer_norms.2" : "final_layer_norm"), random, width, affine: true);
            model.Linear(block + "fc1", random, memories, width, bias: true);
            model.Linear(block + "fc2", random, width, memories, bias: true);
        }

        if (finalNorm)
        {
            model.Norm("decoder.layer_norm", random, width, affine: true);
        }

        if (kind == "plain")
        {
            model.Add("decoder.embed_out", random, 0.4f, vocabulary, width);
        }
        else if (!plainOutput)
        {
            model.AddAdaptiveSoftmax(random, ends, width, narrow, tied, tiedProjections);
        }

        return model;
    }

    // A tied tensor stands in the checkpoint under the names of both ends.
    private void AddAdaptiveSoftmax(Random random, int[] ends, int width, int narrow, bool tied, bool tiedProjections)
    {
        const string Name = "decoder.adaptive_softmax.";
        if (narrow != width)
        {
            Linear("decoder.project_out_dim", random, narrow, width, bias: false);
        }

        if (tied)
        {
            Tensors[Name + "head.word_proj.weight"] = Tensors["decoder.embed_tokens.embeddings.0.0.weight"];
            Add(Name + "head.class_proj.weight", random, 1.5f, ends.Length - 1, width);   // large, so that a class can be on top
        }
        else
        {
            Linear(Name + "head", random, ends[0] + ends.Length - 1, narrow, bias: false);
        }

        for (int tail = 0; tail < ends.Length - 1; tail++)
        {
            string band = string.Create(CultureInfo.InvariantCulture, $"decoder.embed_tokens.embeddings.{tail + 1}.");
            string name = string.Create(CultureInfo.InvariantCulture, $"{Name}tail.{tail}.");
            int size = narrow >> (tail + 1);
            if (tiedProjections)
            {
                Tensors[name + "0.weight"] = Tensors[band + "1.weight"];
            }
            else
            {
                Linear(name + "0", random, size, narrow, bias: false);
            }

            if (tied)
            {
                Tensors[name + "2.weight"] = Tensors[band + "0.weight"];
            }
            else
            {
                Linear(name + "2", random, ends[tail + 1] - ends[tail], size, bias: false);
            }
        }
    }
}
