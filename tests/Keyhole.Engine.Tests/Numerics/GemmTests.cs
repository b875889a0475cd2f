using Keyhole.Engine.Numerics;
using Xunit;

namespace Keyhole.Engine.Tests.Numerics;

public class GemmTests
{
    [Fact]
    public void Every_row_count_with_odd_shapes_and_gaps()
    {
        for (int m = 1; m <= 40; m++)
        {
            foreach ((int n, int k) in new[] { (1, 1), (31, 0), (33, 7), (97, 33), (64, 16) })
            {
                RequireOrder(m, n, k, strideGap: m % 4);
            }
        }
    }

    [Fact]
    public void Every_width_and_every_depth()
    {
        for (int size = 0; size <= 70; size++)
        {
            RequireOrder(5, size, 9, strideGap: 1);
            RequireOrder(14, 35, size, strideGap: 1);
        }
    }

    [Fact]
    public void Large_primes()
    {
        RequireOrder(487, 61, 103, strideGap: 0);
        RequireOrder(37, 211, 1031, strideGap: 5);
    }

    [Fact]
    public void The_result_agrees_with_doubles()
    {
        using var matrices = new GemmCase(41, 67, 1031);
        Gemm.Multiply(matrices.A, matrices.Weights, matrices.C, matrices.Bias);

        // The error of a running sum grows with the size of its terms: sum |a w|, about 660 here, not with the (cancelled) result.
        // The certain bound is K 2^-24 times that, 6e-5; roundings of either sign leave about sqrt(K) of K of it.
        double[] expected = Reference.Gemm.Multiply(matrices);
        float[] result = matrices.Result();
        for (int i = 0; i < result.Length; i++)
        {
            double terms = 0;
            ReadOnlySpan<float> weights = matrices.WeightRow(i % matrices.C.Columns);
            ReadOnlySpan<float> inputs = matrices.A.Row(i / matrices.C.Columns);
            for (int k = 0; k < inputs.Length; k++)
            {
                terms += Math.Abs((double)inputs[k] * weights[k]);
            }

            Close.Within(expected[i], result[i], 0, 1e-6 * terms, $"output {i}");
        }
    }

    [Fact]
    public void Special_values_reach_the_outputs_that_they_belong_to()
    {
        using var matrices = new GemmCase(15, 40, 20);
        matrices.A.Row(3)[5] = float.NaN;
        matrices.A.Row(7)[19] = float.PositiveInfinity;
        matrices.A.Row(8).Fill(1e-42f);
        matrices.A.Row(9).Fill(float.MaxValue);
        Gemm.Multiply(matrices.A, matrices.Weights, matrices.C, matrices.Bias);
        Close.SameBits(Reference.Gemm.MultiplyInOrder(matrices), matrices.Result(), "product");
        Assert.All(matrices.C.Row(3).ToArray(), value => Assert.True(float.IsNaN(value)));
        Assert.All(matrices.C.Row(2).ToArray(), value => Assert.True(float.IsFinite(value)));
    }

    [Fact]
    public void Any_blocking_of_the_inputs_gives_the_same_bits()
    {
        for (int seed = 1; seed <= 20; seed++)
        {
            int k = 1 + (seed * 53);
            using var matrices = new GemmCase(13, 45, k, strideGap: 2);
            float[] expected = Reference.Gemm.MultiplyInOrder(matrices, withBias: false);
            for (int row = 0; row < matrices.C.Rows; row++)
            {
                matrices.C.Row(row).Clear();
            }

            float[] cuts = Samples.Normal(k, seed);
            for (int first = 0; first < k;)
            {
                int count = Math.Min(k - first, 1 + (int)(Math.Abs(cuts[first]) * 100));
                Gemm.Accumulate(matrices.A.ColumnRange(first, count), matrices.Weights, first, matrices.C);
                first += count;
            }

            Close.SameBits(expected, matrices.Result(), $"depth {k}");
            Assert.True(matrices.GapsAreUntouched());
        }
    }

    [Fact]
    public void Any_split_of_the_outputs_gives_the_same_bits()
    {
        using var matrices = new GemmCase(19, 150, 77, strideGap: 2);
        foreach ((int first, int count) in new[] { (0, 32), (32, 64), (96, 54) })
        {
            Gemm.MultiplyOutputs(matrices.A, matrices.Weights, first, matrices.C.ColumnRange(first, count), matrices.Bias.AsSpan(first, count));
        }

        Close.SameBits(Reference.Gemm.MultiplyInOrder(matrices), matrices.Result(), "product");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void Any_split_of_the_rows_over_threads_gives_the_same_bits(int parts)
    {
        using var matrices = new GemmCase(301, 95, 129, strideGap: 1);
        Parallel.For(0, parts, part =>
        {
            int start = matrices.A.Rows * part / parts;
            int count = (matrices.A.Rows * (part + 1) / parts) - start;
            Gemm.Multiply(matrices.A.RowRange(start, count), matrices.Weights, matrices.C.RowRange(start, count), matrices.Bias);
        });
        Close.SameBits(Reference.Gemm.MultiplyInOrder(matrices), matrices.Result(), $"{parts} parts");
    }

    [Fact]
    public void Packed_rows_come_back_as_they_were()
    {
        using var matrices = new GemmCase(1, 70, 37);
        float[] row = new float[37];
        for (int output = 0; output < 70; output++)
        {
            matrices.Weights.CopyRow(output, row);
            Close.SameBits(matrices.WeightRow(output), row, $"row {output}");
        }
    }

    [Fact]
    public void Wrong_shapes_are_refused()
    {
        using var right = new GemmCase(4, 40, 6);
        using var otherDepth = new GemmCase(4, 40, 7);
        using var otherRows = new GemmCase(5, 40, 6);
        using var otherWidth = new GemmCase(4, 41, 6);
        Assert.Throws<ArgumentException>(() => Gemm.Multiply(otherDepth.A, right.Weights, right.C));
        Assert.Throws<ArgumentException>(() => Gemm.Multiply(otherRows.A, right.Weights, right.C));
        Assert.Throws<ArgumentException>(() => Gemm.Multiply(right.A, right.Weights, otherWidth.C));
        Assert.Throws<ArgumentException>(() => Gemm.Multiply(right.A, right.Weights, right.C, otherWidth.Bias));
        Assert.Throws<ArgumentException>(() => Gemm.MultiplyOutputs(right.A, right.Weights, 8, right.C.ColumnRange(0, 8)));
        Assert.Throws<ArgumentException>(() => Gemm.Accumulate(right.A, right.Weights, 1, right.C));
    }

    private static void RequireOrder(int m, int n, int k, int strideGap)
    {
        using var matrices = new GemmCase(m, n, k, strideGap);
        Gemm.Multiply(matrices.A, matrices.Weights, matrices.C);
        Close.SameBits(Reference.Gemm.MultiplyInOrder(matrices, withBias: false), matrices.Result(), $"{m} x {n} x {k}");
        Gemm.Multiply(matrices.A, matrices.Weights, matrices.C, matrices.Bias);
        Close.SameBits(Reference.Gemm.MultiplyInOrder(matrices), matrices.Result(), $"{m} x {n} x {k} with bias");
        Assert.True(matrices.GapsAreUntouched());
    }
}
