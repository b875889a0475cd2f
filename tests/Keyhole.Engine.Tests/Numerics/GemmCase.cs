using Keyhole.Engine.Numerics;

namespace Keyhole.Engine.Tests.Numerics;

/// <summary>The matrices of one product, C [M, N] = A [M, K] x W^T + bias, with gaps between the rows of A and C.</summary>
internal sealed class GemmCase : IDisposable
{
    public const float Untouched = 12345f;

    private readonly AlignedBuffer _a;
    private readonly AlignedBuffer _c;
    private readonly float[] _weights;   // [N, K]
    private readonly int _stride;

    public GemmCase(int m, int n, int k, int strideGap = 0)
    {
        _weights = Samples.Normal(n * k, 1);
        Bias = Samples.Normal(n, 2);
        Weights = PackedMatrix.Pack(n, k, (start, destination) => _weights.AsSpan(start * k, destination.Length).CopyTo(destination));
        _a = new AlignedBuffer((long)m * (k + strideGap));
        A = _a.Matrix(m, k, k + strideGap);
        _stride = n + strideGap;
        _c = new AlignedBuffer((long)m * _stride);
        _c.Span(0, m * _stride).Fill(Untouched);
        C = _c.Matrix(m, n, _stride);
        for (int row = 0; row < m; row++)
        {
            Samples.Normal(k, row + 3).CopyTo(A.Row(row));
        }
    }

    public MatrixView A { get; }

    public PackedMatrix Weights { get; }

    public float[] Bias { get; }

    public MatrixView C { get; }

    public ReadOnlySpan<float> WeightRow(int output) => _weights.AsSpan(output * A.Columns, A.Columns);

    /// <summary>What C holds, row after row, without the gaps.</summary>
    public float[] Result()
    {
        float[] result = new float[C.Rows * C.Columns];
        for (int row = 0; row < C.Rows; row++)
        {
            C.Row(row).CopyTo(result.AsSpan(row * C.Columns));
        }

        return result;
    }

    /// <summary>Whether nothing was written between the rows of C.</summary>
    public bool GapsAreUntouched()
    {
        for (int row = 0; row < C.Rows; row++)
        {
            if (_c.Span(((long)row * _stride) + C.Columns, _stride - C.Columns).ContainsAnyExcept(Untouched))
            {
                return false;
            }
        }

        return true;
    }

    public void AddTo(KernelDigest digest) => digest.Add(Result());

    public void Dispose()
    {
        _a.Dispose();
        _c.Dispose();
        Weights.Dispose();
    }
}
