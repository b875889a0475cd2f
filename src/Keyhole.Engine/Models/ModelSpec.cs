using System.Collections.Immutable;

namespace Keyhole.Engine.Models;

/// <summary>What a transformer language model is, as data: a family file builds it from a config, the forward pass only reads it.</summary>
/// <remarks>Letters: D d_model, F d_ff, H heads, V vocabulary, L layers. Tensors are named as they stand in the checkpoint.</remarks>
public sealed record ModelSpec
{
    /// <summary>The config's <c>model_type</c> (or GGUF's architecture).</summary>
    public required string Family { get; init; }

    /// <summary>D, the width of the residual stream.</summary>
    public required int Width { get; init; }

    /// <summary>V, the number of token ids.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>The longest text, in tokens, that the model takes.</summary>
    public required int ContextLength { get; init; }

    /// <summary>How ids become the first residual.</summary>
    public required EmbeddingSpec Embedding { get; init; }

    /// <summary>One entry a layer.</summary>
    public required ImmutableArray<BlockSpec> Blocks { get; init; }

    /// <summary>How the last residual becomes logits.</summary>
    public required HeadSpec Head { get; init; }

    /// <summary>L, the number of layers.</summary>
    public int LayerCount => Blocks.Length;

    /// <summary>Every tensor that the model reads, with the shape it must have.</summary>
    public IEnumerable<(string Name, long[] Shape)> Tensors()
        => Embedding.Tensors(this).Concat(Blocks.SelectMany(block => block.Tensors(Width))).Concat(Head.Tensors(this));
}

/// <summary>Token and position embeddings.</summary>
/// <param name="Tokens">Tensor of the token embedding, shape [V, E]; E is D unless <see cref="ProjectIn"/> widens it.</param>
/// <param name="TokenWidth">E.</param>
public sealed record EmbeddingSpec(string Tokens, int TokenWidth)
{
    /// <summary>Learned position embedding, shape [rows, D], or null.</summary>
    public string? Positions { get; init; }

    /// <summary>Rows of <see cref="Positions"/>.</summary>
    public int PositionRows { get; init; }

    /// <summary>Row of position 0 (OPT starts at 2).</summary>
    public int PositionOffset { get; init; }

    /// <summary>Map from E to D (OPT-350m), or null.</summary>
    public LinearSpec? ProjectIn { get; init; }

    internal IEnumerable<(string, long[])> Tensors(ModelSpec model)
    {
        yield return (Tokens, [model.VocabularySize, TokenWidth]);
        if (Positions is not null)
        {
            yield return (Positions, [PositionRows, model.Width]);
        }

        foreach (var tensor in ProjectIn?.Tensors() ?? [])
        {
            yield return tensor;
        }
    }
}

/// <summary>Final norm and output embedding.</summary>
/// <param name="Output">Tensor of the output embedding, shape [V, E]; the token embedding where tied.</param>
public sealed record HeadSpec(string Output)
{
    /// <summary>Norm of the last residual, or null.</summary>
    public NormSpec? Norm { get; init; }

    /// <summary>Map from D to E (OPT-350m), or null.</summary>
    public LinearSpec? ProjectOut { get; init; }

    internal IEnumerable<(string, long[])> Tensors(ModelSpec model)
    {
        foreach (var tensor in (Norm?.Tensors(model.Width) ?? []).Concat(ProjectOut?.Tensors() ?? []))
        {
            yield return tensor;
        }

        if (Output != model.Embedding.Tokens)
        {
            yield return (Output, [model.VocabularySize, ProjectOut?.Outputs ?? model.Width]);
        }
    }
}
