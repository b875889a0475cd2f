using Keyhole.Engine.Numerics;
using Xunit;

namespace Keyhole.Engine.Tests.Numerics;

public class ReductionsTests
{
    [Fact]
    public void Every_length_agrees_with_the_twin()
    {
        foreach (int length in Samples.Lengths)
        {
            float[] a = Samples.Normal(length, 1);
            float[] b = Samples.Normal(length, 2);

            // The error of a sum is bounded by the sum of magnitudes, not by the (cancelled) result.
            double magnitude = a.Sum(x => Math.Abs((double)x));
            double products = a.Zip(b, (x, y) => Math.Abs((double)x * y)).Sum();
            Close.Within(Reference.Reductions.Sum(a), Reductions.Sum(a), 0, 3e-7 * magnitude, $"sum of {length}");
            Close.Within(Reference.Reductions.Dot(a, b), Reductions.Dot(a, b), 0, 3e-7 * products, $"dot of {length}");
            Close.Within(Reference.Reductions.SumOfSquares(a), Reductions.SumOfSquares(a), 1e-6, 0, $"sum of squares of {length}");
            Close.Within(Reference.Reductions.L2Norm(a), Reductions.L2Norm(a), 1e-6, 0, $"norm of {length}");
            Close.Within(Reference.Reductions.Max(a), Reductions.Max(a), 0, 0, $"max of {length}");
            Close.Within(Reference.Reductions.MaxAbs(a), Reductions.MaxAbs(a), 0, 0, $"max abs of {length}");
        }
    }

    [Fact]
    public void The_order_of_a_sum_is_the_documented_one()
    {
        foreach (int length in Samples.Lengths)
        {
            float[] a = Samples.Normal(length, 7);
            float[] b = Samples.Normal(length, 8);
            float[] sum = new float[16];
            float[] dot = new float[16];
            for (int i = 0; i < length; i++)
            {
                sum[i % 16] += a[i];
                dot[i % 16] = MathF.FusedMultiplyAdd(a[i], b[i], dot[i % 16]);
            }

            Assert.Equal(Tree(sum), Reductions.Sum(a));
            Assert.Equal(Tree(dot), Reductions.Dot(a, b));
        }
    }

    [Fact]
    public void The_largest_is_found_wherever_it_stands_and_nan_is_passed_over()
    {
        for (int length = 1; length <= 70; length++)
        {
            for (int place = 0; place < length; place++)
            {
                float[] values = [.. Enumerable.Repeat(-5f, length)];
                values[place] = 7f;
                values[(place + 1) % length] = length > 1 ? float.NaN : 7f;
                Assert.Equal(7f, Reductions.Max(values));
                Assert.Equal(7f, Reductions.MaxAbs(values));
            }
        }

        Assert.Equal(float.NegativeInfinity, Reductions.Max([]));
        Assert.Equal(float.NegativeInfinity, Reductions.Max([float.NaN]));
        Assert.Equal(0f, Reductions.MaxAbs([float.NaN]));
        Assert.Equal(float.PositiveInfinity, Reductions.MaxAbs([1f, float.NegativeInfinity]));
    }

    [Fact]
    public void Special_values_follow_ieee()
    {
        Assert.True(float.IsNaN(Reductions.Sum([1f, float.NaN])));
        Assert.True(float.IsNaN(Reductions.Sum([float.PositiveInfinity, float.NegativeInfinity])));
        Assert.Equal(float.PositiveInfinity, Reductions.SumOfSquares([1e20f]));
        Assert.Equal(3 * float.Epsilon, Reductions.Sum([float.Epsilon, float.Epsilon, float.Epsilon]));
        Assert.Throws<ArgumentException>(() => Reductions.Dot(new float[3], new float[4]));
    }

    private static float Tree(float[] lanes)
    {
        for (int half = 8; half > 0; half /= 2)
        {
            for (int j = 0; j < half; j++)
            {
                lanes[j] += lanes[j + half];
            }
        }

        return lanes[0];
    }
}
