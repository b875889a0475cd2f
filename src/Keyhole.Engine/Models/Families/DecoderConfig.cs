using System.Collections.Immutable;
using System.Globalization;
using Keyhole.Engine.Checkpoints;
using Keyhole.Engine.Numerics;

namespace Keyhole.Engine.Models.Families;

/// <summary>What the config.json of every decoder tells, and the tensors of a layer by their names: the parts that family files are written with.</summary>
internal sealed class DecoderConfig
{
    private readonly Checkpoint _checkpoint;

    /// <param name="config">config.json.</param>
    /// <param name="checkpoint">Its weights.</param>
    /// <param name="embedding">Name of the token embedding after the root.</param>
    /// <param name="roots">What may stand before all names, the usual first.</param>
    public DecoderConfig(ModelConfig config, Checkpoint checkpoint, string embedding, params ReadOnlySpan<string> roots)
    {
        Config = config;
        _checkpoint = checkpoint;
        Root = TensorPrefix.Find(checkpoint, embedding, roots);
        Embedding = Root + embedding;
    }

    /// <summary>config.json.</summary>
    public ModelConfig Config { get; }

    /// <summary>What stands before the names of all tensors but the head's.</summary>
    public string Root { get; }

    /// <summary>Tensor of the token embedding.</summary>
    public string Embedding { get; private set; }

    /// <summary>D.</summary>
    public required int Width { get; init; }

    /// <summary>H.</summary>
    public required int Heads { get; init; }

    /// <summary>Heads of key and value.</summary>
    public required int KeyValueHeads { get; init; }

    /// <summary>Numbers a head.</summary>
    public required int HeadSize { get; init; }

    /// <summary>F.</summary>
    public required int Memories { get; init; }

    /// <summary>The longest text.</summary>
    public required int Context { get; init; }

    /// <summary>Key of the number of layers.</summary>
    public required string LayersKey { get; init; }

    /// <summary>L.</summary>
    public int Layers => PositiveValues.Layers(Config.File, LayersKey, Config.Size(LayersKey), _checkpoint);

    /// <summary>Width of all queries.</summary>
    public int QueryWidth => PositiveValues.Product(Config.File, "the number of attention heads", Heads, "their size", HeadSize);

    /// <summary>Width of all keys, and of all values.</summary>
    public int KeyWidth => PositiveValues.Product(Config.File, "the number of key-value heads", KeyValueHeads, "their size", HeadSize);

    /// <summary>1 / sqrt(head size).</summary>
    public float RootScale => 1 / MathF.Sqrt(HeadSize);

    /// <summary>Reads the keys of Llama and of all that follow it.</summary>
    public static DecoderConfig Llama(ModelConfig config, Checkpoint checkpoint, int? keyValueHeads = null, int? headSize = null, int context = 2048)
    {
        int width = config.Size("hidden_size");
        int heads = config.Size("num_attention_heads");
        return new DecoderConfig(config, checkpoint, "embed_tokens.weight", "model.", string.Empty)
        {
            Width = width,
            Heads = heads,

            // A missing key takes the family's default, null the number of all heads.
            KeyValueHeads = config.IsMissing("num_key_value_heads") ? keyValueHeads ?? heads : config.Size("num_key_value_heads", heads),
            HeadSize = config.IsMissing("head_dim") && headSize is not null ? headSize.Value
                : config.Has("head_dim") ? config.Size("head_dim")
                : PositiveValues.Quotient(config.File, "hidden_size", width, "num_attention_heads", heads),
            Memories = config.Size("intermediate_size"),
            Context = config.Size("max_position_embeddings", context),
            LayersKey = "num_hidden_layers",
        };
    }

    /// <summary>Reads the keys of GPT-2, which GPT-J has too.</summary>
    public static DecoderConfig Gpt2(ModelConfig config, Checkpoint checkpoint, string contextKey, int context)
    {
        string widthKey = Key(config, "n_embd", "hidden_size");
        string headsKey = Key(config, "n_head", "num_attention_heads");
        int width = config.Size(widthKey);
        int heads = config.Size(headsKey);
        return new DecoderConfig(config, checkpoint, "wte.weight", "transformer.", string.Empty)
        {
            Width = width,
            Heads = heads,
            KeyValueHeads = heads,
            HeadSize = PositiveValues.Quotient(config.File, widthKey, width, headsKey, heads),
            Memories = config.Size("n_inner", PositiveValues.Product(config.File, widthKey, width, "the usual factor", 4)),
            Context = config.Size(contextKey, context),
            LayersKey = Key(config, "n_layer", "num_hidden_layers"),
        };
    }

    /// <summary>The first of several names of one key that the config has; the first of all where it has none.</summary>
    public static string Key(ModelConfig config, params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (config.Has(name))
            {
                return name;
            }
        }

        return names[0];
    }

    /// <summary>Name of a layer's tensor or map.</summary>
    public string At(int layer, string name, string layers = "layers") => string.Create(CultureInfo.InvariantCulture, $"{Root}{layers}.{layer}.{name}");

    /// <summary>An activation by its name in the config.</summary>
    public ActivationKind Activation(string key, string missing) => RefusalContext.In(Config.File, () => Activations.Parse(Config.GetString(key, missing)));

    /// <summary>A positive number that may be null: <paramref name="missing"/> where the key is not there at all.</summary>
    public float? OptionalPositive(string key, double? missing = null)
    {
        double? value = Config.IsMissing(key) ? missing : Config.Has(key) ? Config.GetDouble(key) : null;
        return value is null or > 0 ? (float?)value : throw Config.Refuse(key, "a number above 0");
    }

    /// <summary>A linear map under a name.</summary>
    public static LinearSpec Linear(string name, int outputs, int inputs, bool bias = false)
        => new(name + ".weight", bias ? name + ".bias" : null, outputs, inputs);

    /// <summary>A LayerNorm under a name.</summary>
    public static NormSpec LayerNorm(string name, double epsilon) => new(NormKind.LayerNorm, name + ".weight", name + ".bias", (float)epsilon);

    /// <summary>A RMSNorm under a name.</summary>
    public static NormSpec RmsNorm(string name, double epsilon, float offset = 0) => new(NormKind.RmsNorm, name + ".weight", null, (float)epsilon) { GainOffset = offset };

    /// <summary>Attention of these sizes, scores scaled by 1 / sqrt(head size).</summary>
    public AttentionSpec Attention(LinearSpec query, LinearSpec key, LinearSpec value, LinearSpec output)
    {
        PositiveValues.Quotient(Config.File, "the number of attention heads", Heads, "the number of key-value heads", KeyValueHeads);
        return new AttentionSpec(query, key, value, output)
        {
            Heads = Heads,
            KeyValueHeads = KeyValueHeads,
            HeadSize = HeadSize,
            Scoring = new AttentionScoring(RootScale),
        };
    }

    /// <summary>Query, key and value of one map, row by row of the tensor: all queries, all keys, all values.</summary>
    public (LinearSpec Query, LinearSpec Key, LinearSpec Value) Fused(LinearSpec map)
        => (Rows(map, 0, QueryWidth), Rows(map, QueryWidth, KeyWidth), Rows(map, QueryWidth + KeyWidth, KeyWidth));

    /// <summary>Query, key and value of one map whose rows are grouped by key-value head: its queries, its key, its value.</summary>
    public (LinearSpec Query, LinearSpec Key, LinearSpec Value) FusedByHead(LinearSpec map)
    {
        int group = PositiveValues.Quotient(Config.File, "the number of attention heads", Heads, "the number of key-value heads", KeyValueHeads);
        int size = HeadSize;
        int step = (group + 2) * size;
        LinearSpec Part(int outputs, int heads, int first)
            => map with { Outputs = outputs, StoredRow = row => (row / (heads * size) * step) + first + (row % (heads * size)) };
        return (Part(QueryWidth, group, 0), Part(KeyWidth, 1, group * size), Part(KeyWidth, 1, (group + 1) * size));
    }

    /// <summary>Rows of a tensor that holds several maps.</summary>
    public static LinearSpec Rows(LinearSpec map, int first, int count) => map with { Outputs = count, StoredRow = row => first + row };

    /// <summary>The model, from its blocks and its head.</summary>
    public ModelSpec Model(string family, Func<int, BlockSpec> block, HeadSpec head, Func<EmbeddingSpec, EmbeddingSpec>? embedding = null)
    {
        var tokens = new EmbeddingSpec(Embedding, Width);
        ImmutableArray<BlockSpec> blocks = [.. Enumerable.Range(0, Layers).Select(block)];
        return new ModelSpec
        {
            Family = family,
            Width = Width,
            VocabularySize = Config.Size("vocab_size"),
            ContextLength = blocks.Any(layer => layer.Attention.Rotary?.Kind == RotaryKind.Dynamic) ? Grown(blocks) : Context,
            Embedding = embedding?.Invoke(tokens) ?? tokens,
            Blocks = blocks,
            Head = head,
        };
    }

    // Dynamic scaling begins where max_position_embeddings ends: its factor says how far texts may go.
    private int Grown(ImmutableArray<BlockSpec> blocks)
        => (int)Math.Min(int.MaxValue / 2, Context * blocks.Max(layer => Math.Max(1, layer.Attention.Rotary?.Factor ?? 1)));

    /// <summary>The output embedding: the token embedding where tied. Asked before <see cref="Model"/>, since the token embedding may be stored under its name.</summary>
    public string Output(bool tiedByDefault, string name = "lm_head")
    {
        (Embedding, string output) = TiedHead.Read(Config, _checkpoint, Embedding, name + ".weight", tiedByDefault);
        return output;
    }

    /// <summary>Refuses a setting that is on.</summary>
    public void Refuse(string key, string why)
    {
        if (Config.GetBool(key, false))
        {
            throw Config.Refuse(key, "false: " + why);
        }
    }
}
