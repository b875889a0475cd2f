using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Keyhole.Engine.Numerics;

namespace Keyhole.Engine.Readouts;

/// <summary>Kernels over a strip of one row's logits, while it is in cache. All widths give the same bits (<see cref="Lanes"/>).</summary>
internal static class StripScan
{
    /// <summary>Largest and smallest logit of a strip; NaN is passed over.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static (float Max, float Min) Extremes(ReadOnlySpan<float> strip)
    {
        Vector512<float> max = Vector512.Create(float.NegativeInfinity);
        Vector512<float> negatedMin = max;
        int i = 0;
        for (; i <= strip.Length - Lanes.Count; i += Lanes.Count)
        {
            Vector512<float> z = Lanes.Load(strip, i);
            max = Lanes.Max(max, z);
            negatedMin = Lanes.Max(negatedMin, -z);
        }

        if (i < strip.Length)
        {
            max = Lanes.Max(max, Lanes.LoadTail(strip, i, float.NegativeInfinity));
            negatedMin = Lanes.Max(negatedMin, -Lanes.LoadTail(strip, i, float.PositiveInfinity));
        }

        return (Lanes.Max(max), -Lanes.Max(negatedMin));
    }

    /// <summary>z = scale * z + bias in place, one rounding; an empty bias is 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scale(Span<float> strip, float scale, ReadOnlySpan<float> bias)
    {
        Vector512<float> scales = Vector512.Create(scale);
        int i = 0;
        for (; i <= strip.Length - Lanes.Count; i += Lanes.Count)
        {
            Vector512<float> shift = bias.IsEmpty ? Vector512<float>.Zero : Lanes.Load(bias, i);
            Lanes.Store(Vector512.FusedMultiplyAdd(Lanes.Load(strip, i), scales, shift), strip, i);
        }

        for (; i < strip.Length; i++)
        {
            strip[i] = MathF.FusedMultiplyAdd(strip[i], scale, bias.IsEmpty ? 0 : bias[i]);
        }
    }

    /// <summary>z = z + shift in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Shift(Span<float> strip, float shift)
    {
        Vector512<float> shifts = Vector512.Create(shift);
        int i = 0;
        for (; i <= strip.Length - Lanes.Count; i += Lanes.Count)
        {
            Lanes.Store(Lanes.Load(strip, i) + shifts, strip, i);
        }

        for (; i < strip.Length; i++)
        {
            strip[i] += shift;
        }
    }

    /// <summary>Sum of exp(z - shift) over a strip, and of exp(z - shift) * (z - shift) where <paramref name="weighted"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static (double Sum, double Weighted) Exponentials(ReadOnlySpan<float> strip, float shift, bool weighted)
    {
        Vector512<float> shifts = Vector512.Create(shift);
        Vector512<float> sum = Vector512<float>.Zero;
        Vector512<float> weightedSum = Vector512<float>.Zero;
        int i = 0;
        for (; i <= strip.Length - Lanes.Count; i += Lanes.Count)
        {
            Vector512<float> d = Lanes.Load(strip, i) - shifts;
            Vector512<float> e = VectorMath.Exp(d);
            sum += e;
            if (weighted)
            {
                weightedSum = Vector512.FusedMultiplyAdd(e, d, weightedSum);
            }
        }

        if (i < strip.Length)
        {
            // The padding's exponential is 0, and its difference finite, so that the product is 0 too.
            Vector512<float> d = Lanes.LoadTail(strip, i, shift - 200) - shifts;
            Vector512<float> e = VectorMath.Exp(d);
            sum += e;
            weightedSum = Vector512.FusedMultiplyAdd(e, d, weightedSum);
        }

        return (Lanes.Sum(sum), weighted ? Lanes.Sum(weightedSum) : 0);
    }

    /// <summary>How many logits of a strip are greater than <paramref name="logit"/>, and how many equal it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static (int Greater, int Equal) Count(ReadOnlySpan<float> strip, float logit)
    {
        Vector512<float> bound = Vector512.Create(logit);
        Vector512<int> greater = Vector512<int>.Zero;
        Vector512<int> equal = Vector512<int>.Zero;
        int i = 0;
        for (; i <= strip.Length - Lanes.Count; i += Lanes.Count)
        {
            Vector512<float> z = Lanes.Load(strip, i);
            greater -= Vector512.GreaterThan(z, bound).AsInt32();   // true is -1
            equal -= Vector512.Equals(z, bound).AsInt32();
        }

        (int above, int same) = (Vector512.Sum(greater), Vector512.Sum(equal));
        for (; i < strip.Length; i++)
        {
            above += strip[i] > logit ? 1 : 0;
            same += strip[i] == logit ? 1 : 0;
        }

        return (above, same);
    }

    /// <summary>Puts what is greater than the last entry of a list into it (<see cref="TokenKeys"/>).</summary>
    /// <param name="strip">Logits.</param>
    /// <param name="firstToken">Token of the first.</param>
    /// <param name="flip">0 for the largest logits, -0 for the smallest, whose keys are those of the negated logits.</param>
    /// <param name="keys">The list, falling, at least one.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Offer(ReadOnlySpan<float> strip, int firstToken, float flip, Span<long> keys)
    {
        Vector512<float> flips = Vector512.Create(flip);
        float sign = BitConverter.SingleToInt32Bits(flip) == 0 ? 1f : -1f;
        float last = TokenKeys.Logit(keys[^1]);
        int i = 0;
        for (; i <= strip.Length - Lanes.Count; i += Lanes.Count)
        {
            // Equal to the last does not enter: it comes later, so it ranks below.
            ulong greater = Vector512.GreaterThan(Lanes.Load(strip, i) ^ flips, Vector512.Create(last)).ExtractMostSignificantBits();
            for (; greater != 0; greater &= greater - 1)
            {
                int at = i + System.Numerics.BitOperations.TrailingZeroCount(greater);
                last = Enter(sign * strip[at], firstToken + at, keys, last);
            }
        }

        for (; i < strip.Length; i++)
        {
            last = Enter(sign * strip[i], firstToken + i, keys, last);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Enter(float value, int token, Span<long> keys, float last)
    {
        if (!(value > last))
        {
            return last;
        }

        TokenKeys.Insert(keys, TokenKeys.Of(value, token));
        return TokenKeys.Logit(keys[^1]);
    }
}
