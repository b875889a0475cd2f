using Keyhole.Memories;
using Xunit;

namespace Keyhole.Tests.Memories;

public sealed class ActivationHistogramTests
{
    [Fact]
    public void Has_257_rising_edges_that_mirror()
    {
        Assert.Equal(257, ActivationHistogram.Edges.Length);
        Assert.Equal(double.NegativeInfinity, ActivationHistogram.Edges[0]);
        Assert.Equal(double.PositiveInfinity, ActivationHistogram.Edges[256]);
        for (int i = 0; i < 256; i++)
        {
            Assert.True(ActivationHistogram.Edges[i] < ActivationHistogram.Edges[i + 1], $"edge {i}");
            Assert.Equal(-ActivationHistogram.Edges[256 - i], ActivationHistogram.Edges[i]);
        }

        Assert.Equal(Math.ScaleB(1, -16), ActivationHistogram.Edges[129]);
        Assert.Equal(1.25 * Math.ScaleB(1, -16), ActivationHistogram.Edges[130]);
        Assert.Equal(1.0, ActivationHistogram.Edges[193]);
        Assert.Equal(49152.0, ActivationHistogram.Edges[255]);
    }

    [Fact]
    public void A_value_lies_between_the_edges_of_its_bin()
    {
        foreach (float x in Values())
        {
            int bin = ActivationHistogram.BinOf(x);
            double lower = ActivationHistogram.Edges[bin];
            double upper = ActivationHistogram.Edges[bin + 1];
            Assert.True(x >= 0 ? lower <= x && (x < upper || float.IsInfinity(x)) : (lower < x || float.IsInfinity(x)) && x <= upper, $"{x:R} in bin {bin}: {lower:R} .. {upper:R}");
        }
    }

    [Fact]
    public void Mirrors_for_every_value_but_zero()
    {
        foreach (float x in Values())
        {
            if (x != 0)
            {
                Assert.Equal(255 - ActivationHistogram.BinOf(x), ActivationHistogram.BinOf(-x));
            }
        }

        Assert.Equal(128, ActivationHistogram.BinOf(0f));
        Assert.Equal(128, ActivationHistogram.BinOf(-0f));
        Assert.Equal(127, ActivationHistogram.BinOf(-float.Epsilon));
    }

    [Fact]
    public void Rises_with_the_value()
    {
        float[] values = [.. Values().Order()];
        for (int i = 1; i < values.Length; i++)
        {
            Assert.True(ActivationHistogram.BinOf(values[i - 1]) <= ActivationHistogram.BinOf(values[i]), $"{values[i - 1]:R}, {values[i]:R}");
        }
    }

    private static IEnumerable<float> Values()
    {
        // Every edge with its neighbours, random bits, and the ends.
        foreach (double edge in ActivationHistogram.Edges)
        {
            yield return (float)edge;
            yield return MathF.BitIncrement((float)edge);
            yield return MathF.BitDecrement((float)edge);
        }

        yield return float.MaxValue;
        yield return float.MinValue;
        Random random = new(11);
        for (int i = 0; i < 100_000; i++)
        {
            float x = BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue));
            if (!float.IsNaN(x))
            {
                yield return x;
            }
        }
    }
}
