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
