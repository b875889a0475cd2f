using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Keyhole.Engine.Numerics;

/// <summary>Sums and maxima along a row. Element i goes to lane i mod 16; lanes are joined by the tree 16, 8, 4, 2, 1: the same bits on every machine.</summary>
public static class Reductions
{
    /// <summary>Sum of values[i]; 0 for an empty row. NaN and infinities follow IEEE 754.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Sum(ReadOnlySpan<float> values)
    {
        Vector512<float> sum = Vector512<float>.Zero;
        int i = 0;
        for (; i <= values.Length - Lanes.Count; i += Lanes.Count)
        {
            sum += Lanes.Load(values, i);
        }

        if (i < values.Length)
        {
            sum += Lanes.LoadTail(values, i, 0f);
        }

        return Lanes.Sum(sum);
    }

    /// <summary>Sum of left[i] * right[i] with fused multiply-adds; 0 for empty rows.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Dot(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        Shape.Require(right, nameof(right), left.Length);
        Vector512<float> sum = Vector512<float>.Zero;
        int i = 0;
        for (; i <= left.Length - Lanes.Count; i += Lanes.Count)
        {
            sum = Vector512.FusedMultiplyAdd(Lanes.Load(left, i), Lanes.Load(right, i), sum);
        }

        if (i < left.Length)
        {
            sum = Vector512.FusedMultiplyAdd(Lanes.LoadTail(left, i, 0f), Lanes.LoadTail(right, i, 0f), sum);
        }

        return Lanes.Sum(sum);
    }

    /// <summary>Sum of values[i]^2; overflows to infinity when it passes 3.4e38.</summary>
    public static float SumOfSquares(ReadOnlySpan<float> values) => Dot(values, values);

    /// <summary>Square root of <see cref="SumOfSquares"/>.</summary>
    public static float L2Norm(ReadOnlySpan<float> values) => MathF.Sqrt(SumOfSquares(values));

    /// <summary>Largest value; NaN elements are passed over. Minus infinity for an empty row or one of NaN only.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Max(ReadOnlySpan<float> values)
    {
        Vector512<float> best = Vector512.Create(float.NegativeInfinity);
        int i = 0;
        for (; i <= values.Length - Lanes.Count; i += Lanes.Count)
        {
            best = Lanes.Max(best, Lanes.Load(values, i));
        }

        if (i < values.Length)
        {
            best = Lanes.Max(best, Lanes.LoadTail(values, i, float.NegativeInfinity));
        }

        return Lanes.Max(best);
    }

    /// <summary>Largest |values[i]|; NaN elements are passed over. 0 for an empty row or one of NaN only.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float MaxAbs(ReadOnlySpan<float> values)
    {
        Vector512<float> best = Vector512<float>.Zero;
        int i = 0;
        for (; i <= values.Length - Lanes.Count; i += Lanes.Count)
        {
            best = Lanes.Max(best, Vector512.Abs(Lanes.Load(values, i)));
        }

        if (i < values.Length)
        {
            best = Lanes.Max(best, Vector512.Abs(Lanes.LoadTail(values, i, 0f)));
        }

        return Lanes.Max(best);
    }
}
