using System.Text.Json;
using Keyhole.Statistics;
using Xunit;

namespace Keyhole.Tests.Statistics;

public sealed class RankingTests
{
    [Fact]
    public void Areas_are_those_of_scikit_learn()
    {
        foreach (JsonElement one in GoldenStatistics.Cases("detectors.json"))
        {
            Assert.Equal(one.GetProperty("auroc").GetDouble(), Ranking.Auroc(one.Numbers("score"), one.Labels("label")), 1e-14);
            Assert.Equal(one.GetProperty("average_precision").GetDouble(), Ranking.AveragePrecision(one.Numbers("score"), one.Labels("label")), 1e-14);
        }
    }

    [Theory]
    [InlineData(1, 40, 3)]
    [InlineData(2, 150, 10)]
    [InlineData(3, 300, 1_000_000)]
    [InlineData(4, 2, 2)]
    public void Areas_are_their_definitions_over_all_pairs_and_thresholds(int seed, int n, int distinct)
    {
        (double[] scores, bool[] labels) = Random(seed, n, distinct);
        Assert.Equal(AllPairs(scores, labels), Ranking.Auroc(scores, labels), 1e-13);
        Assert.Equal(AllThresholds(scores, labels), Ranking.AveragePrecision(scores, labels), 1e-13);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Order_of_positions_and_increasing_functions_change_nothing_and_a_flip_mirrors(int seed)
    {
        (double[] scores, bool[] labels) = Random(seed, 200, 50);
        double area = Ranking.Auroc(scores, labels);
        double precision = Ranking.AveragePrecision(scores, labels);
        int[] order = ShuffledPairs.Permutation(200, 9, (ulong)seed);
        Assert.Equal(area, Ranking.Auroc([.. order.Select(i => scores[i])], [.. order.Select(i => labels[i])]));
        Assert.Equal(precision, Ranking.AveragePrecision([.. order.Select(i => scores[i])], [.. order.Select(i => labels[i])]));
        double[] cubes = [.. scores.Select(score => Math.Pow(score, 3) + 7)];
        Assert.Equal(area, Ranking.Auroc(cubes, labels));
        Assert.Equal(precision, Ranking.AveragePrecision(cubes, labels));
        Assert.Equal(1 - area, Ranking.Auroc([.. scores.Select(score => -score)], labels), 1e-15);
    }

    [Fact]
    public void Single_precision_and_bins_of_single_scores_agree()
    {
        (double[] scores, bool[] labels) = Random(6, 500, 20);
        float[] singles = [.. scores.Select(score => (float)score)];
        long[] Count(bool holds) => [.. scores.Distinct().Order().Select(score => (long)scores.Zip(labels).Count(pair => pair.First == score && pair.Second == holds))];
        Assert.Equal(Ranking.Auroc(scores, labels), Ranking.Auroc(singles, labels));
        Assert.Equal(Ranking.AveragePrecision(scores, labels), Ranking.AveragePrecision(singles, labels));
        Assert.Equal(Ranking.Auroc(scores, labels), Ranking.Auroc(Count(true), Count(false)));
        Assert.Equal(Ranking.AveragePrecision(scores, labels), Ranking.AveragePrecision(Count(true), Count(false)));
        Assert.Equal(0.75, Ranking.Auroc([0, 4_000_000_000], [2_000_000_000L, 2_000_000_000L]));
    }

    [Fact]
    public void Edges()
    {
        Assert.Equal(0.5, Ranking.Auroc([3.0, 3, 3], [true, false, true]));
        Assert.Equal(2.0 / 3, Ranking.AveragePrecision([3.0, 3, 3], [true, false, true]), 1e-15);
        Assert.Equal(0.5, Ranking.Auroc([-0.0, 0.0], [true, false]));
        Assert.Equal(1, Ranking.Auroc([double.PositiveInfinity, double.NegativeInfinity], [true, false]));
        Assert.True(double.IsNaN(Ranking.Auroc([1.0, 2], [true, true])));
        Assert.Equal(1, Ranking.AveragePrecision([1.0, 2], [true, true]));
        Assert.True(double.IsNaN(Ranking.Auroc([1.0, 2], [false, false])) && double.IsNaN(Ranking.AveragePrecision([1.0, 2], [false, false])));
        Assert.True(double.IsNaN(Ranking.Auroc(Array.Empty<double>(), [])) && double.IsNaN(Ranking.AveragePrecision(Array.Empty<double>(), [])));
        Assert.Throws<ArgumentException>(() => Ranking.Auroc([1.0], [true, false]));
        Assert.Throws<ArgumentException>(() => Ranking.AveragePrecision([double.NaN], [true]));
        Assert.Throws<ArgumentException>(() => Ranking.Auroc([1L], [1L, 2L]));
    }

    private static double AllPairs(double[] scores, bool[] labels)
    {
        double pairs = 0;
        double ordered = 0;
        for (int i = 0; i < scores.Length; i++)
        {
            for (int j = 0; j < scores.Length; j++)
            {
                if (labels[i] && !labels[j])
                {
                    pairs++;
                    ordered += scores[i] > scores[j] ? 1 : scores[i] == scores[j] ? 0.5 : 0;
                }
            }
        }

        return ordered / pairs;
    }

    private static double AllThresholds(double[] scores, bool[] labels)
    {
        double before = 0;
        double sum = 0;
        foreach (double threshold in scores.Distinct().OrderDescending())
        {
            double fired = scores.Count(score => score >= threshold);
            double right = scores.Zip(labels).Count(pair => pair.First >= threshold && pair.Second);
            double recall = right / labels.Count(label => label);
            sum += (recall - before) * right / fired;
            before = recall;
        }

        return sum;
    }

    private static (double[] Scores, bool[] Labels) Random(int seed, int n, int distinct)
    {
        var random = new Random(seed);
        double[] scores = [.. Enumerable.Range(0, n).Select(_ => (random.Next(distinct) - (distinct / 2)) / 8.0)];
        bool[] labels = [.. scores.Select(score => random.NextDouble() < 0.3 + (score > 0 ? 0.3 : 0))];
        (labels[0], labels[1]) = (true, false);
        return (scores, labels);
    }
}
