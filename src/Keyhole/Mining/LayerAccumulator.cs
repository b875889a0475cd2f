using System.Runtime.Intrinsics;
using Keyhole.Engine.Numerics;
using Keyhole.Memories;
using Keyhole.Mining.Sampling;

namespace Keyhole.Mining;

/// <summary>What mining keeps of one layer's memories: lists, power sums, extremes, counts and histograms. Merges exactly.</summary>
internal sealed unsafe class LayerAccumulator : IDisposable
{
    /// <summary>Memories are scanned sixteen at a time; columns are padded to that.</summary>
    public const int Lanes = 16;

    /// <summary>The sign cases of gate and linear part.</summary>
    public const int SignCaseCount = 4;

    private readonly AlignedBuffer _extremes;

    public LayerAccumulator(MemoryColumns layout, bool gated, MiningRules rules)
    {
        Layout = layout;
        IsGated = gated;
        Columns = layout.Padded;
        float floor = rules.RankBy == RankBy.Pre ? float.NegativeInfinity : float.Epsilon;
        Positive = new TriggerLists(layout.Count, rules.Top, rules.Distinct > 0, floor);
        Negative = gated && rules.RankBy == RankBy.Post ? new TriggerLists(layout.Count, rules.Top, rules.Distinct > 0, floor) : null;
        Cases = [.. Enumerable.Range(0, rules.SignCases && gated ? SignCaseCount : 0).Select(_ => new TriggerLists(layout.Count, rules.Top, rules.Distinct > 0, float.Epsilon))];
        Samples = [.. Enumerable.Range(0, !rules.SampleQuantiles ? 0 : gated ? 2 : 1).Select(_ => new TriggerLists(layout.Count, QuantileSample.Size, distinct: false, float.NegativeInfinity))];
        Beyond = [.. Samples, .. Cases];
        Sums = [.. Enumerable.Range(0, rules.SampleQuantiles ? 5 : 4).Select(_ => new ExactColumns(Columns))];
        _extremes = new AlignedBuffer(2L * Columns);
        PositiveCounts = new int[Columns];
        SignCounts = gated ? [new int[Columns], new int[Columns], new int[Columns]] : [];
        Histogram = new uint[(long)Columns * ActivationHistogram.Bins];
        Candidates = new long[layout.Experts];
        Sampled = new long[layout.Experts];
        Clear();
    }

    /// <summary>Which column is whose.</summary>
    public MemoryColumns Layout { get; }

    /// <summary>Whether memories have a gate.</summary>
    public bool IsGated { get; }

    /// <summary>Columns, a multiple of 16.</summary>
    public int Columns { get; }

    public TriggerLists Positive { get; }

    /// <summary>Null where memories have one pole.</summary>
    public TriggerLists? Negative { get; }

    /// <summary>Lists of the sign cases gate+ in+, gate+ in-, gate- in+ and gate- in-, by |m|; none where they are not kept or memories have no gate.</summary>
    public TriggerLists[] Cases { get; }

    /// <summary>Samples of the positions at which memories fire (<see cref="QuantileSample"/>), of each pole; none where they are not kept.</summary>
    public TriggerLists[] Samples { get; }

    /// <summary>Sums of m, m^2, m^3, m^4, and where samples are kept of the positive m.</summary>
    public ExactColumns[] Sums { get; }

    public float* Min => _extremes.Start;

    public float* Max => _extremes.Start + Columns;

    /// <summary>Positions with m &gt; 0 since the last merge.</summary>
    public int[] PositiveCounts { get; }

    /// <summary>Positions with gate+ in+, gate+ in-, gate- in+ since the last merge; empty where not gated.</summary>
    public int[][] SignCounts { get; }

    /// <summary>[columns / 16, 256, 16] counts of sampled positions. The zero bin is not counted here: it is what is left of <see cref="Sampled"/>.</summary>
    public uint[] Histogram { get; }

    /// <summary>Candidate positions of each expert: those where the router chose it; all where there is no router. Shape [experts].</summary>
    public long[] Candidates { get; }

    /// <summary>Sampled candidate positions of each expert.</summary>
    public long[] Sampled { get; }

    /// <summary>The lists of <see cref="Samples"/> and <see cref="Cases"/>.</summary>
    public TriggerLists[] Beyond { get; }

    /// <summary>Where bin 0 of the sixteen columns from <paramref name="column"/> on stands in <see cref="Histogram"/>.</summary>
    /// <param name="column">A multiple of 16.</param>
    public static int HistogramStart(int column) => column * ActivationHistogram.Bins;

    /// <summary>Bytes of an accumulator.</summary>
    public static long Bytes(MemoryColumns layout, bool gated, MiningRules rules)
        => (TriggerLists.Bytes(layout.Count, rules.Top, rules.Distinct > 0) * (gated ? 2 : 1))
            + (rules.SignCases && gated ? SignCaseCount * TriggerLists.Bytes(layout.Count, rules.Top, rules.Distinct > 0) : 0)
            + (rules.SampleQuantiles ? (TriggerLists.Bytes(layout.Count, QuantileSample.Size, distinct: false) * (gated ? 2 : 1)) + (layout.Count * (16L + (4 * (RandomPositions.Count + 1)))) : 0)
            + (layout.Count * ((4 * 16L) + 8 + 4 + (gated ? 12 : 0) + (ActivationHistogram.Bins * 4L)));

    /// <summary>Takes over the thresholds of the totals of the layer that comes next.</summary>
    public void Prepare(LayerTotals totals)
    {
        Positive.ResetFor(totals.Accumulator.Positive);
        Negative?.ResetFor(totals.Accumulator.Negative!);
        for (int i = 0; i < Beyond.Length; i++)
        {
            Beyond[i].ResetFor(totals.Accumulator.Beyond[i]);
        }
    }

    /// <summary>Adds the power sums of a finished text to the exact ones.</summary>
    /// <param name="column">First of sixteen columns.</param>
    /// <param name="valid">How many of them are memories; those beyond hold whatever was in the buffer.</param>
    /// <param name="sums">[powers, 16].</param>
    /// <returns>False where one is NaN or infinite.</returns>
    public bool AddSums(int column, int valid, double* sums)
    {
        for (int power = 0; power < Sums.Length; power++)
        {
            Vector512<double> a = Vector512.Load(sums + (power * Lanes));
            Vector512<double> b = Vector512.Load(sums + (power * Lanes) + 8);
            if (valid < Lanes)
            {
                a = Vector512.ConditionalSelect(Vector512.LessThan(Vector512<long>.Indices, Vector512.Create((long)valid)).AsDouble(), a, Vector512<double>.Zero);
                b = Vector512.ConditionalSelect(Vector512.LessThan(Vector512<long>.Indices, Vector512.Create(valid - 8L)).AsDouble(), b, Vector512<double>.Zero);
            }

            if (!Vector512.EqualsAll((a - a) + (b - b), Vector512<double>.Zero))   // NaN or infinity
            {
                return false;
            }

            Sums[power].Add(column, a, b);
        }

        return true;
    }

    public void Dispose()
    {
        _extremes.Dispose();
        foreach (ExactColumns sums in Sums)
        {
            sums.Dispose();
        }
    }

    /// <summary>Starts afresh; the lists are emptied by <see cref="Prepare"/>.</summary>
    public void Clear()
    {
        foreach (ExactColumns sums in Sums)
        {
            sums.Clear();
        }

        new Span<float>(Min, Columns).Fill(float.PositiveInfinity);
        new Span<float>(Max, Columns).Fill(float.NegativeInfinity);
        Array.Clear(PositiveCounts);
        foreach (int[] counts in SignCounts)
        {
            Array.Clear(counts);
        }

        Array.Clear(Histogram);
        Array.Clear(Candidates);
        Array.Clear(Sampled);
    }
}
