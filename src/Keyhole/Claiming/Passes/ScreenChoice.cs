using Keyhole.Claiming.Evaluation;
using Keyhole.Engine.Models;
using Keyhole.Memories;
using Keyhole.Statistics;

namespace Keyhole.Claiming.Passes;

/// <summary>Chooses the best memories of a screening.</summary>
internal static class ScreenChoice
{
    /// <summary>The best memories and poles for a claim, best first; among equals the first by name, the positive pole first. None where P never holds, or always.</summary>
    /// <param name="spec">The model.</param>
    /// <param name="layers">Layers that were screened.</param>
    /// <param name="screening">The counts.</param>
    /// <param name="claim">Number of the claim.</param>
    /// <param name="slots">The slot of each pole.</param>
    /// <param name="values">Values, where the predicate asks for them.</param>
    /// <param name="options">By what, and how many.</param>
    /// <param name="cancellation">Stops between layers.</param>
    public static PlannedTest[] Best(ModelSpec spec, IReadOnlyList<int> layers, Screening screening, int claim, IReadOnlyDictionary<Pole, int> slots, ValueEndTokens? values, ClaimOptions options, CancellationToken cancellation)
    {
        (double Score, NeuronId Id, Pole Pole)[][] best = new (double, NeuronId, Pole)[layers.Count][];
        Parallel.For(0, layers.Count, new ParallelOptions { MaxDegreeOfParallelism = options.Threads, CancellationToken = cancellation }, i =>
        {
            Pole[] poles = spec.Blocks[layers[i]].FeedForward.IsGated ? [Pole.Positive, Pole.Negative] : [Pole.Positive];
            best[i] = [.. First(spec.NamesOf(layers[i]).SelectMany(id =>
            {
                long[] all = screening.Counts(id, 0, null);
                return poles.Select(pole => (Score(all, screening.Counts(id, slots[pole], values), pole, options.By), id, pole));
            }), options.Best)];
        });
        return [.. First(best.SelectMany(layer => layer), options.Best).Select((one, place) => new PlannedTest(claim, one.Id, one.Pole, one.Score, place < options.Shown))];
    }

    private static IEnumerable<(double Score, NeuronId Id, Pole Pole)> First(IEnumerable<(double Score, NeuronId Id, Pole Pole)> memories, int most)
        => memories.Where(one => !double.IsNaN(one.Score)).OrderByDescending(one => one.Score).ThenBy(one => one.Id).ThenBy(one => one.Pole).Take(most);

    private static double Score(long[] all, long[] positives, Pole pole, ScreenedBy by)
    {
        long[] with = [.. positives];
        long[] without = Screening.Less(all, positives);
        if (pole == Pole.Negative)   // bin b of -m is bin 255 - b of m
        {
            Array.Reverse(with);
            Array.Reverse(without);
        }

        return by == ScreenedBy.Auroc ? Ranking.Auroc(with, without) : Ranking.AveragePrecision(with, without);
    }
}
