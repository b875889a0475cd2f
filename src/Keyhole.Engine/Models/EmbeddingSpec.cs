using System.Collections.Immutable;

namespace Keyhole.Engine.Models;

/// <summary>How ids become the first residual: scale * P E[id], plus the position's embedding, then a norm where there is one.</summary>
/// <param name="Tokens">Tensor of the token embedding E, shape [V, E]; E is D unless <see cref="ProjectIn"/> widens it. With <see cref="Bands"/>, of the first band.</param>
/// <param name="TokenWidth">Its width.</param>
public sealed record EmbeddingSpec(string Tokens, int TokenWidth)
{
    /// <summary>Factor of the token embedding (Gemma, fairseq: the root of D).</summary>
    public float Scale { get; init; } = 1;

    /// <summary>Learned position embedding, shape [rows, D], or null.</summary>
    public string? Positions { get; init; }

    /// <summary>Rows of <see cref="Positions"/>.</summary>
    public int PositionRows { get; init; }

    /// <summary>Row of position 0 (OPT and fairseq start at 2).</summary>
    public int PositionOffset { get; init; }

    /// <summary>Whether fairseq's sinusoids are the positions: row p = [sin(p f_0) .., cos(p f_0) ..], f_j = 10000^(-j / (D / 2 - 1)).</summary>
    public bool SinusoidalPositions { get; init; }

    /// <summary>Map from E to D (OPT-350m), or null.</summary>
    public LinearSpec? ProjectIn { get; init; }

    /// <summary>Norm of the sum (Bloom), or null.</summary>
    public NormSpec? Norm { get; init; }

    /// <summary>Bands of an adaptive input (Baevski and Auli 2019), in order of their ids; empty where one table has all tokens.</summary>
    public ImmutableArray<EmbeddingBand> Bands { get; init; } = [];

    internal IEnumerable<(string, long[])> Tensors(ModelSpec model)
    {
        foreach ((string name, long[] shape) in Bands.IsEmpty ? [(Tokens, [model.VocabularySize, TokenWidth])] : Bands.SelectMany(band => band.Tensors()))
        {
            yield return (name, shape);
        }

        if (Positions is not null)
        {
            yield return (Positions, [PositionRows, model.Width]);
        }

        foreach (var tensor in (ProjectIn?.Tensors() ?? []).Concat(Norm?.Tensors(model.Width) ?? []))
        {
            yield return tensor;
        }
    }
}

/// <summary>Tokens of a range of ids, with an embedding of their own width.</summary>
/// <param name="FirstToken">First id.</param>
/// <param name="Tokens">Tensor, shape [ids of the band, width].</param>
/// <param name="Projection">Map from the band's width to D.</param>
public sealed record EmbeddingBand(int FirstToken, string Tokens, LinearSpec Projection)
{
    /// <summary>Number of ids.</summary>
    public required int TokenCount { get; init; }

    internal IEnumerable<(string, long[])> Tensors() => Projection.Tensors().Prepend((Tokens, [TokenCount, Projection.Inputs]));
}
