using Keyhole.Composition;
using Keyhole.Corpora;
using Keyhole.Engine;
using Keyhole.Mining;
using Keyhole.Studies;

namespace Keyhole.Features;

/// <summary>Texts of a study drawn at random with all their candidate positions, by the rules that the study was mined by.</summary>
internal sealed class FeatureSample
{
    private const ulong Stream = 0x6665_0001;

    private readonly int[] _textOf;

    private FeatureSample(FeatureText[] texts)
    {
        Texts = texts;
        _textOf = [.. texts.SelectMany((text, number) => Enumerable.Repeat(number, text.Count))];
    }

    /// <summary>The texts in corpus order.</summary>
    public IReadOnlyList<FeatureText> Texts { get; }

    /// <summary>P, the positions of all texts.</summary>
    public int Positions => Texts[^1].Start + Texts[^1].Count;

    /// <summary>The text that a position is in.</summary>
    public int TextOf(int position) => _textOf[position];

    /// <summary>Draws texts: those with the smallest hashes of seed and number, until they have enough positions, each whole.</summary>
    /// <param name="study">The study.</param>
    /// <param name="startsWithBos">Whether token 0 of its units is BOS.</param>
    /// <param name="positions">Positions to have at least, where the corpus has them.</param>
    /// <param name="seed">Which texts.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="InputRefusedException">KH7901: no unit has a candidate position.</exception>
    public static FeatureSample Draw(Study study, bool startsWithBos, int positions, ulong seed, CancellationToken cancellation)
    {
        MiningRules rules = TextRules.Of(study.Provenance).Positions;
        var taken = new PriorityQueue<(int Unit, int Count), ulong>(Comparer<ulong>.Create((x, y) => y.CompareTo(x)));   // the largest hash on top
        long total = 0;
        foreach ((int unit, int tokens) in study.UnitSizes())
        {
            cancellation.ThrowIfCancellationRequested();
            (int first, int end) = rules.Candidates(tokens, startsWithBos);
            if (end > first)
            {
                taken.Enqueue((unit, end - first), CounterHash.Hash(seed ^ Stream, (ulong)unit));
                for (total += end - first; total - taken.Peek().Count >= positions;)
                {
                    total -= taken.Dequeue().Count;
                }
            }
        }

        if (taken.Count == 0)
        {
            throw new InputRefusedException("KH7901", $"{study.FilePath}: no text of this study has a position that competes for triggers, so there is nothing to measure; mine a corpus with longer texts.");
        }

        var texts = new List<FeatureText>(taken.Count);
        int start = 0;
        foreach (int unit in taken.UnorderedItems.Select(item => item.Element.Unit).Order())
        {
            cancellation.ThrowIfCancellationRequested();
            StudyUnit read = study.Unit(unit);
            (int first, int end) = rules.Candidates(read.Tokens.Length, startsWithBos);
            texts.Add(new FeatureText(read, first, end - first, start));
            start += end - first;
        }

        return new FeatureSample([.. texts]);
    }

    /// <summary>Consecutive whole texts with at most so many positions, a longer text alone: what one thread takes at a time.</summary>
    /// <param name="positions">Most positions.</param>
    public IEnumerable<(int First, int Count)> Groups(int positions)
    {
        for (int first = 0; first < Texts.Count;)
        {
            int end = first + 1;
            while (end < Texts.Count && Texts[end].Start + Texts[end].Count - Texts[first].Start <= positions)
            {
                end++;
            }

            yield return (first, end - first);
            first = end;
        }
    }
}
