using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Keyhole.Engine.Numerics;

/// <summary>Products of a few rows with a panel of 32 columns, 512 bits wide. See <see cref="Gemm"/> for the contract.</summary>
internal static unsafe class GemmKernel512
{
    /// <summary>c [rows, 32] = (carry ? c : bias or 0) + a [rows, k] x b [k, 32], rows in blocks of 12, 4 and 1; c must not overlap a.</summary>
    public static void Panel(float* a, nint lda, float* b, nint ldb, float* c, nint ldc, int rows, int k, float* bias, bool carry)
    {
        int row = 0;
        for (; row + 12 <= rows; row += 12)
        {
            Rows12(a + (row * lda), lda, b, ldb, c + (row * ldc), ldc, k, bias, carry);
        }

        for (; row + 4 <= rows; row += 4)
        {
            Rows4(a + (row * lda), lda, b, ldb, c + (row * ldc), ldc, k, bias, carry);
        }

        if (row < rows && row > 0 && !carry)
        {
            // The last four rows once more: the same sums again for the first of them, four rows at the price of one.
            row = rows - 4;
            Rows4(a + (row * lda), lda, b, ldb, c + (row * ldc), ldc, k, bias, carry);
            return;
        }

        for (; row < rows; row++)
        {
            Rows1(a + (row * lda), lda, b, ldb, c + (row * ldc), ldc, k, bias, carry);
        }
    }

    // 24 running sums, two panel vectors and one broadcast: 27 of the 32 registers.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows12(float* a, nint lda, float* b, nint ldb, float* c, nint ldc, int k, float* bias, bool carry)
    {
        Vector512<float> c0x, c0y;
        Vector512<float> c1x, c1y;
        Vector512<float> c2x, c2y;
        Vector512<float> c3x, c3y;
        Vector512<float> c4x, c4y;
        Vector512<float> c5x, c5y;
        Vector512<float> c6x, c6y;
        Vector512<float> c7x, c7y;
        Vector512<float> c8x, c8y;
        Vector512<float> c9x, c9y;
        Vector512<float> c10x, c10y;
        Vector512<float> c11x, c11y;
        if (carry)
        {
            c0x = Vector512.Load(c + (0 * ldc)); c0y = Vector512.Load(c + (0 * ldc) + 16);
            c1x = Vector512.Load(c + (1 * ldc)); c1y = Vector512.Load(c + (1 * ldc) + 16);
            c2x = Vector512.Load(c + (2 * ldc)); c2y = Vector512.Load(c + (2 * ldc) + 16);
            c3x = Vector512.Load(c + (3 * ldc)); c3y = Vector512.Load(c + (3 * ldc) + 16);
            c4x = Vector512.Load(c + (4 * ldc)); c4y = Vector512.Load(c + (4 * ldc) + 16);
            c5x = Vector512.Load(c + (5 * ldc)); c5y = Vector512.Load(c + (5 * ldc) + 16);
            c6x = Vector512.Load(c + (6 * ldc)); c6y = Vector512.Load(c + (6 * ldc) + 16);
            c7x = Vector512.Load(c + (7 * ldc)); c7y = Vector512.Load(c + (7 * ldc) + 16);
            c8x = Vector512.Load(c + (8 * ldc)); c8y = Vector512.Load(c + (8 * ldc) + 16);
            c9x = Vector512.Load(c + (9 * ldc)); c9y = Vector512.Load(c + (9 * ldc) + 16);
            c10x = Vector512.Load(c + (10 * ldc)); c10y = Vector512.Load(c + (10 * ldc) + 16);
            c11x = Vector512.Load(c + (11 * ldc)); c11y = Vector512.Load(c + (11 * ldc) + 16);
        }
        else
        {
            c0x = c1x = c2x = c3x = c4x = c5x = c6x = c7x = c8x = c9x = c10x = c11x = bias is null ? Vector512<float>.Zero : Vector512.Load(bias);
            c0y = c1y = c2y = c3y = c4y = c5y = c6y = c7y = c8y = c9y = c10y = c11y = bias is null ? Vector512<float>.Zero : Vector512.Load(bias + 16);
        }

        nint one = lda, two = 2 * lda;
        float* a3 = a + (3 * lda);
        float* a6 = a + (6 * lda);
        float* a9 = a + (9 * lda);
        for (float* end = a + k; a < end; a++)
        {
            Vector512<float> b0 = Vector512.Load(b); Vector512<float> b1 = Vector512.Load(b + 16);
            Vector512<float> x;
            x = Vector512.Create(*a); c0x = Vector512.FusedMultiplyAdd(x, b0, c0x); c0y = Vector512.FusedMultiplyAdd(x, b1, c0y);
            x = Vector512.Create(a[one]); c1x = Vector512.FusedMultiplyAdd(x, b0, c1x); c1y = Vector512.FusedMultiplyAdd(x, b1, c1y);
            x = Vector512.Create(a[two]); c2x = Vector512.FusedMultiplyAdd(x, b0, c2x); c2y = Vector512.FusedMultiplyAdd(x, b1, c2y);
            x = Vector512.Create(*a3); c3x = Vector512.FusedMultiplyAdd(x, b0, c3x); c3y = Vector512.FusedMultiplyAdd(x, b1, c3y);
            x = Vector512.Create(a3[one]); c4x = Vector512.FusedMultiplyAdd(x, b0, c4x); c4y = Vector512.FusedMultiplyAdd(x, b1, c4y);
            x = Vector512.Create(a3[two]); c5x = Vector512.FusedMultiplyAdd(x, b0, c5x); c5y = Vector512.FusedMultiplyAdd(x, b1, c5y);
            x = Vector512.Create(*a6); c6x = Vector512.FusedMultiplyAdd(x, b0, c6x); c6y = Vector512.FusedMultiplyAdd(x, b1, c6y);
            x = Vector512.Create(a6[one]); c7x = Vector512.FusedMultiplyAdd(x, b0, c7x); c7y = Vector512.FusedMultiplyAdd(x, b1, c7y);
            x = Vector512.Create(a6[two]); c8x = Vector512.FusedMultiplyAdd(x, b0, c8x); c8y = Vector512.FusedMultiplyAdd(x, b1, c8y);
            x = Vector512.Create(*a9); c9x = Vector512.FusedMultiplyAdd(x, b0, c9x); c9y = Vector512.FusedMultiplyAdd(x, b1, c9y);
            x = Vector512.Create(a9[one]); c10x = Vector512.FusedMultiplyAdd(x, b0, c10x); c10y = Vector512.FusedMultiplyAdd(x, b1, c10y);
            x = Vector512.Create(a9[two]); c11x = Vector512.FusedMultiplyAdd(x, b0, c11x); c11y = Vector512.FusedMultiplyAdd(x, b1, c11y);
            b += ldb; a3++; a6++; a9++;
        }

        c0x.Store(c + (0 * ldc)); c0y.Store(c + (0 * ldc) + 16);
        c1x.Store(c + (1 * ldc)); c1y.Store(c + (1 * ldc) + 16);
        c2x.Store(c + (2 * ldc)); c2y.Store(c + (2 * ldc) + 16);
        c3x.Store(c + (3 * ldc)); c3y.Store(c + (3 * ldc) + 16);
        c4x.Store(c + (4 * ldc)); c4y.Store(c + (4 * ldc) + 16);
        c5x.Store(c + (5 * ldc)); c5y.Store(c + (5 * ldc) + 16);
        c6x.Store(c + (6 * ldc)); c6y.Store(c + (6 * ldc) + 16);
        c7x.Store(c + (7 * ldc)); c7y.Store(c + (7 * ldc) + 16);
        c8x.Store(c + (8 * ldc)); c8y.Store(c + (8 * ldc) + 16);
        c9x.Store(c + (9 * ldc)); c9y.Store(c + (9 * ldc) + 16);
        c10x.Store(c + (10 * ldc)); c10y.Store(c + (10 * ldc) + 16);
        c11x.Store(c + (11 * ldc)); c11y.Store(c + (11 * ldc) + 16);
    }

    // 8 running sums: the least that hides the latency of a fused multiply-add at two a cycle.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows4(float* a, nint lda, float* b, nint ldb, float* c, nint ldc, int k, float* bias, bool carry)
    {
        Vector512<float> c0x, c0y;
        Vector512<float> c1x, c1y;
        Vector512<float> c2x, c2y;
        Vector512<float> c3x, c3y;
        if (carry)
        {
            c0x = Vector512.Load(c + (0 * ldc)); c0y = Vector512.Load(c + (0 * ldc) + 16);
            c1x = Vector512.Load(c + (1 * ldc)); c1y = Vector512.Load(c + (1 * ldc) + 16);
            c2x = Vector512.Load(c + (2 * ldc)); c2y = Vector512.Load(c + (2 * ldc) + 16);
            c3x = Vector512.Load(c + (3 * ldc)); c3y = Vector512.Load(c + (3 * ldc) + 16);
        }
        else
        {
            c0x = c1x = c2x = c3x = bias is null ? Vector512<float>.Zero : Vector512.Load(bias);
            c0y = c1y = c2y = c3y = bias is null ? Vector512<float>.Zero : Vector512.Load(bias + 16);
        }

        nint one = lda, two = 2 * lda;
        float* a3 = a + (3 * lda);
        for (float* end = a + k; a < end; a++)
        {
            Vector512<float> b0 = Vector512.Load(b); Vector512<float> b1 = Vector512.Load(b + 16);
            Vector512<float> x;
            x = Vector512.Create(*a); c0x = Vector512.FusedMultiplyAdd(x, b0, c0x); c0y = Vector512.FusedMultiplyAdd(x, b1, c0y);
            x = Vector512.Create(a[one]); c1x = Vector512.FusedMultiplyAdd(x, b0, c1x); c1y = Vector512.FusedMultiplyAdd(x, b1, c1y);
            x = Vector512.Create(a[two]); c2x = Vector512.FusedMultiplyAdd(x, b0, c2x); c2y = Vector512.FusedMultiplyAdd(x, b1, c2y);
            x = Vector512.Create(*a3); c3x = Vector512.FusedMultiplyAdd(x, b0, c3x); c3y = Vector512.FusedMultiplyAdd(x, b1, c3y);
            b += ldb; a3++;
        }

        c0x.Store(c + (0 * ldc)); c0y.Store(c + (0 * ldc) + 16);
        c1x.Store(c + (1 * ldc)); c1y.Store(c + (1 * ldc) + 16);
        c2x.Store(c + (2 * ldc)); c2y.Store(c + (2 * ldc) + 16);
        c3x.Store(c + (3 * ldc)); c3y.Store(c + (3 * ldc) + 16);
    }

    // One row, for the last three at the most.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows1(float* a, nint lda, float* b, nint ldb, float* c, nint ldc, int k, float* bias, bool carry)
    {
        Vector512<float> c0x, c0y;
        if (carry)
        {
            c0x = Vector512.Load(c + (0 * ldc)); c0y = Vector512.Load(c + (0 * ldc) + 16);
        }
        else
        {
            c0x = bias is null ? Vector512<float>.Zero : Vector512.Load(bias);
            c0y = bias is null ? Vector512<float>.Zero : Vector512.Load(bias + 16);
        }

        for (float* end = a + k; a < end; a++)
        {
            Vector512<float> b0 = Vector512.Load(b); Vector512<float> b1 = Vector512.Load(b + 16);
            Vector512<float> x;
            x = Vector512.Create(*a); c0x = Vector512.FusedMultiplyAdd(x, b0, c0x); c0y = Vector512.FusedMultiplyAdd(x, b1, c0y);
            b += ldb;
        }

        c0x.Store(c + (0 * ldc)); c0y.Store(c + (0 * ldc) + 16);
    }
}
