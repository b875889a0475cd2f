using Keyhole.Engine.Numerics;
using Xunit;

namespace Keyhole.Engine.Tests.Numerics;

public sealed class NormalDrawTests
{
    [Fact]
    public void Numbers_are_those_of_the_formula()
    {
        var random = new Random(4);
        for (int i = 0; i < 1000; i++)
        {
            (ulong first, ulong second) = ((ulong)random.NextInt64() << 1, (ulong)random.NextInt64() << 1);
            double radius = Math.Sqrt(-2 * Math.Log(((first >> 11) + 0.5) / Math.Pow(2, 53)));
            double angle = 2 * Math.PI * (second >> 11) / Math.Pow(2, 53);
            (double x, double y) = NormalDraw.Pair(first, second);
            Assert.Equal(radius * Math.Cos(angle), x, 1e-13);
            Assert.Equal(radius * Math.Sin(angle), y, 1e-13);
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(ulong.MaxValue, ulong.MaxValue)]
    [InlineData(0, ulong.MaxValue)]
    public void All_bits_give_finite_numbers(ulong first, ulong second)
    {
        (double x, double y) = NormalDraw.Pair(first, second);
        Assert.InRange(Math.Sqrt((x * x) + (y * y)), 0, 9);   // sqrt(2 * 54 ln 2) = 8.66
    }

    [Fact]
    public void Moments_are_those_of_the_normal_distribution()
    {
        const int Pairs = 50_000;
        var random = new Random(9);
        double[] drawn = [.. Enumerable.Range(0, Pairs).SelectMany(_ =>
        {
            (double x, double y) = NormalDraw.Pair((ulong)random.NextInt64() << 1, (ulong)random.NextInt64() << 1);
            return new[] { x, y };
        })];
        double deviation = 1 / Math.Sqrt(drawn.Length);
        Assert.InRange(drawn.Average(), -4 * deviation, 4 * deviation);
        Assert.InRange(drawn.Average(value => value * value), 1 - (4 * Math.Sqrt(2) * deviation), 1 + (4 * Math.Sqrt(2) * deviation));
        Assert.InRange(drawn.Average(value => Math.Pow(value, 4)), 3 - (4 * Math.Sqrt(96) * deviation), 3 + (4 * Math.Sqrt(96) * deviation));
    }
}
