using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Keyhole.Engine.Numerics;
using Keyhole.Memories;
using Keyhole.Mining.Sampling;

namespace Keyhole.Mining;

/// <summary>Passes over sixteen columns (memories) of a coefficient tile, a row (position) at a time. Lanes are memories, so nothing is ever summed across lanes.</summary>
internal static unsafe class CoefficientScan
{
    private static readonly byte[] s_squeezedLanes = SqueezedLanes();

    /// <summary>
    /// Power sums of the rows in double, in row order, with the extremes and the first row of the largest: sums[p] += m^(p+1) for each row; all carried on
    /// from what stands there.
    /// </summary>
    /// <param name="values">Column 0 of the first row.</param>
    /// <param name="stride">Floats from row to row.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="firstPosition">What the first row is called in <paramref name="where"/>.</param>
    /// <param name="sums">[4, 16] doubles.</param>
    /// <param name="min">[16].</param>
    /// <param name="best">[16] the largest value.</param>
    /// <param name="where">[16] its row.</param>
    /// <param name="positive">[16] counts of m &gt; 0.</param>
    /// <remarks>Without AVX-512 eight columns are scanned at a time: sixteen would want 24 registers of the sixteen that there are.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Moments(float* values, nint stride, int rows, int firstPosition, double* sums, float* min, float* best, int* where, int* positive)
    {
        if (!Vector512.IsHardwareAccelerated)
        {
            int half = Vector256<float>.Count;
            MomentsOfEight(values, stride, rows, firstPosition, sums, min, best, where, positive);
            MomentsOfEight(values + half, stride, rows, firstPosition, sums + half, min + half, best + half, where + half, positive + half);
            return;
        }

        Vector512<double> s1a = Vector512.Load(sums), s1b = Vector512.Load(sums + 8);
        Vector512<double> s2a = Vector512.Load(sums + 16), s2b = Vector512.Load(sums + 24);
        Vector512<double> s3a = Vector512.Load(sums + 32), s3b = Vector512.Load(sums + 40);
        Vector512<double> s4a = Vector512.Load(sums + 48), s4b = Vector512.Load(sums + 56);
        Vector512<float> least = Vector512.Load(min), most = Vector512.Load(best);
        Vector512<int> at = Vector512.Load(where), position = Vector512.Create(firstPosition);
        Vector512<int> above = Vector512.Load(positive);
        for (int row = 0; row < rows; row++, values += stride)
        {
            Vector512<float> m = Vector512.Load(values);
            least = Vector512.ConditionalSelect(Vector512.LessThan(m, least), m, least);
            Vector512<float> larger = Vector512.GreaterThan(m, most);
            most = Vector512.ConditionalSelect(larger, m, most);
            at = Vector512.ConditionalSelect(larger.AsInt32(), position, at);
            position += Vector512<int>.One;
            above -= Vector512.GreaterThan(m, Vector512<float>.Zero).AsInt32();
            (Vector512<double> a, Vector512<double> b) = Vector512.Widen(m);
            Vector512<double> a2 = a * a, b2 = b * b;
            s1a += a;
            s1b += b;
            s2a += a2;
            s2b += b2;
            s3a = Vector512.FusedMultiplyAdd(a2, a, s3a);
            s3b = Vector512.FusedMultiplyAdd(b2, b, s3b);
            s4a = Vector512.FusedMultiplyAdd(a2, a2, s4a);
            s4b = Vector512.FusedMultiplyAdd(b2, b2, s4b);
        }

        s1a.Store(sums);
        s1b.Store(sums + 8);
        s2a.Store(sums + 16);
        s2b.Store(sums + 24);
        s3a.Store(sums + 32);
        s3b.Store(sums + 40);
        s4a.Store(sums + 48);
        s4b.Store(sums + 56);
        least.Store(min);
        most.Store(best);
        at.Store(where);
        above.Store(positive);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MomentsOfEight(float* values, nint stride, int rows, int firstPosition, double* sums, float* min, float* best, int* where, int* positive)
    {
        Vector256<double> s1a = Vector256.Load(sums), s1b = Vector256.Load(sums + 4);
        Vector256<double> s2a = Vector256.Load(sums + 16), s2b = Vector256.Load(sums + 20);
        Vector256<double> s3a = Vector256.Load(sums + 32), s3b = Vector256.Load(sums + 36);
        Vector256<double> s4a = Vector256.Load(sums + 48), s4b = Vector256.Load(sums + 52);
        Vector256<float> least = Vector256.Load(min), most = Vector256.Load(best);
        Vector256<int> at = Vector256.Load(where), position = Vector256.Create(firstPosition);
        Vector256<int> above = Vector256.Load(positive);
        for (int row = 0; row < rows; row++, values += stride)
        {
            Vector256<float> m = Vector256.Load(values);
            least = Vector256.ConditionalSelect(Vector256.LessThan(m, least), m, least);
            Vector256<float> larger = Vector256.GreaterThan(m, most);
            most = Vector256.ConditionalSelect(larger, m, most);
            at = Vector256.ConditionalSelect(larger.AsInt32(), position, at);
            position += Vector256<int>.One;
            above -= Vector256.GreaterThan(m, Vector256<float>.Zero).AsInt32();
            (Vector256<double> a, Vector256<double> b) = Vector256.Widen(m);
            Vector256<double> a2 = a * a, b2 = b * b;
            s1a += a;
            s1b += b;
            s2a += a2;
            s2b += b2;
            s3a = Vector256.FusedMultiplyAdd(a2, a, s3a);
            s3b = Vector256.FusedMultiplyAdd(b2, b, s3b);
            s4a = Vector256.FusedMultiplyAdd(a2, a2, s4a);
            s4b = Vector256.FusedMultiplyAdd(b2, b2, s4b);
        }

        s1a.Store(sums);
        s1b.Store(sums + 4);
        s2a.Store(sums + 16);
        s2b.Store(sums + 20);
        s3a.Store(sums + 32);
        s3b.Store(sums + 36);
        s4a.Store(sums + 48);
        s4b.Store(sums + 52);
        least.Store(min);
        most.Store(best);
        at.Store(where);
        above.Store(positive);
    }

    /// <summary>Sums of the positive values in double, in row order; carried on from what stands there.</summary>
    /// <param name="values">Column 0 of the first row.</param>
    /// <param name="stride">Floats from row to row.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="sums">[16] doubles.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void PositiveSums(float* values, nint stride, int rows, double* sums)
    {
        Vector512<double> first = Vector512.Load(sums), second = Vector512.Load(sums + 8);
        for (int row = 0; row < rows; row++, values += stride)
        {
            Vector512<float> m = Vector512.Load(values);
            (Vector512<double> a, Vector512<double> b) = Vector512.Widen(Vector512.ConditionalSelect(Vector512.GreaterThan(m, Vector512<float>.Zero), m, Vector512<float>.Zero));
            first += a;
            second += b;
        }

        first.Store(sums);
        second.Store(sums + 8);
    }

    /// <summary>Ranks of one position in the samples of sixteen memories (<see cref="QuantileSample.Rank"/>).</summary>
    /// <param name="position">The position's part of the hash.</param>
    /// <param name="memories">[16] the memories'.</param>
    /// <param name="ranks">[16] receives them.</param>
    public static void SampleRanks(uint position, uint* memories, float* ranks)
    {
        Vector512<uint> x = Vector512.Load(memories) ^ Vector512.Create(position);
        x = (x ^ Vector512.ShiftRightLogical(x, 16)) * Vector512.Create(QuantileSample.FirstFactor);
        x = (x ^ Vector512.ShiftRightLogical(x, 13)) * Vector512.Create(QuantileSample.SecondFactor);
        x = Vector512.ShiftRightLogical(x ^ Vector512.ShiftRightLogical(x, 16), 1);
        (-Vector512.ConvertToSingle(x.AsInt32())).Store(ranks);
    }

    /// <summary>Bits of the columns whose rank reaches its threshold and whose value is above zero, or below where negated.</summary>
    /// <param name="ranks">[16].</param>
    /// <param name="thresholds">[16].</param>
    /// <param name="values">[16].</param>
    /// <param name="negate">Look for values below zero.</param>
    public static uint ReachingSigned(float* ranks, float* thresholds, float* values, bool negate)
    {
        Vector512<float> m = (Vector512.Load(values).AsInt32() ^ Vector512.Create(negate ? int.MinValue : 0)).AsSingle();
        return (uint)(Vector512.GreaterThan(m, Vector512<float>.Zero) & Vector512.GreaterThanOrEqual(Vector512.Load(ranks), Vector512.Load(thresholds))).ExtractMostSignificantBits();
    }

    /// <summary>target = the larger of the two, column by column.</summary>
    /// <param name="values">[16].</param>
    /// <param name="target">[16].</param>
    public static void Raise(float* values, float* target)
    {
        Vector512<float> m = Vector512.Load(values), most = Vector512.Load(target);
        Vector512.ConditionalSelect(Vector512.GreaterThan(m, most), m, most).Store(target);
    }

    /// <summary>The largest value of each column and the first row that has it; carried on from <paramref name="best"/> and <paramref name="where"/>.</summary>
    /// <param name="values">Column 0 of the first row.</param>
    /// <param name="stride">Floats from row to row.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="firstPosition">What the first row is called in <paramref name="where"/>.</param>
    /// <param name="negate">Look for the smallest instead; <paramref name="best"/> holds its negation.</param>
    /// <param name="best">[16].</param>
    /// <param name="where">[16].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Largest(float* values, nint stride, int rows, int firstPosition, bool negate, float* best, int* where)
    {
        Vector512<float> most = Vector512.Load(best);
        Vector512<int> at = Vector512.Load(where);
        Vector512<int> flip = Vector512.Create(negate ? int.MinValue : 0);
        Vector512<int> position = Vector512.Create(firstPosition);
        for (int row = 0; row < rows; row++, values += stride)
        {
            Vector512<float> m = (Vector512.Load(values).AsInt32() ^ flip).AsSingle();
            Vector512<float> larger = Vector512.GreaterThan(m, most);
            most = Vector512.ConditionalSelect(larger, m, most);
            at = Vector512.ConditionalSelect(larger.AsInt32(), position, at);
            position += Vector512<int>.One;
        }

        most.Store(best);
        at.Store(where);
    }

    /// <summary>Counts the sign cases gate+ in+, gate+ in- and gate- in+ of the rows; plus means above zero.</summary>
    /// <param name="gate">Column 0 of the first row of gates.</param>
    /// <param name="linear">The same of linear parts.</param>
    /// <param name="stride">Floats from row to row, of both.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="both">[16] gate+ in+.</param>
    /// <param name="gateOnly">[16] gate+ in-.</param>
    /// <param name="linearOnly">[16] gate- in+.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Signs(float* gate, float* linear, nint stride, int rows, int* both, int* gateOnly, int* linearOnly)
    {
        Vector512<int> b = Vector512.Load(both), g = Vector512.Load(gateOnly), l = Vector512.Load(linearOnly);
        for (int row = 0; row < rows; row++, gate += stride, linear += stride)
        {
            Vector512<int> gateAbove = Vector512.GreaterThan(Vector512.Load(gate), Vector512<float>.Zero).AsInt32();
            Vector512<int> linearAbove = Vector512.GreaterThan(Vector512.Load(linear), Vector512<float>.Zero).AsInt32();
            b -= gateAbove & linearAbove;
            g -= Vector512.AndNot(gateAbove, linearAbove);
            l -= Vector512.AndNot(linearAbove, gateAbove);
        }

        b.Store(both);
        g.Store(gateOnly);
        l.Store(linearOnly);
    }

    /// <summary>The largest |m| of each column in each sign case gate+ in+, gate+ in-, gate- in+, gate- in- and the first row that has it; plus means above zero; carried on as by <see cref="Largest"/>.</summary>
    /// <param name="values">Column 0 of the first row of coefficients.</param>
    /// <param name="gate">The same of gates.</param>
    /// <param name="linear">The same of linear parts.</param>
    /// <param name="stride">Floats from row to row, of all three.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="firstPosition">What the first row is called.</param>
    /// <param name="best">[4, case stride]: of each case [16] the largest, then [16] its row.</param>
    /// <param name="caseStride">Floats from case to case.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void LargestOfCases(float* values, float* gate, float* linear, nint stride, int rows, int firstPosition, float* best, nint caseStride)
    {
        Vector512<int> position = Vector512.Create(firstPosition);
        for (int row = 0; row < rows; row++, values += stride, gate += stride, linear += stride)
        {
            Vector512<float> size = Vector512.Abs(Vector512.Load(values));
            Vector512<float> gateAbove = Vector512.GreaterThan(Vector512.Load(gate), Vector512<float>.Zero);
            Vector512<float> linearAbove = Vector512.GreaterThan(Vector512.Load(linear), Vector512<float>.Zero);
            Raise(size, gateAbove & linearAbove, position, best);
            Raise(size, Vector512.AndNot(gateAbove, linearAbove), position, best + caseStride);
            Raise(size, Vector512.AndNot(linearAbove, gateAbove), position, best + (2 * caseStride));
            Raise(size, ~(gateAbove | linearAbove), position, best + (3 * caseStride));
            position += Vector512<int>.One;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Raise(Vector512<float> size, Vector512<float> isCase, Vector512<int> position, float* best)
    {
        Vector512<float> most = Vector512.Load(best);
        Vector512<float> larger = Vector512.GreaterThan(size, most) & isCase;
        Vector512.ConditionalSelect(larger, size, most).Store(best);
        int* where = (int*)(best + LayerAccumulator.Lanes);
        Vector512.ConditionalSelect(larger.AsInt32(), position, Vector512.Load(where)).Store(where);
    }

    /// <summary>Counts rows in the bins of <see cref="ActivationHistogram"/>. The zero bin is not to be read afterwards: most zeros are passed over.</summary>
    /// <remarks>
    /// The bins of some rows are found first and counted then, so that no load waits for a wider store. Which coefficients are zero cannot be predicted
    /// (a ReLU's are in nine of ten positions), so with AVX-512, and by a table with AVX2, the others are squeezed together without a branch; without them all
    /// sixteen are counted.
    /// </remarks>
    /// <param name="values">Column 0 of row 0.</param>
    /// <param name="stride">Floats from row to row.</param>
    /// <param name="rows">Rows to count.</param>
    /// <param name="histogram">[256, 16]: bins, then lanes, so that equal bins of neighbours share a cache line.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Histogram(float* values, nint stride, ReadOnlySpan<int> rows, uint* histogram)
    {
        const int Block = 32;
        const int Lanes = LayerAccumulator.Lanes;
        int* counters = stackalloc int[(Block + 1) * Lanes];
        Vector512<int> zeroBin = Vector512.Create(ActivationHistogram.ZeroBin);
        fixed (byte* lanes = s_squeezedLanes)
        {
            for (int first = 0; first < rows.Length; first += Block)
            {
                int* end = counters;
                foreach (int row in rows.Slice(first, Math.Min(Block, rows.Length - first)))
                {
                    if (!Avx512F.IsSupported && Avx2.IsSupported)
                    {
                        end += Bins(values + (row * stride), Vector256<int>.Indices, lanes, end);
                        end += Bins(values + (row * stride) + Vector256<int>.Count, Vector256<int>.Indices + Vector256.Create(Vector256<int>.Count), lanes, end);
                        continue;
                    }

                    Vector512<int> bits = (Vector512.Load(values + (row * stride)) + Vector512<float>.Zero).AsInt32();   // -0 + 0 = 0
                    Vector512<int> e = Vector512.ShiftRightLogical(bits & Vector512.Create(int.MaxValue), ActivationHistogram.Shift) - Vector512.Create(ActivationHistogram.Base);
                    e = Vector512.Min(Vector512.Max(e, Vector512<int>.Zero), Vector512.Create(ActivationHistogram.LastOfSide));
                    Vector512<int> bin = zeroBin + (e ^ Vector512.ShiftRightArithmetic(bits, 31));
                    Vector512<int> counter = Vector512.ShiftLeft(bin, 4) + Vector512<int>.Indices;
                    if (Avx512F.IsSupported)
                    {
                        Vector512<int> counted = ~Vector512.Equals(bin, zeroBin);
                        Avx512F.Compress(Vector512<int>.Zero, counted, counter).Store(end);
                        end += BitOperations.PopCount(counted.ExtractMostSignificantBits());
                    }
                    else
                    {
                        counter.Store(end);
                        end += bin == zeroBin ? 0 : Lanes;
                    }
                }

                int* at = counters;
                for (; at + 4 <= end; at += 4)
                {
                    histogram[at[0]]++;
                    histogram[at[1]]++;
                    histogram[at[2]]++;
                    histogram[at[3]]++;
                }

                for (; at < end; at++)
                {
                    histogram[*at]++;
                }
            }
        }
    }

    // The counters of eight columns that are not zero, side by side; what follows them is not to be read.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Bins(float* values, Vector256<int> columns, byte* lanes, int* to)
    {
        Vector256<int> bits = (Vector256.Load(values) + Vector256<float>.Zero).AsInt32();
        Vector256<int> e = Vector256.ShiftRightLogical(bits & Vector256.Create(int.MaxValue), ActivationHistogram.Shift) - Vector256.Create(ActivationHistogram.Base);
        e = Vector256.Min(Vector256.Max(e, Vector256<int>.Zero), Vector256.Create(ActivationHistogram.LastOfSide));
        Vector256<int> bin = Vector256.Create(ActivationHistogram.ZeroBin) + (e ^ Vector256.ShiftRightArithmetic(bits, 31));
        uint counted = ~Vector256.Equals(bin, Vector256.Create(ActivationHistogram.ZeroBin)).ExtractMostSignificantBits() & byte.MaxValue;
        Vector256<int> counter = Vector256.ShiftLeft(bin, 4) + columns;
        Avx2.PermuteVar8x32(counter, Avx2.ConvertToVector256Int32(lanes + (8 * counted))).Store(to);
        return BitOperations.PopCount(counted);
    }

    // For each set of eight lanes those in it, first to last: [256, 8].
    private static byte[] SqueezedLanes()
    {
        var table = new byte[256 * 8];
        for (int set = 0; set < 256; set++)
        {
            int at = 8 * set;
            for (byte lane = 0; lane < 8; lane++)
            {
                if ((set >> lane & 1) != 0)
                {
                    table[at++] = lane;
                }
            }
        }

        return table;
    }

    /// <summary>Bits of the columns whose value reaches its threshold.</summary>
    /// <param name="values">[16].</param>
    /// <param name="thresholds">[16].</param>
    public static uint Reaching(float* values, float* thresholds)
        => (uint)Vector512.GreaterThanOrEqual(Vector512.Load(values), Vector512.Load(thresholds)).ExtractMostSignificantBits();
}
