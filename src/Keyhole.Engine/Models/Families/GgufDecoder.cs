using System.Globalization;
using Keyhole.Engine.Checkpoints;
using Keyhole.Engine.Numerics;

namespace Keyhole.Engine.Models.Families;

/// <summary>How a GGUF architecture tells positions.</summary>
internal enum GgufPositions
{
    /// <summary>Rotary embedding of queries and keys.</summary>
    Rotary,

    /// <summary>A table, <c>position_embd.weight</c>.</summary>
    Learned,

    /// <summary>ALiBi.</summary>
    Alibi,
}

/// <summary>
/// Describes a GGUF file as llama.cpp's converter writes it: sizes from the metadata, biases, norms, gates and experts from the tensors that are there.
/// What a file does not say, its architecture does.
/// </summary>
internal sealed class GgufDecoder(GgufFile file, string architecture)
{
    private const string TokenEmbedding = "token_embd.weight";

    // Keys of other computations, which these architectures' files do not have; refused where they would change something.
    private static readonly (string Key, double Neutral)[] s_unsupported =
    [
        ("logit_scale", 1), ("residual_scale", 1), ("embedding_scale", 1), ("expert_weights_scale", 1), ("expert_shared_count", 0), ("leading_dense_block_count", 0), ("expert_gating_func", 1),
        ("rope.scaling.yarn_ext_factor", 1), ("rope.scaling.yarn_attn_factor", 1), ("rope.scaling.yarn_log_multiplier", 0),
    ];

    private readonly int _width = file.Size(architecture + ".embedding_length");
    private readonly int _heads = file.Size(architecture + ".attention.head_count");

    /// <summary>f.</summary>
    public ActivationKind Activation { get; init; } = ActivationKind.Silu;

    /// <summary>Positions.</summary>
    public GgufPositions Positions { get; init; }

    /// <summary>Whether query and key rows are stored for pairs (2i, 2i + 1) instead of (i, i + half).</summary>
    public bool PermutedPairs { get; init; }

    /// <summary>Whether the embedding is multiplied by the root of D.</summary>
    public bool ScalesEmbedding { get; init; }

    /// <summary>Whether both parts read the residual before attention.</summary>
    public bool IsParallel { get; init; }

    /// <summary>Whether parts read the residual through a norm.</summary>
    public bool HasInputNorms { get; init; } = true;

    /// <summary>Whether the norms have neither gain nor bias (OLMo).</summary>
    public bool NormsWithoutGain { get; init; }

    /// <summary>Whether the router's weights are divided by the sum of the chosen.</summary>
    public bool RenormalizesExperts { get; init; }

    /// <summary>Says by the number of layers whether scores are scaled by the root of D / H instead of the head size.</summary>
    public Func<int, bool> ScalesByWidth { get; init; } = _ => false;

    /// <summary>Which layers slide where there is a window.</summary>
    public Func<int, bool> Slides { get; init; } = _ => true;

    /// <summary>Window where the file does not say; null for none.</summary>
    public int? Window { get; init; }

    /// <summary>Cap of scores where the file does not say; null for none.</summary>
    public float? SoftCap { get; init; }

    /// <summary>Cap of logits where the file does not say; null for none.</summary>
    public float? LogitSoftCap { get; init; }

    /// <summary>Base of the rotary frequencies where the file names none.</summary>
    public double Theta { get; init; } = 10000;

    /// <summary>Base of sliding layers where the file names none; null where they have the same frequencies as the others.</summary>
    public double? SlidingTheta { get; init; }

    private int HeadSize => file.Has(architecture + ".attention.key_length")
        ? file.Size(architecture + ".attention.key_length")
        : PositiveValues.Quotient(file.Path, architecture + ".embedding_length", _width, architecture + ".attention.head_count", _heads);

    private int KeyValueHeads => file.Size(architecture + ".attention.head_count_kv", _heads);

    private int Memories => file.Size(architecture + ".feed_forward_length");

    /// <summary>The model.</summary>
    public ModelSpec Describe(string family)
    {
        RefuseUnsupported();
        if (file.GetInt64(architecture + ".expert_count", 0) > 0 && !Has("blk.0.ffn_gate_inp"))
        {
            throw Refuse(architecture + ".expert_count", file.GetInt64(architecture + ".expert_count"), "0, as the file has no router (ffn_gate_inp)");
        }

        int layers = PositiveValues.Layers(file.Path, architecture + ".block_count", file.Size(architecture + ".block_count"), file);
        int context = file.Size(architecture + ".context_length");
        bool[] slides = Sliding(layers);
        (RotarySettings? full, RotarySettings? sliding, string[] factors) = Rotary(context);
        float scale = Scale(layers);
        string windowKey = architecture + ".attention.sliding_window";
        int? window = !file.Has(windowKey) ? Window : file.GetInt64(windowKey) > 0 ? file.Size(windowKey) : null;
        string capKey = architecture + ".attn_logit_softcapping";
        float? cap = file.Has(capKey) ? Positive(capKey) : SoftCap;
        string logitCapKey = architecture + ".final_logit_softcapping";
        Alibi? alibi = Positions == GgufPositions.Alibi ? new Alibi(Alibi.SlopesFor(_heads <= _width ? _heads : throw Refuse(architecture + ".attention.head_count", _heads, "at most the width"))) : null;

        BlockSpec Block(int layer)
        {
            string prefix = string.Create(CultureInfo.InvariantCulture, $"blk.{layer}.");
            string first = Has(prefix + "attn_norm_2") ? "attn_norm_2" : "attn_norm";                                      // Falcon 40B norms each part by itself
            string second = Has(prefix + "ffn_norm") || !IsParallel ? "ffn_norm" : "attn_norm";
            bool slidesHere = window is not null && slides[layer];
            return new BlockSpec(
                Attention(prefix) with
                {
                    Scoring = new AttentionScoring(scale) { Window = slidesHere ? window : null, SoftCap = cap, Alibi = alibi },
                    Rotary = slidesHere ? sliding : full,
                    RotaryFactors = [.. factors],
                },
                FeedForward(prefix))
            {
                AttentionNorm = HasInputNorms ? Norm(prefix + first) : null,
                AttentionOutputNorm = Has(prefix + "post_attention_norm") ? Norm(prefix + "post_attention_norm") : null,
                FeedForwardNorm = HasInputNorms ? Norm(prefix + second) : null,
                FeedForwardOutputNorm = Has(prefix + "post_ffw_norm") ? Norm(prefix + "post_ffw_norm") : null,
                IsParallel = IsParallel,
            };
        }

        return new ModelSpec
        {
            Family = family,
            Width = _width,
            VocabularySize = Vocabulary(),
            ContextLength = context,
            Embedding = new EmbeddingSpec(TokenEmbedding, _width)
            {
                Scale = ScalesEmbedding ? MathF.Sqrt(_width) : 1,
                Positions = Positions == GgufPositions.Learned ? "position_embd.weight" : null,
                PositionRows = context,
                Norm = Has("token_embd_norm") ? Norm("token_embd_norm") : null,
            },
            Blocks = [.. Enumerable.Range(0, layers).Select(Block)],
            Head = new HeadSpec(Has("output") ? "output.weight" : TokenEmbedding)
            {
                Norm = Norm("output_norm"),
                Bias = file.Tensors.ContainsKey("output.bias") ? "output.bias" : null,
                SoftCap = file.Has(logitCapKey) ? Positive(logitCapKey) : LogitSoftCap,
            },
        };
    }

    private AttentionSpec Attention(string prefix)
    {
        int headSize = HeadSize;
        int keyValueHeads = KeyValueHeads;
        int values = file.Size(architecture + ".attention.value_length", headSize);
        if (values != headSize)
        {
            throw Refuse(architecture + ".attention.value_length", values, $"the size of a key, {headSize}");
        }

        PositiveValues.Quotient(file.Path, architecture + ".attention.head_count", _heads, architecture + ".attention.head_count_kv", keyValueHeads);
        int queries = PositiveValues.Product(file.Path, "the number of attention heads", _heads, "their size", headSize);
        int keys = keyValueHeads * headSize;
        (LinearSpec query, LinearSpec key, LinearSpec value) = Has(prefix + "attn_qkv") ? Fused() : (Linear(prefix + "attn_q", queries, _width), Linear(prefix + "attn_k", keys, _width), Linear(prefix + "attn_v", keys, _width));
        if (PermutedPairs)
        {
            query = query with { StoredRow = Unpaired };
            key = key with { StoredRow = Unpaired };
        }

        return new AttentionSpec(query, key, value, Linear(prefix + "attn_output", _width, queries))
        {
            Heads = _heads,
            KeyValueHeads = keyValueHeads,
            HeadSize = headSize,
            Scoring = new AttentionScoring(1),
            QueryNorm = HeadNorm(prefix + "attn_q_norm", queries, headSize),
            KeyNorm = HeadNorm(prefix + "attn_k_norm", keys, headSize),
            Clip = Positive(architecture + ".attention.clamp_kqv"),
        };

        (LinearSpec, LinearSpec, LinearSpec) Fused()
        {
            LinearSpec all = Linear(prefix + "attn_qkv", PositiveValues.Product(file.Path, "all heads", checked(_heads + (2 * keyValueHeads)), "their size", headSize), _width);
            return PermutedPairs
                ? throw new InputRefusedException("KH3011", $"{file.Path}: {prefix}attn_qkv: '{architecture}' files have separate query, key and value; convert the model again with a current converter.")
                : (DecoderConfig.Rows(all, 0, queries), DecoderConfig.Rows(all, queries, keys), DecoderConfig.Rows(all, queries + keys, keys));
        }

        // The converter stores the two halves of a rotated head interleaved: our row j * half + i of a head is its row 2 i + j.
        int Unpaired(int row) => (row / headSize * headSize) + (2 * (row % headSize % (headSize / 2))) + (row % headSize / (headSize / 2));
    }

    private FeedForwardSpec FeedForward(string prefix)
    {
        if (Has(prefix + "ffn_gate_inp"))
        {
            return Mixture(prefix);
        }

        int memories = Memories;
        LinearSpec up = Linear(prefix + "ffn_up", memories, _width);
        LinearSpec down = Linear(prefix + "ffn_down", _width, memories);
        if (Has(prefix + "ffn_gate"))
        {
            return new FeedForwardSpec(up, down, Linear(prefix + "ffn_gate", memories, _width), Activation);
        }

        // Phi-3 keeps the gate and the linear part in one tensor.
        if (file.Tensors.TryGetValue(prefix + "ffn_up.weight", out TensorInfo? stored) && stored.Shape is [var rows, _] && rows == 2L * memories)
        {
            LinearSpec both = Linear(prefix + "ffn_up", PositiveValues.Product(file.Path, architecture + ".feed_forward_length", memories, "two maps", 2), _width);
            return new FeedForwardSpec(DecoderConfig.Rows(both, memories, memories), down, DecoderConfig.Rows(both, 0, memories), Activation);
        }

        return new FeedForwardSpec(up, down, null, Activation);
    }

    private FeedForwardSpec Mixture(string prefix)
    {
        int experts = file.Size(architecture + ".expert_count");
        int chosen = file.Size(architecture + ".expert_used_count");
        int memories = file.Size(architecture + ".expert_feed_forward_length", Memories);
        if (chosen > experts || experts > _width * 64L)
        {
            throw Refuse(architecture + ".expert_used_count", chosen, $"at most {architecture}.expert_count, which is {experts}");
        }

        PositiveValues.Product(file.Path, architecture + ".expert_count", experts, architecture + ".feed_forward_length", memories);
        PositiveValues.Product(file.Path, architecture + ".expert_count", experts, architecture + ".embedding_length", _width);
        ExpertSpec Expert(int index)
        {
            string Name(string part) => string.Create(CultureInfo.InvariantCulture, $"{prefix}{part}.{index}");   // files of before April 2024
            return Has(prefix + "ffn_up_exps")
                ? new ExpertSpec(
                    Mixtures.Slice(prefix + "ffn_up_exps.weight", experts, index, memories, 0, memories, _width),
                    Mixtures.Slice(prefix + "ffn_down_exps.weight", experts, index, _width, 0, _width, memories),
                    Mixtures.Slice(prefix + "ffn_gate_exps.weight", experts, index, memories, 0, memories, _width))
                : new ExpertSpec(Linear(Name("ffn_up"), memories, _width), Linear(Name("ffn_down"), _width, memories), Linear(Name("ffn_gate"), memories, _width));
        }

        return new FeedForwardSpec([.. Enumerable.Range(0, experts).Select(Expert)], Activation)
        {
            Router = new RouterSpec(Linear(prefix + "ffn_gate_inp", experts, _width), chosen, file.GetBool(architecture + ".expert_weights_norm", RenormalizesExperts)),
        };
    }

    private (RotarySettings? Full, RotarySettings? Sliding, string[] Factors) Rotary(int context)
    {
        if (Positions != GgufPositions.Rotary)
        {
            return (null, null, []);
        }

        int headSize = HeadSize;
        int rotated = file.Size(architecture + ".rope.dimension_count", headSize);
        if (rotated > headSize || (PermutedPairs && headSize % 2 != 0) || (PermutedPairs && rotated != headSize))
        {
            throw Refuse(architecture + ".rope.dimension_count", rotated, $"an even number up to the {headSize} of a head{(PermutedPairs ? ", all of them" : "")}");
        }

        (RotarySettings full, string[] factors) = GgufRotary.Read(file, architecture, rotated, context, file.GetDouble(architecture + ".rope.freq_base", Theta));
        if (SlidingTheta is null)
        {
            return (full, full, factors);
        }

        var sliding = new RotarySettings { RotaryDim = rotated, MaxPositions = context, Theta = file.GetDouble(architecture + ".rope.freq_base_swa", SlidingTheta.Value) };
        RotaryConfig.Check(file.Path, sliding);
        return (full, sliding, factors);
    }

    private float Scale(int layers)
    {
        string key = architecture + ".attention.scale";
        return file.Has(key) && Positive(key) is { } given ? given
            : 1 / MathF.Sqrt(ScalesByWidth(layers) ? PositiveValues.Quotient(file.Path, architecture + ".embedding_length", _width, architecture + ".attention.head_count", _heads) : HeadSize);
    }

    private bool[] Sliding(int layers)
    {
        string key = architecture + ".attention.sliding_window_pattern";
        if (!file.Has(key))
        {
            return [.. Enumerable.Range(0, layers).Select(Slides)];
        }

        if (file.Metadata[key] is bool[] pattern)
        {
            return pattern.Length >= layers ? pattern : throw Refuse(key, pattern.Length, $"a list of {layers} layers");
        }

        int every = file.Size(key);
        return [.. Enumerable.Range(0, layers).Select(layer => (layer + 1) % every != 0)];
    }

    private NormSpec Norm(string name)
    {
        string rms = architecture + ".attention.layer_norm_rms_epsilon";
        return file.Has(rms)
            ? new NormSpec(NormKind.RmsNorm, name + ".weight", null, (float)file.GetDouble(rms))
            : new NormSpec(NormKind.LayerNorm, NormsWithoutGain ? null : name + ".weight", file.Tensors.ContainsKey(name + ".bias") ? name + ".bias" : null, (float)file.GetDouble(architecture + ".attention.layer_norm_epsilon"));
    }

    // Of one head (shared by all), of all of them together, or one for each.
    private GroupNormSpec? HeadNorm(string name, int width, int headSize)
    {
        if (!file.Tensors.TryGetValue(name + ".weight", out TensorInfo? tensor))
        {
            return null;
        }

        NormSpec norm = Norm(name);
        bool byHead = tensor.Shape is [_, _] || (tensor.Shape is [var size] && size == headSize);
        return new GroupNormSpec(norm.Kind, byHead ? headSize : width, norm.Epsilon)
        {
            Weight = norm.Weight,
            Bias = norm.Bias,
            Groups = tensor.Shape is [_, _] ? width / headSize : 0,
        };
    }

    // The vocabulary is as large as its embedding.
    private int Vocabulary()
    {
        TensorInfo tensor = file.Require(TokenEmbedding);
        return tensor.Shape is [> 0 and <= int.MaxValue, _] ? (int)tensor.Shape[0]
            : throw new InputRefusedException("KH3006", $"{file.Path}: {TokenEmbedding} is [{string.Join(", ", tensor.Shape)}], expected [vocabulary, width].");
    }

    private LinearSpec Linear(string name, int outputs, int inputs) => DecoderConfig.Linear(name, outputs, inputs, file.Tensors.ContainsKey(name + ".bias"));

    private bool Has(string name) => file.Tensors.ContainsKey(name + ".weight");

    private float? Positive(string key)
    {
        if (!file.Has(key))
        {
            return null;
        }

        double value = file.GetDouble(key);
        return value == 0 ? null : value > 0 && double.IsFinite(value) ? (float)value : throw Refuse(key, value, "a number above 0");
    }

    private void RefuseUnsupported()
    {
        foreach ((string key, double neutral) in s_unsupported)
        {
            string name = $"{architecture}.{key}";
            if (file.Has(name) && file.GetDouble(name) != neutral && file.GetDouble(name) != 0)
            {
                throw new InputRefusedException("KH3011", $"{file.Path}: {name} is {file.GetDouble(name).ToString(CultureInfo.InvariantCulture)}: an '{architecture}' model with this computes something else than Keyhole would.");
            }
        }
    }

    private InputRefusedException Refuse(string key, double got, string expected)
        => new("KH3009", string.Create(CultureInfo.InvariantCulture, $"{file.Path}: {key} is {got}, expected {expected}."));
}
