using System.Collections.Immutable;
using System.Globalization;
using Keyhole.Engine.Checkpoints;
using Keyhole.Engine.Numerics;

namespace Keyhole.Engine.Models.Families;

/// <summary>Llama (Touvron et al. 2023) and all that share its config: RMSNorm before each part, rotary positions, grouped queries, gated layers.</summary>
internal sealed class LlamaFamily : IModelFamily
{
    public string Name => "llama";

    public ModelSpec FromConfig(ModelConfig config, Checkpoint checkpoint)
    {
        string root = TensorPrefix.Find(checkpoint, "embed_tokens.weight", "model.", string.Empty);
        int width = config.Size("hidden_size");
        int heads = config.Size("num_attention_heads");
        int context = config.Size("max_position_embeddings", 2048);
        int headSize = config.Has("head_dim") ? config.Size("head_dim") : PositiveValues.Quotient(config.File, "hidden_size", width, "num_attention_heads", heads);
        bool attentionBias = config.GetBool("attention_bias", false);
        bool feedForwardBias = config.GetBool("mlp_bias", false);
        string embedding = root + "embed_tokens.weight";
        return Describe(new Parameters
        {
            Source = config.File,
            Width = width,
            Vocabulary = config.Size("vocab_size"),
            Context = context,
            Layers = PositiveValues.Layers(config.File, "num_hidden_layers", config.Size("num_hidden_layers"), checkpoint),
            Memories = config.Size("intermediate_size"),
            Heads = heads,
            KeyValueHeads = config.Size("num_key_value_heads", heads),
            HeadSize = headSize,
            Epsilon = (float)config.GetDouble("rms_norm_eps", 1e-6),
            Activation = RefusalContext.In(config.File, () => Activations.Parse(config.GetString("hidden_act", "silu"))),
            Rotary = RotaryConfig.Read(config, headSize, context),
            Embedding = embedding,
            FinalNorm = root + "norm.weight",
            Output = config.GetBool("tie_word_embeddings", false) ? embedding : "lm_head.weight",
            Tensor = (layer, part) => string.Create(CultureInfo.InvariantCulture, $"{root}layers.{layer}.{HuggingFaceName(part)}"),
            HasBias = (_, part) => part is Part.Query or Part.Key or Part.Value or Part.AttentionOutput ? attentionBias : feedForwardBias,
        });
    }

    public ModelSpec FromGguf(GgufFile file)
    {
        int Integer(string key) => file.Size("llama." + key);
        int width = Integer("embedding_length");
        int heads = Integer("attention.head_count");
        int context = Integer("context_length");
        int headSize = file.Has("llama.attention.key_length")
            ? Integer("attention.key_length")
            : PositiveValues.Quotient(file.Path, "llama.embedding_length", width, "llama.attention.head_count", heads);
        int rotaryDim = file.Size("llama.rope.dimension_count", headSize);
        if (file.GetInt64("llama.expert_count", 0) > 0)
        {
            throw new InputRefusedException("KH3003", $"{file.Path}: llama.expert_count is {file.GetInt64("llama.expert_count")}: mixtures of experts are not supported yet.");
        }

        bool divided = file.Tensors.ContainsKey("rope_freqs.weight");
        string Tensor(int layer, Part part) => string.Create(CultureInfo.InvariantCulture, $"blk.{layer}.{GgufName(part)}");
        return Describe(new Parameters
        {
            Source = file.Path,
            Width = width,
            Vocabulary = Rows(file, "token_embd.weight"),
            Context = context,
            Layers = PositiveValues.Layers(file.Path, "llama.block_count", Integer("block_count"), file),
            Memories = Integer("feed_forward_length"),
            Heads = heads,
            KeyValueHeads = file.Size("llama.attention.head_count_kv", heads),
            HeadSize = headSize,
            Epsilon = (float)file.GetDouble("llama.attention.layer_norm_rms_epsilon"),
            Activation = ActivationKind.Silu,
            Rotary = GgufRotary.Read(file, "llama", rotaryDim, context, divided ? "rope_freqs.weight" : null),
            RotaryFactors = divided ? "rope_freqs.weight" : null,
            Embedding = "token_embd.weight",
            FinalNorm = "output_norm.weight",
            Output = file.Tensors.ContainsKey("output.weight") ? "output.weight" : "token_embd.weight",
            Tensor = Tensor,
            HasBias = (layer, part) => file.Tensors.ContainsKey(Tensor(layer, part) + ".bias"),

            // llama.cpp's converter stores the two halves of a rotated head interleaved: our row j * half + i of a head is its row 2 i + j.
            StoredRow = row => (row / headSize * headSize) + (2 * (row % headSize % (headSize / 2))) + (row % headSize / (headSize / 2)),
        });
    }

    // The vocabulary is as large as its embedding.
    private static int Rows(GgufFile file, string name)
    {
        TensorInfo tensor = file.Require(name);
        return tensor.Shape is [> 0 and <= int.MaxValue, _] ? (int)tensor.Shape[0]
            : throw new InputRefusedException("KH3006", $"{file.Path}: {name} is [{string.Join(", ", tensor.Shape)}], expected [vocabulary, width].");
    }

    private static ModelSpec Describe(Parameters p)
    {
        PositiveValues.Quotient(p.Source, "the number of attention heads", p.Heads, "the number of key-value heads", p.KeyValueHeads);
        int queries = PositiveValues.Product(p.Source, "the number of attention heads", p.Heads, "their size", p.HeadSize);
        int keys = p.KeyValueHeads * p.HeadSize;
        if (p.Rotary.RotaryDim > p.HeadSize || (p.StoredRow is not null && p.HeadSize % 2 != 0))
        {
            throw new InputRefusedException("KH3009", string.Create(CultureInfo.InvariantCulture, $"{p.Source}: {p.Rotary.RotaryDim} numbers of a head of {p.HeadSize} are to be rotated; expected an even number up to the head's size."));
        }

        LinearSpec Linear(int layer, Part part, int outputs, int inputs, Func<int, int>? storedRow = null)
        {
            string name = p.Tensor(layer, part);
            return new LinearSpec(name + ".weight", p.HasBias(layer, part) ? name + ".bias" : null, outputs, inputs) { StoredRow = storedRow };
        }

        NormSpec Norm(string tensor) => new(NormKind.RmsNorm, tensor, null, p.Epsilon);
        BlockSpec Block(int layer) => new(
            new AttentionSpec(
                Linear(layer, Part.Query, queries, p.Width, p.StoredRow),
                Linear(layer, Part.Key, keys, p.Width, p.StoredRow),
                Linear(layer, Part.Value, keys, p.Width),
                Linear(layer, Part.AttentionOutput, p.Width, queries))
            {
                Heads = p.Heads,
                KeyValueHeads = p.KeyValueHeads,
                HeadSize = p.HeadSize,
                Scale = 1 / MathF.Sqrt(p.HeadSize),
                Rotary = p.Rotary,
                RotaryFactors = p.RotaryFactors,
            },
            new FeedForwardSpec(
                Linear(layer, Part.Up, p.Memories, p.Width),
                Linear(layer, Part.Down, p.Width, p.Memories),
                p.Activation)
            {
                Gate = Linear(layer, Part.Gate, p.Memories, p.Width),
            })
        {
            AttentionNorm = Norm(p.Tensor(layer, Part.AttentionNorm) + ".weight"),
            FeedForwardNorm = Norm(p.Tensor(layer, Part.FeedForwardNorm) + ".weight"),
        };

        return new ModelSpec
        {
            Family = "llama",
            Width = p.Width,
            VocabularySize = p.Vocabulary,
            ContextLength = p.Context,
            Embedding = new EmbeddingSpec(p.Embedding, p.Width),
            Blocks = [.. Enumerable.Range(0, p.Layers).Select(Block)],
            Head = new HeadSpec(p.Output) { Norm = Norm(p.FinalNorm) },
        };
    }

    private static string HuggingFaceName(Part part) => part switch
    {
        Part.AttentionNorm => "input_layernorm",
        Part.Query => "self_attn.q_proj",
        Part.Key => "self_attn.k_proj",
        Part.Value => "self_attn.v_proj",
        Part.AttentionOutput => "self_attn.o_proj",
        Part.FeedForwardNorm => "post_attention_layernorm",
        Part.Gate => "mlp.gate_proj",
        Part.Up => "mlp.up_proj",
        _ => "mlp.down_proj",
    };

    private static string GgufName(Part part) => part switch
    {
        Part.AttentionNorm => "attn_norm",
        Part.Query => "attn_q",
        Part.Key => "attn_k",
        Part.Value => "attn_v",
        Part.AttentionOutput => "attn_output",
        Part.FeedForwardNorm => "ffn_norm",
        Part.Gate => "ffn_gate",
        Part.Up => "ffn_up",
        _ => "ffn_down",
    };

    private enum Part
    {
        AttentionNorm,
        Query,
        Key,
        Value,
        AttentionOutput,
        FeedForwardNorm,
        Gate,
        Up,
        Down,
    }

    private sealed record Parameters
    {
        public required string Source { get; init; }

        public required int Width { get; init; }

        public required int Vocabulary { get; init; }

        public required int Context { get; init; }

        public required int Layers { get; init; }

        public required int Memories { get; init; }

        public required int Heads { get; init; }

        public required int KeyValueHeads { get; init; }

        public required int HeadSize { get; init; }

        public required float Epsilon { get; init; }

        public required ActivationKind Activation { get; init; }

        public required RotarySettings Rotary { get; init; }

        public string? RotaryFactors { get; init; }

        public required string Embedding { get; init; }

        public required string FinalNorm { get; init; }

        public required string Output { get; init; }

        public required Func<int, Part, string> Tensor { get; init; }

        public required Func<int, Part, bool> HasBias { get; init; }

        public Func<int, int>? StoredRow { get; init; }
    }
}
