using Keyhole.Engine.Models;
using Keyhole.Mining;
using Keyhole.Mining.Nulls;
using Keyhole.Mining.Sampling;

namespace Keyhole.Planning;

/// <summary>About how many bytes a study has: its tables are described in docs/formats/study.md, the constants are measured on studies of both kinds of feed-forward layer.</summary>
internal static class StudySize
{
    private const double StatisticsBytes = 250;  // of a memory: sums, extremes, counts, histogram
    private const double RowBytes = 40;          // of a memory: its names, the index by name
    private const double PieceBytes = 16;        // of a token of the vocabulary
    private const double Fill = 0.92;            // share of a page that holds something

    /// <summary>Bytes of a study.</summary>
    /// <param name="spec">The model.</param>
    /// <param name="layers">Layers mined.</param>
    /// <param name="rules">What is kept of each memory.</param>
    /// <param name="vocabularySize">Tokens of the tokenizer.</param>
    /// <param name="units">Units of the study; a list holds each at most once, unless every prefix competes.</param>
    /// <param name="allUnits">Units of the corpus: their numbers are written in as few bytes as they need.</param>
    /// <param name="packedBytes">Bytes of the study's units.</param>
    public static double Of(ModelSpec spec, IReadOnlyCollection<int> layers, MiningRules rules, int vocabularySize, double units, double allUnits, double packedBytes)
        => Of(spec, layers, layers.Any(layer => spec.Blocks[layer].FeedForward.IsGated), rules, vocabularySize, units, allUnits, packedBytes);

    /// <summary>The same of the study of a null, which has the texts once more.</summary>
    public static double OfNull(NullKind kind, ModelSpec spec, IReadOnlyCollection<int> layers, MiningRules rules, int vocabularySize, double units, double allUnits, double packedBytes)
        => Of(spec, layers, layers.Any(layer => MinedNull.HasGates(kind, spec.Blocks[layer].FeedForward)), rules, vocabularySize, units, allUnits, packedBytes);

    private static double Of(ModelSpec spec, IReadOnlyCollection<int> layers, bool gated, MiningRules rules, int vocabularySize, double units, double allUnits, double packedBytes)
    {
        double memories = layers.Sum(layer => (double)spec.Blocks[layer].FeedForward.MemoryCount);
        double top = rules.PerPrefix ? rules.Top : Math.Min(rules.Top, units);
        double trigger = sizeof(float) * (gated ? 2 : 1) + Leb128Bytes(allUnits) + 1 + Leb128Bytes(vocabularySize);
        double poles = gated && rules.RankBy == RankBy.Post ? 2 : 1;
        double samples = rules.SampleQuantiles ? RowBytes + (RandomPositions.Count * sizeof(float)) + ((gated ? 2 : 1) * Math.Min(QuantileSample.Size, units) * trigger) : 0;
        double cases = rules.SignCases && gated ? RowBytes + (LayerAccumulator.SignCaseCount * top * trigger) : 0;
        return ((memories * (StatisticsBytes + RowBytes + (poles * top * trigger) + samples + cases)) + (vocabularySize * PieceBytes) + packedBytes) / Fill;
    }

    private static int Leb128Bytes(double largest)
    {
        int bytes = 1;
        for (; largest >= 128; largest /= 128)
        {
            bytes++;
        }

        return bytes;
    }
}
