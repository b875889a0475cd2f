using System.Collections.Immutable;
using Keyhole.Memories;

namespace Keyhole.Values;

/// <summary>The value of one memory read over the vocabulary (method, section 3).</summary>
public sealed record ValueRecord
{
    /// <summary>The memory.</summary>
    public required NeuronId Id { get; init; }

    /// <summary>L2 norm of v itself.</summary>
    public required float Norm { get; init; }

    /// <summary>Largest probability of p = softmax(z).</summary>
    public required double MaxProbability { get; init; }

    /// <summary>log(sum of exp(z)): turns a logit into a log-probability.</summary>
    public required double LogSumExp { get; init; }

    /// <summary>Tokens of the largest logits, largest first, lower id first among equals; at least one.</summary>
    public required ImmutableArray<TokenLogit> Top { get; init; }

    /// <summary>Tokens of the smallest logits, smallest first, lower id first among equals; at least one.</summary>
    public required ImmutableArray<TokenLogit> Bottom { get; init; }

    /// <summary>The value beside the triggers of the positive pole.</summary>
    public required ValuePole Positive { get; init; }

    /// <summary>The value beside the triggers of the negative pole, where it points the other way; null where the model is not gated.</summary>
    public ValuePole? Negative { get; init; }

    /// <summary>The most promoted token.</summary>
    public int Argmax => Top[0].Token;

    /// <summary>The most demoted token.</summary>
    public int Argmin => Bottom[0].Token;

    /// <summary>The readings of a pole.</summary>
    /// <param name="pole">The pole.</param>
    public ValuePole? Of(Pole pole) => pole == Pole.Positive ? Positive : Negative;
}
