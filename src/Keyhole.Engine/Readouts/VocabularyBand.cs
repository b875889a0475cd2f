using Keyhole.Engine.Models;
using Keyhole.Engine.Numerics;

namespace Keyhole.Engine.Readouts;

/// <summary>Tokens of consecutive ids that are read through one matrix: the whole vocabulary, or of an adaptive softmax the head's words or a tail.</summary>
/// <param name="FirstToken">The first id.</param>
/// <param name="Words">The matrix, [tokens, width].</param>
/// <param name="Projection">What prepared rows go through first, [width, E]; null where the width is E.</param>
internal sealed record VocabularyBand(int FirstToken, LinearSpec Words, PackedMatrix? Projection)
{
    /// <summary>The bands of a model's head, in order of their ids.</summary>
    /// <param name="spec">The model.</param>
    /// <param name="width">E.</param>
    /// <param name="reader">Reads the projections.</param>
    public static VocabularyBand[] Of(ModelSpec spec, int width, WeightReader reader)
    {
        if (spec.Head.Adaptive is not { } adaptive)
        {
            return [new VocabularyBand(0, new LinearSpec(spec.Head.Output, null, spec.VocabularySize, width), null)];
        }

        var bands = new List<VocabularyBand> { new(0, adaptive.Words, null) };
        int first = adaptive.Words.Outputs;
        foreach (AdaptiveTailSpec tail in adaptive.Tails)
        {
            bands.Add(new VocabularyBand(first, tail.Words, reader.Pack(tail.Projection)));
            first += tail.Words.Outputs;
        }

        return [.. bands];
    }
}
