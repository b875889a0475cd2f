namespace Keyhole.Engine.Tests.Numerics.Reference;

/// <summary>Twins of the matrix product.</summary>
internal static class Gemm
{
    /// <summary>In double precision: C [M, N] = A x W^T + bias, row after row.</summary>
    public static double[] Multiply(GemmCase matrices, bool withBias = true)
        => Each(matrices, (row, column) => Reductions.Dot(matrices.A.Row(row), matrices.WeightRow(column)) + (withBias ? matrices.Bias[column] : 0));

    /// <summary>The documented order in floats: one running sum an output, from the bias, by fused multiply-adds for k = 0, 1, ...</summary>
    public static float[] MultiplyInOrder(GemmCase matrices, bool withBias = true)
        => Each(matrices, (row, column) =>
        {
            float sum = withBias ? matrices.Bias[column] : 0f;
            ReadOnlySpan<float> a = matrices.A.Row(row);
            ReadOnlySpan<float> w = matrices.WeightRow(column);
            for (int k = 0; k < a.Length; k++)
            {
                sum = MathF.FusedMultiplyAdd(a[k], w[k], sum);
            }

            return sum;
        });

    private static T[] Each<T>(GemmCase matrices, Func<int, int, T> output)
    {
        T[] result = new T[matrices.C.Rows * matrices.C.Columns];
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = output(i / matrices.C.Columns, i % matrices.C.Columns);
        }

        return result;
    }
}
