using Keyhole.Engine.Numerics;
using Xunit;

namespace Keyhole.Engine.Tests.Numerics;

/// <summary>The kernels of the hot loop allocate nothing.</summary>
public class AllocationTests
{
    [Fact]
    public void Kernels_allocate_0_bytes()
    {
        float[] a = Samples.Normal(1009, 1);
        float[] b = Samples.Normal(1009, 2);
        float[] c = Samples.Normal(1009, 3);
        int[] indices = new int[25];
        float[] values = new float[25];
        using var matrices = new GemmCase(37, 70, 40);
        using var buffer = new AlignedBuffer(50 * 3 * 64);
        MatrixView rows = buffer.Matrix(50, 3 * 64);
        using var attention = new CausalAttention(2, 2, 32, new AttentionScoring(0.3f));

        void Run()
        {
            foreach (ActivationKind kind in (ReadOnlySpan<ActivationKind>)[ActivationKind.Gelu, ActivationKind.Silu, ActivationKind.Relu, ActivationKind.GeluNew])
            {
                Activations.Apply(kind, a);
                Activations.ApplyGated(kind, a, b, c);
            }

            Norms.LayerNorm(a, b, c, 1e-5f, a);
            Norms.RmsNorm(a, b, 1e-5f, a);
            Softmax.CausalRow(b, 500, 0.1f);
            Softmax.LogSumExp(b);
            Elementwise.Add(a, b);
            Elementwise.FirstNonFinite(a);
            Reductions.L2Norm(a);
            TopK.Largest(a, 25, indices, values);
            Rotary.ApplyHalf(a, b.AsSpan(0, 50), c.AsSpan(0, 50));
            Rotary.ApplyInterleaved(a, b.AsSpan(0, 50), c.AsSpan(0, 50));
            Gemm.Multiply(matrices.A, matrices.Weights, matrices.C, matrices.Bias);
            attention.Run(rows);
        }

        Run();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Run();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
