using Keyhole.Engine.Numerics;

namespace Keyhole.Engine.Tests.Numerics;

/// <summary>The named kernels whose bits must not depend on the machine's instruction sets. A new kernel is registered here.</summary>
internal static class KernelDigests
{
    // Every remainder of every vector width, and rows long enough for each loop.
    private static readonly int[] Lengths = [.. Enumerable.Range(0, 70), 255, 256, 1009];

    private static readonly (string Name, Action<KernelDigest> Run)[] Kernels =
    [
        .. Enum.GetValues<ActivationKind>().Select(kind => ($"activation {kind}", (Action<KernelDigest>)(digest => Activation(kind, digest)))),
        ("norms", NormRows),
        ("softmax", SoftmaxRows),
        ("reductions", ReductionRows),
        ("elementwise", ElementwiseRows),
        ("top-k", TopKRows),
        ("rotary", RotaryHeads),
        ("gemm", GemmProducts),
        ("attention", AttentionTexts),
    ];

    /// <summary>One line a kernel: its name and the digest of its outputs over fixed inputs.</summary>
    public static string[] Compute()
    {
        using var digest = new KernelDigest();
        return [.. Kernels.Select(kernel =>
        {
            kernel.Run(digest);
            return $"{kernel.Name} {digest.Finish()}";
        })];
    }

    private static float[] Row(int length, int seed, double deviation = 3)
        => length > 40 && seed == 0 ? [.. Samples.Specials.Concat(Samples.Normal(length, seed, deviation)).Take(length)] : Samples.Normal(length, seed, deviation);

    private static void Activation(ActivationKind kind, KernelDigest digest)
    {
        foreach (int length in Lengths)
        {
            float[] post = new float[length];
            Activations.ApplyGated(kind, Row(length, 0), Row(length, 1), post);
            digest.Add(post);
            float[] values = Row(length, 2, 20);
            Activations.Apply(kind, values);
            digest.Add(values);
        }
    }

    private static void NormRows(KernelDigest digest)
    {
        foreach (int length in Lengths)
        {
            float[] y = new float[length];
            Norms.LayerNorm(Row(length, 1), Row(length, 2), Row(length, 3), 1e-5f, y);
            digest.Add(y);
            Norms.RmsNorm(Row(length, 1), Row(length, 2), 1e-5f, y, 1f);
            digest.Add(y);
        }
    }

    private static void SoftmaxRows(KernelDigest digest)
    {
        foreach (int length in Lengths)
        {
            digest.Add(Softmax.LogSumExp(Row(length, 1, 20)));
            float[] row = Row(length, 2, 20);
            Softmax.Row(row);
            digest.Add(row);
            row = Row(length, 3, 20);
            Softmax.CausalRow(row, length / 2, 0.125f);
            digest.Add(row);
        }
    }

    private static void ReductionRows(KernelDigest digest)
    {
        foreach (int length in Lengths)
        {
            float[] row = Row(length, 1);
            digest.Add([Reductions.Sum(row), Reductions.Dot(row, Row(length, 2)), Reductions.L2Norm(row), Reductions.Max(row), Reductions.MaxAbs(row), Reductions.Max(Row(length, 0)), Reductions.Sum(Row(length, 0))]);
        }
    }

    private static void ElementwiseRows(KernelDigest digest)
    {
        foreach (int length in Lengths)
        {
            float[] row = Row(length, 0);
            Elementwise.MultiplyAdd(row, Row(length, 1), 0.3f);
            Elementwise.Scale(row, 1.7f);
            Elementwise.Add(row, Row(length, 2));
            digest.Add(row);
            digest.Add([Elementwise.FirstNonFinite(row)]);
        }
    }

    private static void TopKRows(KernelDigest digest)
    {
        int[] indices = new int[25];
        float[] values = new float[25];
        foreach (int length in Lengths)
        {
            digest.Add([TopK.Largest(Row(length, 0), 25, indices, values), TopK.Smallest(Row(length, 1), 25, indices, values)]);
            digest.Add(indices);
            digest.Add(values);
        }
    }

    private static void RotaryHeads(KernelDigest digest)
    {
        foreach (int dim in new[] { 2, 20, 64, 128 })
        {
            var settings = new RotarySettings { Kind = RotaryKind.Llama3, Theta = 500000, RotaryDim = dim, Factor = 8, OriginalMaxPositions = 64 };
            (float[] frequencies, float factor) = RotaryFrequencies.Compute(settings, 100);
            digest.Add(frequencies);
            var table = new RotaryTable(frequencies, factor, 100);
            float[] head = Row(dim, 1);
            for (int position = 0; position < table.Positions; position++)
            {
                Rotary.ApplyHalf(head, table.Cosines(position), table.Sines(position));
                Rotary.ApplyInterleaved(head, table.Cosines(position), table.Sines(position));
            }

            digest.Add(head);
        }
    }

    private static void GemmProducts(KernelDigest digest)
    {
        foreach ((int m, int n, int k) in new[] { (1, 1, 1), (5, 31, 0), (13, 33, 17), (24, 64, 40), (29, 97, 530), (251, 32, 5) })
        {
            using var matrices = new GemmCase(m, n, k, strideGap: 3);
            Gemm.Multiply(matrices.A, matrices.Weights, matrices.C, matrices.Bias);
            matrices.AddTo(digest);
            Gemm.Accumulate(matrices.A.ColumnRange(0, k / 2), matrices.Weights, k - (k / 2), matrices.C);
            matrices.AddTo(digest);
        }
    }

    private static void AttentionTexts(KernelDigest digest)
    {
        foreach ((int length, int heads, int keyValueHeads, int headSize) in new[] { (1, 1, 1, 8), (37, 4, 2, 16), (110, 3, 1, 33), (50, 2, 2, 64) })
        {
            int columns = (heads + (2 * keyValueHeads)) * headSize;
            using var buffer = new AlignedBuffer((long)length * columns);
            MatrixView rows = buffer.Matrix(length, columns);
            Samples.Normal(length * columns, length).CopyTo(buffer.Span(0, length * columns));
            using var attention = new CausalAttention(heads, keyValueHeads, headSize, new AttentionScoring(0.3f));
            attention.Run(rows);
            digest.Add(buffer.Span(0, length * columns));
        }
    }
}
