using System.Numerics;
using System.Text.Json;
using Keyhole.Statistics;
using Xunit;

namespace Keyhole.Tests.Statistics;

public sealed class MomentsTests
{
    [Fact]
    public void Moments_are_those_of_numpy_and_scipy()
    {
        foreach (JsonElement one in GoldenStatistics.Cases("moments.json"))
        {
            Moments moments = Moments.Of(one.Numbers("values"));
            foreach ((string name, double value) in new[] { ("mean", moments.Mean), ("variance", moments.Variance), ("skewness", moments.Skewness), ("excess_kurtosis", moments.ExcessKurtosis) })
            {
                JsonElement golden = one.GetProperty(name);
                Assert.Equal(golden.ValueKind == JsonValueKind.Null, double.IsNaN(value));
                double expected = double.IsNaN(value) ? double.NaN : golden.GetDouble();
                Assert.Equal(expected, value, 1e-9 * (double.IsNaN(value) ? 1 : Math.Max(1, Math.Abs(expected))));   // the case 'large offset' holds numpy's own rounding
            }
        }
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1e9, 1)]
    [InlineData(-1e14, 1)]
    [InlineData(3e-100, 1e-100)]
    [InlineData(0, 1e150)]
    public void Offsets_and_scales_lose_nothing(double offset, double scale)
    {
        var random = new Random(4);
        double[] values = [.. Enumerable.Range(0, 1000).Select(_ => offset + (scale * Math.Pow(random.NextDouble(), 3)))];
        Moments moments = Moments.Of(values);
        (double mean, double variance, double skewness, double kurtosis) = Exact(values, scale);
        Assert.Equal(1, moments.Mean / mean, 1e-14);
        Assert.Equal(1, moments.Variance / variance, 1e-12);
        Assert.Equal(skewness, moments.Skewness, 1e-11);
        Assert.Equal(kurtosis, moments.ExcessKurtosis, 1e-11);
    }

    [Fact]
    public void Edges()
    {
        Assert.Equal(new Moments(0, double.NaN, double.NaN, double.NaN, double.NaN), Moments.Of([]));
        Assert.Equal(new Moments(1, 7, 0, double.NaN, double.NaN), Moments.Of([7]));
        Assert.Equal(new Moments(30, 0.1, 0, double.NaN, double.NaN), Moments.Of([.. Enumerable.Repeat(0.1, 30)]));   // whose sum is rounded
        Assert.Equal(new Moments(2, 2.5, 2.25, 0, -2), Moments.Of([1, 4]));
        Assert.Equal((0, 0, -2), (Moments.Of([-1e300, 1e300]).Mean, Moments.Of([-1e300, 1e300]).Skewness, Moments.Of([-1e300, 1e300]).ExcessKurtosis));
        Assert.Throws<ArgumentException>(() => Moments.Of([1, double.NaN]));
        Assert.Throws<ArgumentException>(() => Moments.Of([double.PositiveInfinity]));
    }

    // Moments in fractions of whole numbers: a double times 2^1074 is whole. The scale keeps the last step, which is in doubles, in range.
    private static (double Mean, double Variance, double Skewness, double Kurtosis) Exact(double[] values, double scale)
    {
        BigInteger[] whole = [.. values.Select(Whole)];
        BigInteger n = values.Length;
        BigInteger sum = whole.Aggregate(BigInteger.Zero, (a, b) => a + b);
        BigInteger[] distances = [.. whole.Select(value => (value * n) - sum)];   // n times the distance
        BigInteger unit = Whole(scale) * n;
        double Power(int power) => Ratio(distances.Aggregate(BigInteger.Zero, (a, b) => a + BigInteger.Pow(b, power)), n * BigInteger.Pow(unit, power));
        double variance = Power(2);
        return (Ratio(sum, n * Whole(1)), variance * scale * scale, Power(3) / Math.Pow(variance, 1.5), (Power(4) / (variance * variance)) - 3);
    }

    private static BigInteger Whole(double value)
    {
        int exponent = value == 0 ? 0 : Math.ILogB(value) - 52;
        return (BigInteger)Math.ScaleB(value, -exponent) << (exponent + 1200);
    }

    private static double Ratio(BigInteger a, BigInteger b)
    {
        int shift = 200 - (int)(BigInteger.Abs(a).GetBitLength() - b.GetBitLength());
        BigInteger quotient = shift >= 0 ? (a << shift) / b : a / (b << -shift);
        return Math.ScaleB((double)quotient, -shift);
    }
}
