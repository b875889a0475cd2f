using Keyhole.Corpora;
using Keyhole.Engine.Models;
using Keyhole.Memories;
using Keyhole.Studies;

namespace Keyhole.Exports;

/// <summary>Units of a study drawn at random, the same in every run, and for each memory some of them by how strongly it fires there.</summary>
internal sealed class RandomUnits
{
    private const int PoolSize = 1000;
    private const int SampleSize = 10;
    private const int QuantileSize = 5;
    private static readonly double[] Quantiles = [0.5, 0.9, 0.99, 0.999];

    private readonly int[] _pool;
    private readonly LargestCoefficients _largest;

    private RandomUnits(int[] pool, LargestCoefficients largest)
    {
        _pool = pool;
        _largest = largest;
    }

    /// <summary>Draws units, and runs them for the largest coefficient of every memory.</summary>
    /// <param name="run">The export.</param>
    /// <param name="model">The study's model.</param>
    /// <param name="memories">The memories.</param>
    /// <param name="from">Share of the export that is done before.</param>
    /// <param name="to">Share of the export that is done afterwards.</param>
    public static RandomUnits Draw(ExportRun run, Model model, IEnumerable<NeuronId> memories, double from, double to)
    {
        PriorityQueue<int, ulong> drawn = new(Comparer<ulong>.Create((x, y) => y.CompareTo(x)));   // the largest hash on top
        foreach (StudyUnit unit in run.Study.Units())
        {
            run.Cancellation.ThrowIfCancellationRequested();
            if (unit.Tokens.Length > 0)
            {
                drawn.Enqueue(unit.Index, CounterHash.Hash(0, (ulong)unit.Index));
                if (drawn.Count > PoolSize)
                {
                    drawn.Dequeue();
                }
            }
        }

        int[] pool = [.. drawn.UnorderedItems.Select(item => item.Element).Order()];
        LargestCoefficients largest = new(memories, pool, model.Spec);
        using UnitPasses passes = new(run, model);
        passes.Run(pool, largest, "drawing texts", from, to);
        return new RandomUnits(pool, largest);
    }

    /// <summary>The units of a memory; those of another memory are drawn independently.</summary>
    public RandomSample Of(NeuronId id)
    {
        ReadOnlySpan<float> largest = _largest.Of(id);
        ulong seed = CounterHash.Hash(1, (ulong)id.Layer, (ulong)id.Index);
        int[] order = [.. Enumerable.Range(0, _pool.Length).OrderBy(at => CounterHash.Hash(seed, (ulong)_pool[at]))];
        float[] sorted = largest.ToArray();
        Array.Sort(sorted);
        double[] boundaries = sorted.Length == 0 ? [] : [.. Quantiles.Select(quantile => Quantile(sorted, quantile))];
        List<int>[] byQuantile = [.. Enumerable.Range(0, Quantiles.Length + 1).Select(_ => new List<int>(QuantileSize))];
        foreach (int at in order)
        {
            float value = largest[at];
            List<int> units = byQuantile[boundaries.Count(boundary => boundary <= value)];
            if (units.Count < QuantileSize)
            {
                units.Add(_pool[at]);
            }
        }

        return new RandomSample([.. order.Take(SampleSize).Select(at => _pool[at])], boundaries, [.. byQuantile.Select(units => units.ToArray())]);
    }

    // Linear between the two nearest, as numpy's default.
    private static double Quantile(float[] sorted, double quantile)
    {
        double at = quantile * (sorted.Length - 1);
        int below = (int)at;
        double low = sorted[below];
        return low + ((at - below) * (sorted[Math.Min(below + 1, sorted.Length - 1)] - low));
    }
}
