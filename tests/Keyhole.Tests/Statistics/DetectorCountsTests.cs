using System.Numerics;
using System.Text.Json;
using Keyhole.Statistics;
using Xunit;

namespace Keyhole.Tests.Statistics;

public sealed class DetectorCountsTests
{
    [Fact]
    public void Counts_and_measures_are_those_of_other_software()
    {
        JsonElement[] cases = GoldenStatistics.Cases("detectors.json");
        Assert.Equal(5, cases.Length);
        foreach (JsonElement one in cases)
        {
            DetectorCounts counts = DetectorCounts.At(one.Numbers("score"), one.Labels("label"), one.GetProperty("threshold").GetDouble());
            double Golden(string name) => one.GetProperty(name).GetDouble();
            Assert.Equal(new DetectorCounts((long)Golden("tp"), (long)Golden("fp"), (long)Golden("fn"), (long)Golden("tn")), counts);
            Assert.Equal(Golden("precision"), counts.Precision, 1e-14);
            Assert.Equal(Golden("recall"), counts.Recall, 1e-14);
            Assert.Equal(Golden("f1"), counts.F1, 1e-14);
            Assert.Equal(Golden("phi"), counts.Phi, 1e-14);
            Assert.Equal(Golden("mutual_information_nats"), counts.MutualInformation, 1e-14);
            Assert.Equal(Golden("fisher_exact_p_two_sided"), counts.FisherExact(), 1e-12);
        }
    }

    [Fact]
    public void Measures_of_a_table_worked_by_hand()
    {
        DetectorCounts counts = new(Tp: 6, Fp: 2, Fn: 4, Tn: 28);
        Assert.Equal(0.75, counts.Precision);
        Assert.Equal(0.6, counts.Recall);
        Assert.Equal(28.0 / 32, counts.NegativeGivenInactive);
        Assert.Equal(0.25, counts.BaseRate);
        Assert.Equal(3, counts.Lift);
        Assert.Equal(12.0 / 18, counts.F1, 1e-15);
        Assert.Equal(160 / Math.Sqrt(8.0 * 10 * 32 * 30), counts.Phi, 1e-15);
    }

    [Fact]
    public void A_score_at_the_threshold_is_silent()
        => Assert.Equal(new DetectorCounts(1, 1, 1, 1), DetectorCounts.At([0.5, 0.5, 0.6, 0.7], [true, false, true, false], 0.5));

    [Fact]
    public void The_lady_who_tasted_tea()
    {
        // Fisher 1935, "The Design of Experiments": 3 of 4 cups right. P(3) = P(1) = 16/70, P(4) = P(0) = 1/70, and P(2) = 36/70 is likelier.
        Assert.Equal(34.0 / 70, new DetectorCounts(3, 1, 1, 3).FisherExact(), 1e-14);
        Assert.Equal(2.0 / 70, new DetectorCounts(4, 0, 0, 4).FisherExact(), 1e-14);
        Assert.Equal(1, new DetectorCounts(2, 2, 2, 2).FisherExact());
    }

    [Fact]
    public void Fishers_test_is_the_sum_over_tables_in_whole_numbers()
    {
        for (int n = 0; n <= 14; n++)
        {
            foreach (DetectorCounts counts in TablesOf(n))
            {
                Assert.Equal(ExactFisher(counts), counts.FisherExact(), 1e-12);
            }
        }

        var random = new Random(5);
        for (int i = 0; i < 200; i++)
        {
            DetectorCounts counts = new(random.Next(60), random.Next(200), random.Next(60), random.Next(400));
            double expected = ExactFisher(counts);
            Assert.InRange(counts.FisherExact() / expected, 1 - 1e-10, 1 + 1e-10);
        }
    }

    [Fact]
    public void Large_tables_neither_overflow_nor_take_long()
    {
        // A difference of 5 sd in 10^9 positions: the normal limit without correction is 5.733e-7.
        DetectorCounts far = new(250_039_528, 249_960_472, 249_960_472, 250_039_528);
        Assert.Equal(1.5811e5 / 1e9, far.Phi, 1e-8);
        Assert.Equal(5.733e-7, far.FisherExact(), 1e-9);
        DetectorCounts none = new(1_000_000_000, 0, 0, 1_000_000_000);
        Assert.Equal(0, none.FisherExact());
        Assert.Equal(1, none.Phi);
        Assert.Equal(Math.Log(2), none.MutualInformation, 1e-15);
    }

    [Fact]
    public void A_measure_without_a_denominator_is_no_number()
    {
        DetectorCounts never = new(0, 0, 3, 5);
        Assert.True(double.IsNaN(never.Precision) && double.IsNaN(never.Lift) && double.IsNaN(never.Phi));
        Assert.Equal((0, 0, 0, 1), (never.Recall, never.F1, never.MutualInformation, never.FisherExact()));
        DetectorCounts allHold = new(3, 0, 2, 0);
        Assert.Equal((1, 0.6, 1, 0), (allHold.Precision, allHold.Recall, allHold.Lift, allHold.NegativeGivenInactive));
        DetectorCounts nothing = DetectorCounts.At([], [], 0);
        Assert.True(double.IsNaN(nothing.Precision) && double.IsNaN(nothing.Recall) && double.IsNaN(nothing.F1) && double.IsNaN(nothing.Phi) && double.IsNaN(nothing.MutualInformation));
        Assert.Equal(1, nothing.FisherExact());
    }

    [Fact]
    public void What_cannot_be_counted_is_refused()
    {
        Assert.Throws<ArgumentException>(() => DetectorCounts.At([1], [true, false], 0));
        Assert.Throws<ArgumentException>(() => DetectorCounts.At([double.NaN], [true], 0));
        Assert.Throws<ArgumentException>(() => DetectorCounts.At([1], [true], double.NaN));
    }

    private static IEnumerable<DetectorCounts> TablesOf(int n)
        => from tp in Enumerable.Range(0, n + 1)
           from fp in Enumerable.Range(0, n - tp + 1)
           from fn in Enumerable.Range(0, n - tp - fp + 1)
           select new DetectorCounts(tp, fp, fn, n - tp - fp - fn);

    private static double ExactFisher(DetectorCounts counts)
    {
        (int fires, int holds, int total) = ((int)(counts.Tp + counts.Fp), (int)(counts.Tp + counts.Fn), (int)counts.Total);
        BigInteger Ways(int k) => Choose(holds, k) * Choose(total - holds, fires - k);
        BigInteger[] ways = [.. Enumerable.Range(0, fires + 1).Select(Ways)];
        BigInteger unlikely = ways.Where(way => way <= ways[counts.Tp]).Aggregate(BigInteger.Zero, (sum, way) => sum + way);
        BigInteger all = Choose(total, fires);
        return (double)(unlikely * BigInteger.Pow(10, 300) / all) / 1e300;
    }

    private static BigInteger Choose(int n, int k)
    {
        if (k < 0 || k > n)
        {
            return 0;
        }

        BigInteger ways = 1;
        for (int i = 0; i < k; i++)
        {
            ways = ways * (n - i) / (i + 1);
        }

        return ways;
    }
}
