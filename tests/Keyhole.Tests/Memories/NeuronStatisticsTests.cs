using System.Numerics;
using System.Text.Json;
using Keyhole.Memories;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Tests.Memories;

public sealed class NeuronStatisticsTests
{
    [Fact]
    public void Moments_agree_with_scipy()
    {
        string path = Path.Combine(SharedData.Repository, "tests", "Keyhole.Tests", "Golden", "statistics", "moments.json");
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllBytes(path));
        int cases = 0;
        foreach (JsonElement one in golden.RootElement.GetProperty("cases").EnumerateArray())
        {
            double[] values = [.. one.GetProperty("values").EnumerateArray().Select(value => value.GetDouble())];
            NeuronStatistics statistics = Statistics(values);
            string name = one.GetProperty("name").GetString()!;
            Close(one, "mean", statistics.Mean, name);
            Close(one, "variance", statistics.Variance, name);
            Close(one, "skewness", statistics.Skewness, name);
            Close(one, "excess_kurtosis", statistics.ExcessKurtosis, name);
            cases++;
        }

        Assert.Equal(7, cases);
    }

    [Fact]
    public void Small_cases_are_exact()
    {
        NeuronStatistics two = Statistics([1, 4]);
        Assert.Equal((2.5, 2.25, 0.0, -2.0, 1.0), (two.Mean, two.Variance, two.Skewness, two.ExcessKurtosis, two.SharePositive));
        NeuronStatistics three = Statistics([0, 0, 3]);                       // m2 = 2, m3 = 2, m4 = 6: skewness 2 / 2^1.5 = sqrt(0.5)
        Assert.Equal((1.0, 2.0, Math.Sqrt(0.5), -1.5), (three.Mean, three.Variance, three.Skewness, three.ExcessKurtosis));
        Assert.Equal(1.0 / 3, three.SharePositive);
        NeuronStatistics mirrored = Statistics([0, 0, -3]);
        Assert.Equal(-three.Skewness, mirrored.Skewness);
    }

    [Fact]
    public void A_constant_has_no_shape_and_nothing_has_no_moments()
    {
        NeuronStatistics constant = Statistics([0.1f, 0.1f, 0.1f]);
        Assert.Equal(0.1f, constant.Mean, 1e-15);
        Assert.Equal(0.0, constant.Variance);
        Assert.True(double.IsNaN(constant.Skewness) && double.IsNaN(constant.ExcessKurtosis));
        NeuronStatistics none = NeuronStatistics.Empty(gated: false);
        Assert.All([none.Mean, none.Variance, none.Skewness, none.ExcessKurtosis, none.SharePositive, none.Min, none.Max], value => Assert.True(double.IsNaN(value)));
    }

    [Fact]
    public void Merging_in_any_order_and_grouping_gives_the_same_bytes()
    {
        Random random = new(21);
        for (int repeat = 0; repeat < 100; repeat++)
        {
            bool gated = repeat % 2 == 0;
            NeuronStatistics[] parts = [.. Enumerable.Range(0, 6).Select(_ => Statistics(Values(random, random.Next(0, 30)), gated ? random : null))];
            byte[] inOrder = Bytes(parts.Aggregate(NeuronStatistics.Merge));
            random.Shuffle(parts);
            byte[] grouped = Bytes(NeuronStatistics.Merge(parts[..3].Aggregate(NeuronStatistics.Merge), parts[3..].Reverse().Aggregate(NeuronStatistics.Merge)));
            Assert.Equal(inOrder, grouped);
        }
    }

    [Fact]
    public void Merging_equals_counting_together()
    {
        Random random = new(22);
        double[] values = Values(random, 200);
        Assert.Equal(Bytes(Statistics(values)), Bytes(NeuronStatistics.Merge(Statistics(values[..77]), Statistics(values[77..]))));
        Assert.Equal(Bytes(Statistics(values)), Bytes(NeuronStatistics.Merge(NeuronStatistics.Empty(gated: false), Statistics(values))));
        Assert.Throws<ArgumentException>(() => NeuronStatistics.Merge(Statistics(values), NeuronStatistics.Empty(gated: true)));
    }

    [Fact]
    public void Bytes_read_back()
    {
        Random random = new(23);
        foreach (NeuronStatistics statistics in (NeuronStatistics[])[NeuronStatistics.Empty(gated: true), Statistics(Values(random, 50)), Statistics(Values(random, 9), random)])
        {
            byte[] bytes = Bytes(statistics);
            NeuronStatistics read = Read(bytes);
            Assert.Equal(bytes, Bytes(read));
            Assert.Equal(statistics.Histogram, read.Histogram);
            Assert.Equal((statistics.Count, statistics.PositiveCount, statistics.Min, statistics.Max, statistics.SignCases, statistics.Sum1, statistics.Sum4),
                (read.Count, read.PositiveCount, read.Min, read.Max, read.SignCases, read.Sum1, read.Sum4));
        }
    }

    [Fact]
    public void Cut_and_flipped_bytes_are_refused_or_read_but_never_crash()
    {
        Random random = new(24);
        byte[] bytes = Bytes(Statistics(Values(random, 50), random));
        for (int length = 0; length < bytes.Length; length++)
        {
            Assert.ThrowsAny<IOException>(() => Read(bytes[..length]));
        }

        int refused = 0;
        for (int repeat = 0; repeat < 2000; repeat++)
        {
            byte[] damaged = [.. bytes];
            damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            try
            {
                Read(damaged);
            }
            catch (Exception expected) when (expected is InvalidDataException or EndOfStreamException or FormatException)
            {
                refused++;
            }
        }

        Assert.True(refused > 100);
    }

    private static double[] Values(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (double)(float)(random.NextDouble() * 8 - 3))];

    private static NeuronStatistics Statistics(double[] values, Random? signs = null)
    {
        uint[] histogram = new uint[ActivationHistogram.Bins];
        ExactSum[] sums = new ExactSum[4];
        foreach (double value in values)
        {
            histogram[ActivationHistogram.BinOf((float)value)]++;
            ExactSum exact = ExactSum.FromDouble(value);
            for (int power = 1; power <= 4; power++)
            {
                sums[power - 1] += new ExactSum(BigInteger.Pow(exact.Mantissa, power), power * exact.Exponent);
            }
        }

        return new NeuronStatistics
        {
            Count = values.Length,
            Sum1 = sums[0],
            Sum2 = sums[1],
            Sum3 = sums[2],
            Sum4 = sums[3],
            Min = values.Length == 0 ? float.NaN : (float)values.Min(),
            Max = values.Length == 0 ? float.NaN : (float)values.Max(),
            PositiveCount = values.Count(value => value > 0),
            SignCases = signs is null ? null : new SignCases(signs.Next(9), signs.Next(9), signs.Next(9), signs.Next(9)),
            Histogram = [.. histogram],
        };
    }

    private static void Close(JsonElement golden, string field, double actual, string name)
    {
        JsonElement expected = golden.GetProperty(field);
        if (expected.ValueKind == JsonValueKind.Null)
        {
            Assert.True(double.IsNaN(actual), $"{name}: {field} is {actual}");
            return;
        }

        double value = expected.GetDouble();
        Assert.True(Math.Abs(actual - value) <= 1e-9 * Math.Max(1, Math.Abs(value)), $"{name}: {field} is {actual:R}, expected {value:R}");
    }

    private static byte[] Bytes(NeuronStatistics statistics)
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        statistics.Write(writer);
        return stream.ToArray();
    }

    private static NeuronStatistics Read(byte[] bytes)
    {
        using BinaryReader reader = new(new MemoryStream(bytes));
        return NeuronStatistics.Read(reader);
    }
}
