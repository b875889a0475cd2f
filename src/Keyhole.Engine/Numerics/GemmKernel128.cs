using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Keyhole.Engine.Numerics;

/// <summary>Products of a few rows with a panel of 32 columns, 128 bits wide: the panel eight columns at a time.</summary>
/// <remarks>Without any vector hardware the framework runs these lanes one by one, with the same bits.</remarks>
internal static unsafe class GemmKernel128
{
    /// <summary>c [rows, 32] = (carry ? c : bias or 0) + a [rows, k] x b [k, 32], rows in blocks of 4 and 1.</summary>
    public static void Panel(float* a, nint lda, float* b, nint ldb, float* c, nint ldc, int rows, int k, float* bias, bool carry)
    {
        for (int column = 0; column < PackedMatrix.PanelWidth; column += 8)
        {
            float* columnBias = bias is null ? null : bias + column;
            int row = 0;
            for (; row + 4 <= rows; row += 4)
            {
                Rows4(a + (row * lda), lda, b + column, ldb, c + (row * ldc) + column, ldc, k, columnBias, carry);
            }

            for (; row < rows; row++)
            {
                Rows1(a + (row * lda), lda, b + column, ldb, c + (row * ldc) + column, ldc, k, columnBias, carry);
            }
        }
    }

    // 8 running sums, two panel vectors and one broadcast.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows4(float* a, nint lda, float* b, nint ldb, float* c, nint ldc, int k, float* bias, bool carry)
    {
        Vector128<float> c0x, c0y;
        Vector128<float> c1x, c1y;
        Vector128<float> c2x, c2y;
        Vector128<float> c3x, c3y;
        if (carry)
        {
            c0x = Vector128.Load(c + (0 * ldc)); c0y = Vector128.Load(c + (0 * ldc) + 4);
            c1x = Vector128.Load(c + (1 * ldc)); c1y = Vector128.Load(c + (1 * ldc) + 4);
            c2x = Vector128.Load(c + (2 * ldc)); c2y = Vector128.Load(c + (2 * ldc) + 4);
            c3x = Vector128.Load(c + (3 * ldc)); c3y = Vector128.Load(c + (3 * ldc) + 4);
        }
        else
        {
            c0x = c1x = c2x = c3x = bias is null ? Vector128<float>.Zero : Vector128.Load(bias);
            c0y = c1y = c2y = c3y = bias is null ? Vector128<float>.Zero : Vector128.Load(bias + 4);
        }

        nint one = lda, two = 2 * lda;
        float* a3 = a + (3 * lda);
        for (float* end = a + k; a < end; a++)
        {
            Vector128<float> b0 = Vector128.Load(b); Vector128<float> b1 = Vector128.Load(b + 4);
            Vector128<float> x;
            x = Vector128.Create(*a); c0x = Vector128.FusedMultiplyAdd(x, b0, c0x); c0y = Vector128.FusedMultiplyAdd(x, b1, c0y);
            x = Vector128.Create(a[one]); c1x = Vector128.FusedMultiplyAdd(x, b0, c1x); c1y = Vector128.FusedMultiplyAdd(x, b1, c1y);
            x = Vector128.Create(a[two]); c2x = Vector128.FusedMultiplyAdd(x, b0, c2x); c2y = Vector128.FusedMultiplyAdd(x, b1, c2y);
            x = Vector128.Create(*a3); c3x = Vector128.FusedMultiplyAdd(x, b0, c3x); c3y = Vector128.FusedMultiplyAdd(x, b1, c3y);
            b += ldb; a3++;
        }

        c0x.Store(c + (0 * ldc)); c0y.Store(c + (0 * ldc) + 4);
        c1x.Store(c + (1 * ldc)); c1y.Store(c + (1 * ldc) + 4);
        c2x.Store(c + (2 * ldc)); c2y.Store(c + (2 * ldc) + 4);
        c3x.Store(c + (3 * ldc)); c3y.Store(c + (3 * ldc) + 4);
    }

    // One row, for the last three at the most.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows1(float* a, nint lda, float* b, nint ldb, float* c, nint ldc, int k, float* bias, bool carry)
    {
        Vector128<float> c0x, c0y;
        if (carry)
        {
            c0x = Vector128.Load(c + (0 * ldc)); c0y = Vector128.Load(c + (0 * ldc) + 4);
        }
        else
        {
            c0x = bias is null ? Vector128<float>.Zero : Vector128.Load(bias);
            c0y = bias is null ? Vector128<float>.Zero : Vector128.Load(bias + 4);
        }

        for (float* end = a + k; a < end; a++)
        {
            Vector128<float> b0 = Vector128.Load(b); Vector128<float> b1 = Vector128.Load(b + 4);
            Vector128<float> x;
            x = Vector128.Create(*a); c0x = Vector128.FusedMultiplyAdd(x, b0, c0x); c0y = Vector128.FusedMultiplyAdd(x, b1, c0y);
            b += ldb;
        }

        c0x.Store(c + (0 * ldc)); c0y.Store(c + (0 * ldc) + 4);
    }
}
