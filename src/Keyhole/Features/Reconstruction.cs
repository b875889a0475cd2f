using Keyhole.Engine.Numerics;
using Keyhole.Statistics;

namespace Keyhole.Features;

/// <summary>What a second pass tells of a bank: how many memories are active, and how much of the output the strongest of each position make up.</summary>
internal sealed class Reconstruction
{
    // Sums of a text: active memories, positions, squared distance of the output from its mean, then of each k the squared error, then its mean ratio to that distance.
    private const int Active = 0;
    private const int Positions = 1;
    private const int Distance = 2;
    private const int FirstError = 3;

    private readonly IReadOnlyList<int> _topK;
    private readonly double[][] _texts;
    private readonly int[] _bestRanks;   // of each memory: the best rank that it ever had, M where none

    private Reconstruction(FeatureBank bank, FeatureSample sample, IReadOnlyList<int> topK)
    {
        _topK = topK;
        _texts = [.. sample.Texts.Select(_ => new double[FirstError + (2 * topK.Count)])];
        _bestRanks = new int[bank.Memories];
        Array.Fill(_bestRanks, bank.Memories);
    }

    /// <summary>Runs the pass.</summary>
    /// <param name="bank">The bank.</param>
    /// <param name="passes">Shows its coefficients.</param>
    /// <param name="thresholds">A memory is active where |m| is above its own, shape [M].</param>
    /// <param name="mean">Mean of the output, b2 included, shape [D].</param>
    /// <param name="topK">How many memories are kept, ascending.</param>
    public static Reconstruction Of(FeatureBank bank, BankPasses passes, float[] thresholds, float[] mean, IReadOnlyList<int> topK)
    {
        var made = new Reconstruction(bank, passes.Sample, topK);
        int most = Math.Min(topK[^1], bank.Memories);
        passes.Run(() => new OwnRows(bank, most), (tile, scratch, own) =>
        {
            for (int row = 0; row < tile.Coefficients.Rows; row++)
            {
                double[] sums = made._texts[passes.Sample.TextOf(tile.First + row)];
                sums[Active] += CountActive(tile.Coefficients.Row(row), thresholds);
                sums[Positions]++;
            }

            bank.Weigh(tile.Router, tile.Coefficients);
            MatrixView outputs = scratch.Sums(tile.Coefficients.Rows);
            bank.Add(tile.Coefficients, outputs);
            for (int row = 0; row < outputs.Rows; row++)
            {
                outputs.Row(row).CopyTo(own.Row);
                bank.AddBias(tile.Router.Rows > 0 ? tile.Router.Row(row) : default, own.Row);
                Elementwise.MultiplyAdd(own.Row, mean, -1);
                double distance = Reductions.SumOfSquares(own.Row);
                double[] sums = made._texts[passes.Sample.TextOf(tile.First + row)];
                sums[Distance] += distance;
                made.Keep(bank, tile.Coefficients.Row(row), outputs.Row(row), distance, sums, scratch.Strengths, own);
            }
        }, own => made.Merge(own.BestRanks));
        return made;
    }

    /// <summary>Mean number of active memories of a position; the interval is over texts.</summary>
    public Estimate L0(ulong seed) => Bootstrap.OverGroups(_texts, seed, sums => sums[Active] / sums[Positions]);

    /// <summary>1 - sum of squared errors / sum of squared distances from the mean, over all positions and dimensions; the interval is over texts.</summary>
    /// <param name="place">Which k.</param>
    /// <param name="seed">Which resamples.</param>
    public Estimate ExplainedVariance(int place, ulong seed) => Bootstrap.OverGroups(_texts, seed, sums => 1 - (sums[FirstError + place] / sums[Distance]));

    /// <summary>SAEBench's: the mean over positions of 1 - squared error / squared distance from the mean.</summary>
    /// <param name="place">Which k.</param>
    /// <param name="seed">Which resamples.</param>
    public Estimate SaeBench(int place, ulong seed) => Bootstrap.OverGroups(_texts, seed, sums => 1 - (sums[FirstError + _topK.Count + place] / sums[Positions]));

    /// <summary>Memories that were among the k strongest of a position, with a contribution that is not 0.</summary>
    /// <param name="place">Which k.</param>
    public Share Kept(int place) => new(_bestRanks.Count(rank => rank < _topK[place] && rank < _bestRanks.Length), _bestRanks.Length);

    private static int CountActive(ReadOnlySpan<float> coefficients, float[] thresholds)
    {
        int active = 0;
        for (int memory = 0; memory < coefficients.Length; memory++)
        {
            active += MathF.Abs(coefficients[memory]) > thresholds[memory] ? 1 : 0;
        }

        return active;
    }

    // Takes the strongest memories of a position away from its output, one after the other: what is left is the error.
    private void Keep(FeatureBank bank, ReadOnlySpan<float> contributions, Span<float> left, double distance, double[] sums, float[] strengths, OwnRows own)
    {
        for (int memory = 0; memory < strengths.Length; memory++)
        {
            strengths[memory] = MathF.Abs(contributions[memory]) * bank.Norms[memory];
        }

        int found = TopK.Largest(strengths, own.Indices.Length, own.Indices, own.Values);
        int rank = 0;
        for (int place = 0; place < _topK.Count; place++)
        {
            for (; rank < Math.Min(_topK[place], found) && own.Values[rank] > 0; rank++)
            {
                int memory = own.Indices[rank];
                Elementwise.MultiplyAdd(left, bank.Value(memory), -contributions[memory]);
                own.BestRanks[memory] = Math.Min(own.BestRanks[memory], rank);
            }

            double error = Reductions.SumOfSquares(left);
            sums[FirstError + place] += error;
            sums[FirstError + _topK.Count + place] += error == 0 ? 0 : error / distance;
        }
    }

    private void Merge(int[] ranks)
    {
        for (int memory = 0; memory < ranks.Length; memory++)
        {
            _bestRanks[memory] = Math.Min(_bestRanks[memory], ranks[memory]);
        }
    }

    private sealed class OwnRows
    {
        public OwnRows(FeatureBank bank, int most)
        {
            Row = new float[bank.Width];
            Indices = new int[most];
            Values = new float[most];
            BestRanks = new int[bank.Memories];
            Array.Fill(BestRanks, bank.Memories);
        }

        public float[] Row { get; }

        public int[] Indices { get; }

        public float[] Values { get; }

        public int[] BestRanks { get; }
    }
}
