using System.Collections.Immutable;

namespace Keyhole.Engine.Models;

/// <summary>How the last residual becomes logits: cap(W_U P norm(h) + b).</summary>
/// <param name="Output">Tensor of the output embedding W_U, shape [V, E]; the token embedding where tied. With <see cref="Adaptive"/>, of the head's words.</param>
public sealed record HeadSpec(string Output)
{
    /// <summary>Norm of the last residual, or null.</summary>
    public NormSpec? Norm { get; init; }

    /// <summary>Map from D to E (OPT-350m), or null.</summary>
    public LinearSpec? ProjectOut { get; init; }

    /// <summary>Bias of the logits, shape [V] (Phi, GPT-J), or null.</summary>
    public string? Bias { get; init; }

    /// <summary>Logits become c tanh(z / c) (Gemma 2); null for no cap.</summary>
    public float? SoftCap { get; init; }

    /// <summary>Adaptive softmax, whose logits are natural log-probabilities; null for a plain softmax.</summary>
    public AdaptiveSoftmaxSpec? Adaptive { get; init; }

    internal IEnumerable<(string, long[])> Tensors(ModelSpec model)
    {
        foreach (var tensor in (Norm?.Tensors(model.Width) ?? []).Concat(ProjectOut?.Tensors() ?? []))
        {
            yield return tensor;
        }

        if (Bias is not null)
        {
            yield return (Bias, [model.VocabularySize]);
        }

        if (Adaptive is not null)
        {
            foreach (var tensor in Adaptive.Tensors())
            {
                yield return tensor;
            }
        }
        else if (Output != model.Embedding.Tokens)
        {
            yield return (Output, [model.VocabularySize, ProjectOut?.Outputs ?? model.Width]);
        }
    }
}

/// <summary>
/// Adaptive softmax (Grave et al. 2017) as fairseq computes it: the head is a softmax over its words and one class for each tail; a word of a tail has
/// its class's probability times a softmax within the tail.
/// </summary>
/// <param name="Words">Logits of the head's words, [words, D].</param>
/// <param name="Classes">Logits of the tails' classes, [tails, D].</param>
/// <param name="Tails">The tails, in order of their ids.</param>
public sealed record AdaptiveSoftmaxSpec(LinearSpec Words, LinearSpec Classes, ImmutableArray<AdaptiveTailSpec> Tails)
{
    internal IEnumerable<(string, long[])> Tensors()
        => Words.Tensors().Concat(Classes.Tensors()).Concat(Tails.SelectMany(tail => tail.Projection.Tensors().Concat(tail.Words.Tensors())));
}

/// <summary>One tail: logits E P h.</summary>
/// <param name="Projection">P: from D to the tail's width.</param>
/// <param name="Words">E: from the tail's width to its words.</param>
public sealed record AdaptiveTailSpec(LinearSpec Projection, LinearSpec Words);
