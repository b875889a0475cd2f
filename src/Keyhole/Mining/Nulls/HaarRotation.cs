using System.Runtime.Intrinsics;
using Keyhole.Corpora;
using Keyhole.Engine.Numerics;

namespace Keyhole.Mining.Nulls;

/// <summary>A random orthogonal matrix, uniform over all of them (Haar's measure), the same to the bit on every machine.</summary>
/// <remarks>
/// R = H_0 H_1 ... H_(n-2) D (Stewart 1980, "The efficient generation of random orthogonal matrices with an application to condition estimators"): H_k is the reflection that
/// takes a normal vector x of the last n - k dimensions to -sign(x_0) |x| e_0, and D has those signs and a random last one on its diagonal; so column k of what stands behind H_(k-1) is x / |x|,
/// a uniform direction. That is the orthogonal factor of the QR decomposition of a normal matrix, at 4/3 n^3 operations. Columns do not depend on each other: a panel of them takes
/// all reflections while it is in cache. Numbers are float32, so R^T R is the identity to about 1e-6.
/// </remarks>
internal static unsafe class HaarRotation
{
    private const int Panel = PackedMatrix.PanelWidth;

    /// <summary>Bytes of a rotation while it is made: the packed matrix and the reflections.</summary>
    public static long Bytes(int size) => sizeof(float) * (PackedMatrix.FloatCount(size, size) + ((long)size * (size + 1) / 2));

    /// <summary>R, packed so that a product with rows m gives m R.</summary>
    /// <param name="size">n.</param>
    /// <param name="seed">Which rotation.</param>
    /// <param name="threads">Threads.</param>
    public static PackedMatrix Pack(int size, ulong seed, int threads)
    {
        ulong drawn = CounterHash.Hash(seed, (ulong)size);
        var reflections = new float[size - 1][];
        var signs = new float[size];
        signs[size - 1] = CounterHash.Hash(drawn, (ulong)size) >> 63 == 0 ? 1 : -1;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = threads };
        Parallel.For(0, size - 1, parallel, k => (reflections[k], signs[k]) = Reflection(size - k, drawn, k));
        var packed = new PackedMatrix(size, size);
        Parallel.For(0, packed.PanelCount, parallel, panel => PackPanel(packed, panel * Panel, reflections, signs));
        return packed;
    }

    // v of H = I - v v^T, and the sign that makes the first column of -sign(x_0) H the direction of x.
    private static (float[] Vector, float Sign) Reflection(int size, ulong seed, int number)
    {
        var x = new double[size];
        NormalVector.Fill(x, seed, (ulong)number);
        double norm = Math.Sqrt(NormalVector.SumOfSquares(x));
        double sign = x[0] < 0 ? -1 : 1;
        double scale = 1 / Math.Sqrt(norm * (norm + Math.Abs(x[0])));   // |x + sign |x| e_0|^2 = 2 |x| (|x| + |x_0|)
        x[0] += sign * norm;
        return (Array.ConvertAll(x, value => (float)(value * scale)), (float)-sign);
    }

    private static void PackPanel(PackedMatrix packed, int first, float[][] reflections, float[] signs)
    {
        int size = packed.Inputs;
        int count = Math.Min(Panel, size - first);
        using var buffer = new AlignedBuffer((long)size * Panel);   // [n, 32] columns of R
        float* columns = buffer.Start;
        for (int column = 0; column < count; column++)
        {
            columns[((first + column) * (long)Panel) + column] = signs[first + column];
        }

        for (int k = Math.Min(reflections.Length, first + count) - 1; k >= 0; k--)   // later ones meet zeros alone
        {
            fixed (float* vector = reflections[k])
            {
                Reflect(vector, reflections[k].Length, columns + (k * (long)Panel));
            }
        }

        packed.PackRows(first, count, (start, rows) =>
        {
            for (int row = 0; row * size < rows.Length; row++)
            {
                float* column = buffer.Start + start + row;
                for (int i = 0; i < size; i++)
                {
                    rows[(row * size) + i] = column[(long)i * Panel];
                }
            }
        });
    }

    // rows -= v (v^T rows), shape [n, 32].
    private static void Reflect(float* vector, int size, float* rows)
    {
        Vector512<float> a = Vector512<float>.Zero, b = Vector512<float>.Zero;
        float* row = rows;
        for (int i = 0; i < size; i++, row += Panel)
        {
            Vector512<float> v = Vector512.Create(vector[i]);
            a = Vector512.FusedMultiplyAdd(v, Vector512.Load(row), a);
            b = Vector512.FusedMultiplyAdd(v, Vector512.Load(row + 16), b);
        }

        row = rows;
        for (int i = 0; i < size; i++, row += Panel)
        {
            Vector512<float> v = Vector512.Create(-vector[i]);
            Vector512.FusedMultiplyAdd(v, a, Vector512.Load(row)).Store(row);
            Vector512.FusedMultiplyAdd(v, b, Vector512.Load(row + 16)).Store(row + 16);
        }
    }
}
