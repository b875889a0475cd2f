using System.Globalization;
using Keyhole.Engine.Checkpoints;
using Keyhole.Engine.Numerics;

namespace Keyhole.Engine.Models.Families;

/// <summary>OPT (Zhang et al. 2022): LayerNorm, learned positions that start at row 2, plain layers; OPT-350m norms after each part and projects its embedding.</summary>
internal sealed class OptFamily : IModelFamily
{
    private const int PositionOffset = 2;
    private const float Epsilon = 1e-5f;   // PyTorch's default; the config has no key for it

    public string Name => "opt";

    public ModelSpec FromConfig(ModelConfig config, Checkpoint checkpoint)
    {
        string root = TensorPrefix.Find(checkpoint, "embed_tokens.weight", "model.decoder.", "decoder.", string.Empty);
        int width = config.Size("hidden_size");
        int vocabulary = config.Size("vocab_size");
        int embeddingWidth = config.Size("word_embed_proj_dim", width);
        int context = Math.Min(config.Size("max_position_embeddings", 2048), int.MaxValue - PositionOffset);
        int heads = config.Size("num_attention_heads");
        int headSize = PositiveValues.Quotient(config.File, "hidden_size", width, "num_attention_heads", heads);
        int memories = config.Size("ffn_dim");
        bool before = config.GetBool("do_layer_norm_before", true);
        bool bias = config.GetBool("enable_bias", true);
        bool affine = config.GetBool("layer_norm_elementwise_affine", true);
        ActivationKind activation = RefusalContext.In(config.File, () => Activations.Parse(config.GetString("activation_function", "relu")));
        int layers = PositiveValues.Layers(config.File, "num_hidden_layers", config.Size("num_hidden_layers"), checkpoint);
        (string embedding, string output) = TiedHead.Read(config, checkpoint, root + "embed_tokens.weight", "lm_head.weight", tiedByDefault: true);

        LinearSpec Linear(string name, int outputs, int inputs) => new(name + ".weight", bias ? name + ".bias" : null, outputs, inputs);
        NormSpec Norm(string name) => new(NormKind.LayerNorm, affine ? name + ".weight" : null, affine ? name + ".bias" : null, Epsilon);
        LinearSpec? Projection(string name, int outputs, int inputs) => embeddingWidth == width ? null : new LinearSpec($"{root}{name}.weight", null, outputs, inputs);
        BlockSpec Block(int layer)
        {
            string prefix = string.Create(CultureInfo.InvariantCulture, $"{root}layers.{layer}.");
            string attention = prefix + "self_attn.";
            return new BlockSpec(
                new AttentionSpec(
                    Linear(attention + "q_proj", width, width),
                    Linear(attention + "k_proj", width, width),
                    Linear(attention + "v_proj", width, width),
                    Linear(attention + "out_proj", width, width))
                {
                    Heads = heads,
                    KeyValueHeads = heads,
                    HeadSize = headSize,
                    Scoring = new AttentionScoring(1 / MathF.Sqrt(headSize)),
                },
                new FeedForwardSpec(Linear(prefix + "fc1", memories, width), Linear(prefix + "fc2", width, memories), null, activation))
            {
                AttentionNorm = before ? Norm(prefix + "self_attn_layer_norm") : null,
                AttentionSumNorm = before ? null : Norm(prefix + "self_attn_layer_norm"),
                FeedForwardNorm = before ? Norm(prefix + "final_layer_norm") : null,
                FeedForwardSumNorm = before ? null : Norm(prefix + "final_layer_norm"),
            };
        }

        return new ModelSpec
        {
            Family = Name,
            Width = width,
            VocabularySize = vocabulary,
            ContextLength = context,
            Embedding = new EmbeddingSpec(embedding, embeddingWidth)
            {
                Positions = root + "embed_positions.weight",
                PositionRows = context + PositionOffset,
                PositionOffset = PositionOffset,
                ProjectIn = Projection("project_in", width, embeddingWidth),
            },
            Blocks = [.. Enumerable.Range(0, layers).Select(Block)],
            Head = new HeadSpec(output)
            {
                Norm = before && !config.GetBool("_remove_final_layer_norm", false) ? Norm(root + "final_layer_norm") : null,
                ProjectOut = Projection("project_out", embeddingWidth, width),
            },
        };
    }
}
