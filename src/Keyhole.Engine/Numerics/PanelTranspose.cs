using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Keyhole.Engine.Numerics;

/// <summary>Turns rows into columns of a panel of 32: panel[k * 32 + r] = rows[r * stride + k]. Numbers only move.</summary>
internal static unsafe class PanelTranspose
{
    private const int Width = PackedMatrix.PanelWidth;

    /// <summary>Writes <paramref name="count"/> rows of <paramref name="length"/> numbers as the first columns of a panel.</summary>
    /// <param name="rows">Row 0.</param>
    /// <param name="stride">Floats from row to row.</param>
    /// <param name="count">Rows, at most 32.</param>
    /// <param name="length">Numbers of a row.</param>
    /// <param name="panel">Shape [length, 32]; columns from <paramref name="count"/> on are left as they are.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Write(float* rows, nint stride, int count, int length, float* panel)
    {
        int row = 0;
        if (Sse2.IsSupported || AdvSimd.Arm64.IsSupported)
        {
            for (; row + 4 <= count; row += 4)
            {
                float* from = rows + (row * stride);
                float* to = panel + row;
                int k = 0;
                for (; k + 4 <= length; k += 4, to += 4 * Width)
                {
                    // A 4 x 4 block: interleave rows 0 with 1 and 2 with 3, then pairs with pairs.
                    Vector128<float> a = Vector128.Load(from + k);
                    Vector128<float> b = Vector128.Load(from + stride + k);
                    Vector128<float> c = Vector128.Load(from + (2 * stride) + k);
                    Vector128<float> d = Vector128.Load(from + (3 * stride) + k);
                    Vector128<double> abLow = InterleaveLow(a, b).AsDouble();
                    Vector128<double> abHigh = InterleaveHigh(a, b).AsDouble();
                    Vector128<double> cdLow = InterleaveLow(c, d).AsDouble();
                    Vector128<double> cdHigh = InterleaveHigh(c, d).AsDouble();
                    InterleaveLow(abLow, cdLow).AsSingle().Store(to);
                    InterleaveHigh(abLow, cdLow).AsSingle().Store(to + Width);
                    InterleaveLow(abHigh, cdHigh).AsSingle().Store(to + (2 * Width));
                    InterleaveHigh(abHigh, cdHigh).AsSingle().Store(to + (3 * Width));
                }

                for (; k < length; k++, to += Width)
                {
                    to[0] = from[k];
                    to[1] = from[stride + k];
                    to[2] = from[(2 * stride) + k];
                    to[3] = from[(3 * stride) + k];
                }
            }
        }

        for (; row < count; row++)
        {
            float* from = rows + (row * stride);
            for (int k = 0; k < length; k++)
            {
                panel[((long)k * Width) + row] = from[k];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> InterleaveLow(Vector128<float> a, Vector128<float> b)
        => Sse.IsSupported ? Sse.UnpackLow(a, b) : AdvSimd.Arm64.ZipLow(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> InterleaveHigh(Vector128<float> a, Vector128<float> b)
        => Sse.IsSupported ? Sse.UnpackHigh(a, b) : AdvSimd.Arm64.ZipHigh(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> InterleaveLow(Vector128<double> a, Vector128<double> b)
        => Sse2.IsSupported ? Sse2.UnpackLow(a, b) : AdvSimd.Arm64.ZipLow(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<double> InterleaveHigh(Vector128<double> a, Vector128<double> b)
        => Sse2.IsSupported ? Sse2.UnpackHigh(a, b) : AdvSimd.Arm64.ZipHigh(a, b);
}
