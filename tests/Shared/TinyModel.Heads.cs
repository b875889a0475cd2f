using System.Globalization;

namespace Keyhole.TestSupport;

/// <summary>Small models whose heads or blocks end in another way than those of llama and OPT.</summary>
internal sealed partial class TinyModel
{
    /// <summary>A Gemma 2: gains stored less 1, norms of each part's output, logits capped low enough to bend.</summary>
    public static TinyModel Gemma2(int vocabulary = 260)
    {
        TinyModel model = Llama(vocabulary: vocabulary, tied: true, activation: "gelu_pytorch_tanh", seed: 3);
        foreach ((string key, object value) in new (string, object)[]
        {
            ("model_type", "gemma2"), ("hidden_activation", "gelu_pytorch_tanh"), ("query_pre_attn_scalar", 6), ("attn_logit_softcapping", 5.0), ("final_logit_softcapping", 3.0),
            ("sliding_window", 8), ("rms_norm_eps", 1e-6),
        })
        {
            model.Config[key] = value;
        }

        var random = new Random(4);
        for (int layer = 0; layer < 2; layer++)
        {
            foreach (string norm in (string[])["pre_feedforward_layernorm", "post_feedforward_layernorm"])
            {
                model.Add(string.Create(CultureInfo.InvariantCulture, $"model.layers.{layer}.{norm}.weight"), random, 0.8f, 24);
            }
        }

        return model;
    }

    /// <summary>A GPT-J: LayerNorm and a bias of the logits.</summary>
    public static TinyModel GptJ(int vocabulary = 260)
    {
        const int Width = 24;
        var model = new TinyModel
        {
            Config =
            {
                ["model_type"] = "gptj",
                ["n_embd"] = Width,
                ["n_head"] = 4,
                ["n_layer"] = 2,
                ["n_inner"] = 40,
                ["n_positions"] = 64,
                ["rotary_dim"] = 4,
                ["vocab_size"] = vocabulary,
                ["activation_function"] = "gelu_new",
                ["tie_word_embeddings"] = false,
            },
        };
        var random = new Random(5);
        model.Add("transformer.wte.weight", random, 1, vocabulary, Width);
        for (int layer = 0; layer < 2; layer++)
        {
            string block = string.Create(CultureInfo.InvariantCulture, $"transformer.h.{layer}.");
            model.Norm(block + "ln_1", random, Width, affine: true);
            foreach (string part in (string[])["q_proj", "k_proj", "v_proj", "out_proj"])
            {
                model.Linear(block + "attn." + part, random, Width, Width, bias: false);
            }

            model.Linear(block + "mlp.fc_in", random, 40, Width, bias: true);
            model.Linear(block + "mlp.fc_out", random, Width, 40, bias: true);
        }

        model.Norm("transformer.ln_f", random, Width, affine: true);
        model.Linear("lm_head", random, vocabulary, Width, bias: true);
        return model;
    }
}
