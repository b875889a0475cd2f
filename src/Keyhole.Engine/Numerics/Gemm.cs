using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Keyhole.Engine.Numerics;

/// <summary>Matrix products with the same bits from every vector width, block size, batch and thread count.</summary>
/// <remarks>
/// Each output is one running sum: it starts from the bias (or 0, or what stands in C), then takes a[k] * b[k] for k = 0..K-1 in order by
/// fused multiply-add. Blocks of K carry the sum through C. Wider vectors hold more columns, never parts of one sum.
/// Threads stand outside: give each its own rows.
/// </remarks>
public static unsafe class Gemm
{
    // A block of A, rows x depth, stays in the second-level cache while the panels pass by: at most 240 rows, and as many as 600 KiB hold.
    // Blocks of K are deep, as each but the first loads the running sums of C again, and equal, so that none is too short to repay that;
    // less deep with 256 bits, where sums are loaded ahead and the cache is smaller.
    private const int MostRows = 240;
    private const int BlockFloats = 150 * 1024;
    private const int KernelRows = 12;
    private static readonly int s_mostDepth = Vector512.IsHardwareAccelerated ? 1024 : 576;

    // Rows that start at a multiple of this fall into the same few sets of the first-level cache; such a block of A is copied first, rows a line further apart.
    private const int ConflictingStride = 512;
    private const int CacheLine = 16;

    /// <summary>C [M, N] = A [M, K] x W^T, W [N, K] packed, plus an optional bias [N].</summary>
    /// <param name="a">A, shape [M, K].</param>
    /// <param name="weights">W, shape [N, K].</param>
    /// <param name="c">C, shape [M, N]; must not overlap A.</param>
    /// <param name="bias">Shape [N], or empty for none.</param>
    /// <exception cref="ArgumentException">Shapes do not fit.</exception>
    public static void Multiply(MatrixView a, PackedMatrix weights, MatrixView c, ReadOnlySpan<float> bias = default)
    {
        ArgumentNullException.ThrowIfNull(weights);
        Shape.Require(a, "a", c.Rows, weights.Inputs);
        if (!bias.IsEmpty)
        {
            Shape.Require(bias, "bias", weights.Outputs);
        }

        Run(a, weights, 0, c, bias, carry: false);
    }

    /// <summary>Outputs [firstOutput, firstOutput + C.Columns) of the product alone.</summary>
    /// <param name="a">A, shape [M, K].</param>
    /// <param name="weights">W, shape [N, K].</param>
    /// <param name="firstOutput">First output, a multiple of 32.</param>
    /// <param name="c">C, shape [M, n].</param>
    /// <param name="bias">Shape [n], or empty for none.</param>
    public static void MultiplyOutputs(MatrixView a, PackedMatrix weights, int firstOutput, MatrixView c, ReadOnlySpan<float> bias = default)
    {
        ArgumentNullException.ThrowIfNull(weights);
        Shape.Require(a, "a", c.Rows, weights.Inputs);
        if (firstOutput % PackedMatrix.PanelWidth != 0 || firstOutput < 0 || firstOutput + c.Columns > weights.Outputs)
        {
            throw new ArgumentException($"Outputs {firstOutput}..{firstOutput + c.Columns} of {weights.Outputs}: the first must be a multiple of 32, the last must exist.", nameof(firstOutput));
        }

        if (!bias.IsEmpty)
        {
            Shape.Require(bias, "bias", c.Columns);
        }

        int depth = weights.Inputs;
        Run(a, weights, firstOutput / PackedMatrix.PanelWidth, 0, depth, c, bias, carry: false);
    }

    /// <summary>Carries the running sums of C over inputs [firstInput, firstInput + A.Columns): C += A x W[:, those]^T.</summary>
    /// <param name="a">A, shape [M, k].</param>
    /// <param name="weights">W, shape [N, K].</param>
    /// <param name="firstInput">First of the k inputs.</param>
    /// <param name="c">C, shape [M, N], updated in place.</param>
    public static void Accumulate(MatrixView a, PackedMatrix weights, int firstInput, MatrixView c)
    {
        ArgumentNullException.ThrowIfNull(weights);
        Shape.Require(c, "c", a.Rows, weights.Outputs);
        if (firstInput < 0 || firstInput + a.Columns > weights.Inputs)
        {
            throw new ArgumentException($"Inputs {firstInput}..{firstInput + a.Columns} of {weights.Inputs} do not exist.", nameof(firstInput));
        }

        Run(a, weights, 0, firstInput, a.Columns, c, default, carry: true);
    }

    /// <summary>Rows that the kernel takes as one: a product that may compute a few rows too many takes a multiple of them.</summary>
    internal static int RowStep => Vector256.IsHardwareAccelerated && !Vector512.IsHardwareAccelerated ? GemmKernel256.BlockRows : 4;

    /// <summary>Rows of A that a product of this depth takes at a time.</summary>
    internal static int RowBlock(int depth) => Math.Min(MostRows, BlockFloats / BlockOf(depth) / KernelRows * KernelRows);

    /// <summary>One panel: c [rows, 32] = (carry ? c : bias or 0) + a [rows, k] x b [k, 32]; b has a stride of its own. <paramref name="next"/> is the panel after this one, if there is one.</summary>
    internal static void Panel(float* a, nint lda, float* b, nint ldb, float* c, nint ldc, int rows, int k, float* bias, bool carry, float* next = null)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            GemmKernel512.Panel(a, lda, b, ldb, c, ldc, rows, k, bias, carry);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            GemmKernel256.Panel(a, lda, b, ldb, c, ldc, rows, k, bias, carry, next);
        }
        else
        {
            GemmKernel128.Panel(a, lda, b, ldb, c, ldc, rows, k, bias, carry);
        }
    }

    private static void Run(MatrixView a, PackedMatrix weights, int firstPanel, MatrixView c, ReadOnlySpan<float> bias, bool carry)
    {
        Shape.Require(c, "c", a.Rows, weights.Outputs);
        Run(a, weights, firstPanel, 0, weights.Inputs, c, bias, carry);
    }

    private static void Run(MatrixView a, PackedMatrix weights, int firstPanel, int firstInput, int depth, MatrixView c, ReadOnlySpan<float> bias, bool carry)
    {
        int depthBlock = BlockOf(depth);
        int rowBlock = RowBlock(depth);
        bool copies = a.Stride % ConflictingStride == 0 && a.Rows >= KernelRows && c.Columns > PackedMatrix.PanelWidth;
        float[]? copy = copies ? ArrayPool<float>.Shared.Rent(Math.Min(rowBlock, a.Rows) * (depthBlock + CacheLine)) : null;
        fixed (float* biasStart = bias)
        fixed (float* copyStart = copy)
        {
            for (int row = 0; row < a.Rows; row += rowBlock)
            {
                int rows = Math.Min(rowBlock, a.Rows - row);
                MatrixView cRows = c.RowRange(row, rows);
                for (int k = 0; k == 0 || k < depth; k += depthBlock)
                {
                    int block = Math.Min(depthBlock, depth - k);
                    MatrixView aBlock = a.RowRange(row, rows).ColumnRange(k, block);
                    if (copyStart is not null)
                    {
                        Copy(aBlock.Start, aBlock.Stride, copyStart, depthBlock + CacheLine, rows, block);
                        aBlock = new MatrixView(copyStart, rows, block, depthBlock + CacheLine);
                    }

                    Panels(aBlock, weights, firstPanel, firstInput + k, cRows, biasStart, carry || k > 0);
                }
            }
        }

        if (copy is not null)
        {
            ArrayPool<float>.Shared.Return(copy);
        }
    }

    // c = (carry ? c : bias or 0) + a x the panels' inputs from firstInput on, panel by panel.
    [SkipLocalsInit]
    private static void Panels(MatrixView a, PackedMatrix weights, int firstPanel, int firstInput, MatrixView c, float* bias, bool carry)
    {
        const int Width = PackedMatrix.PanelWidth;
        float* edge = stackalloc float[(MostRows + 1) * Width];   // the last, narrower panel, then its bias
        for (int column = 0; column < c.Columns; column += Width)
        {
            float* panel = weights.Panel(firstPanel + (column / Width)) + ((long)firstInput * Width);
            float* columnBias = bias is null ? null : bias + column;
            int width = Math.Min(Width, c.Columns - column);
            if (width == Width)
            {
                float* next = firstPanel + (column / Width) + 1 < weights.PanelCount ? panel + ((long)weights.Inputs * Width) : null;
                Panel(a.Start, a.Stride, panel, Width, c.Start + column, c.Stride, a.Rows, a.Columns, columnBias, carry, next);
                continue;
            }

            float* edgeBias = null;
            if (columnBias is not null)
            {
                edgeBias = edge + (MostRows * Width);
                Copy(columnBias, 0, edgeBias, 0, 1, width);
            }

            Copy(c.Start + column, c.Stride, edge, Width, a.Rows, width);
            Panel(a.Start, a.Stride, panel, Width, edge, Width, a.Rows, a.Columns, edgeBias, carry);
            Copy(edge, Width, c.Start + column, c.Stride, a.Rows, width);
        }
    }

    // The depth of equal blocks of K, a whole number of cache lines.
    private static int BlockOf(int depth)
    {
        int blocks = Math.Max(1, (depth + s_mostDepth - 1) / s_mostDepth);
        return Math.Max(16, ((depth + blocks - 1) / blocks + 15) / 16 * 16);
    }

    private static void Copy(float* from, nint fromStride, float* to, nint toStride, int rows, int columns)
    {
        for (int r = 0; r < rows; r++)
        {
            new ReadOnlySpan<float>(from + (r * fromStride), columns).CopyTo(new Span<float>(to + (r * toStride), columns));
        }
    }
}
