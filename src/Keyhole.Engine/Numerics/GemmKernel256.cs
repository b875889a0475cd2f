using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Keyhole.Engine.Numerics;

/// <summary>Products of a few rows with a panel of 32 columns, 256 bits wide: the panel's two halves one after the other.</summary>
internal static unsafe class GemmKernel256
{
    /// <summary>Rows of the widest block.</summary>
    public const int BlockRows = 6;

    private const int HalfWidth = PackedMatrix.PanelWidth / 2;

    /// <summary>c [rows, 32] = (carry ? c : bias or 0) + a [rows, k] x b [k, 32], rows in blocks of 6 and 1; <paramref name="next"/> is the panel after this one, fetched meanwhile, or null.</summary>
    public static void Panel(float* a, nint lda, float* b, nint ldb, float* c, nint ldc, int rows, int k, float* bias, bool carry, float* next)
    {
        // A panel comes from a far cache or from memory, and half a panel, every second line of it, is not foreseen by the hardware.
        // So the next panel's 32 k numbers are fetched while this one is used: a little at every step, evenly over the blocks of rows of both halves.
        float* fetch = next is null ? b : next;
        int blocks = Math.Max(1, rows / BlockRows);
        nint advance = next is null ? 0 : (HalfWidth + blocks - 1) / blocks;
        Half(a, lda, b, ldb, c, ldc, rows, k, bias, carry, fetch, advance);
        Half(a, lda, b + HalfWidth, ldb, c + HalfWidth, ldc, rows, k, bias is null ? null : bias + HalfWidth, carry, fetch + ((long)HalfWidth * k), advance);
    }

    // 16 columns; fetches the 16 k numbers from fetch on.
    private static void Half(float* a, nint lda, float* b, nint ldb, float* c, nint ldc, int rows, int k, float* bias, bool carry, float* fetch, nint advance)
    {
        int blocks = rows / BlockRows;
        int row = 0;
        for (int block = 0; block < blocks; block++, row += BlockRows)
        {
            float* blockC = c + (row * ldc);
            if (Sse.IsSupported && carry && block + 1 < blocks)
            {
                // The sums that the next block carries.
                for (int i = BlockRows; i < 2 * BlockRows; i++)
                {
                    Sse.Prefetch0(blockC + (i * ldc));
                }
            }

            float* part = fetch + ((long)HalfWidth * k * block / blocks);
            Rows6(a + (row * lda), lda, b, ldb, blockC, ldc, k, bias, carry, part, advance);
        }

        if (row < rows && row > 0 && !carry)
        {
            // The last six rows once more: the same sums again for the first of them, six rows at the price of one and a half.
            row = rows - BlockRows;
            Rows6(a + (row * lda), lda, b, ldb, c + (row * ldc), ldc, k, bias, carry, b, 0);
            return;
        }

        for (; row < rows; row++)
        {
            Rows1(a + (row * lda), lda, b, ldb, c + (row * ldc), ldc, k, bias, carry);
        }
    }

    // 12 running sums, two panel vectors and one broadcast: 15 of the 16 registers. At every step the line of fetch is asked for, which then moves by advance.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows6(float* a, nint lda, float* b, nint ldb, float* c, nint ldc, int k, float* bias, bool carry, float* fetch, nint advance)
    {
        Vector256<float> c0x, c0y;
        Vector256<float> c1x, c1y;
        Vector256<float> c2x, c2y;
        Vector256<float> c3x, c3y;
        Vector256<float> c4x, c4y;
        Vector256<float> c5x, c5y;
        if (carry)
        {
            c0x = Vector256.Load(c + (0 * ldc)); c0y = Vector256.Load(c + (0 * ldc) + 8);
            c1x = Vector256.Load(c + (1 * ldc)); c1y = Vector256.Load(c + (1 * ldc) + 8);
            c2x = Vector256.Load(c + (2 * ldc)); c2y = Vector256.Load(c + (2 * ldc) + 8);
            c3x = Vector256.Load(c + (3 * ldc)); c3y = Vector256.Load(c + (3 * ldc) + 8);
            c4x = Vector256.Load(c + (4 * ldc)); c4y = Vector256.Load(c + (4 * ldc) + 8);
            c5x = Vector256.Load(c + (5 * ldc)); c5y = Vector256.Load(c + (5 * ldc) + 8);
        }
        else
        {
            c0x = c1x = c2x = c3x = c4x = c5x = bias is null ? Vector256<float>.Zero : Vector256.Load(bias);
            c0y = c1y = c2y = c3y = c4y = c5y = bias is null ? Vector256<float>.Zero : Vector256.Load(bias + 8);
        }

        nint one = lda, two = 2 * lda;
        float* a3 = a + (3 * lda);
        for (float* end = a + k; a < end; a++)
        {
            Vector256<float> b0 = Vector256.Load(b); Vector256<float> b1 = Vector256.Load(b + 8);
            Vector256<float> x;
            x = Vector256.Create(*a); c0x = Vector256.FusedMultiplyAdd(x, b0, c0x); c0y = Vector256.FusedMultiplyAdd(x, b1, c0y);
            x = Vector256.Create(a[one]); c1x = Vector256.FusedMultiplyAdd(x, b0, c1x); c1y = Vector256.FusedMultiplyAdd(x, b1, c1y);
            x = Vector256.Create(a[two]); c2x = Vector256.FusedMultiplyAdd(x, b0, c2x); c2y = Vector256.FusedMultiplyAdd(x, b1, c2y);
            x = Vector256.Create(*a3); c3x = Vector256.FusedMultiplyAdd(x, b0, c3x); c3y = Vector256.FusedMultiplyAdd(x, b1, c3y);
            x = Vector256.Create(a3[one]); c4x = Vector256.FusedMultiplyAdd(x, b0, c4x); c4y = Vector256.FusedMultiplyAdd(x, b1, c4y);
            x = Vector256.Create(a3[two]); c5x = Vector256.FusedMultiplyAdd(x, b0, c5x); c5y = Vector256.FusedMultiplyAdd(x, b1, c5y);
            if (Sse.IsSupported)
            {
                Sse.Prefetch1(fetch);
                fetch += advance;
            }

            b += ldb; a3++;
        }

        c0x.Store(c + (0 * ldc)); c0y.Store(c + (0 * ldc) + 8);
        c1x.Store(c + (1 * ldc)); c1y.Store(c + (1 * ldc) + 8);
        c2x.Store(c + (2 * ldc)); c2y.Store(c + (2 * ldc) + 8);
        c3x.Store(c + (3 * ldc)); c3y.Store(c + (3 * ldc) + 8);
        c4x.Store(c + (4 * ldc)); c4y.Store(c + (4 * ldc) + 8);
        c5x.Store(c + (5 * ldc)); c5y.Store(c + (5 * ldc) + 8);
    }

    // One row, for the last five at the most.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows1(float* a, nint lda, float* b, nint ldb, float* c, nint ldc, int k, float* bias, bool carry)
    {
        Vector256<float> c0x, c0y;
        if (carry)
        {
            c0x = Vector256.Load(c + (0 * ldc)); c0y = Vector256.Load(c + (0 * ldc) + 8);
        }
        else
        {
            c0x = bias is null ? Vector256<float>.Zero : Vector256.Load(bias);
            c0y = bias is null ? Vector256<float>.Zero : Vector256.Load(bias + 8);
        }

        for (float* end = a + k; a < end; a++)
        {
            Vector256<float> b0 = Vector256.Load(b); Vector256<float> b1 = Vector256.Load(b + 8);
            Vector256<float> x;
            x = Vector256.Create(*a); c0x = Vector256.FusedMultiplyAdd(x, b0, c0x); c0y = Vector256.FusedMultiplyAdd(x, b1, c0y);
            b += ldb;
        }

        c0x.Store(c + (0 * ldc)); c0y.Store(c + (0 * ldc) + 8);
    }
}
