using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Keyhole.Engine.Numerics;

/// <summary>Softmax and log-sum-exp of one row, with the maximum subtracted first.</summary>
/// <remarks>
/// As in PyTorch, a row that holds NaN or plus infinity, or nothing but minus infinity, becomes NaN throughout: such a row is an error
/// upstream, and must not look like probabilities.
/// </remarks>
public static class Softmax
{
    /// <summary>scores[i] = exp(scores[i] - max) / sum, in place; an empty row stays empty.</summary>
    public static void Row(Span<float> scores) => CausalRow(scores, scores.Length, 1f);

    /// <summary>Attention's row: softmax of the first <paramref name="visible"/> entries times the scale; the rest becomes exactly 0.</summary>
    /// <param name="row">Scores of one query against every key of its text; what lies beyond <paramref name="visible"/> is ignored, NaN too.
    /// A row that is long enough to hold <paramref name="visible"/> rounded up to 16 is faster, and gives the same bits.</param>
    /// <param name="visible">Number of keys the query may see, from 0 to the row's length.</param>
    /// <param name="scale">Factor of the scores before the softmax, positive.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="visible"/> or <paramref name="scale"/> is out of range.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void CausalRow(Span<float> row, int visible, float scale)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)visible, (uint)row.Length, nameof(visible));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(scale);
        Span<float> scores = row[..visible];
        int whole = visible - (visible % Lanes.Count);

        // The last lanes are held apart, minus infinity where there is no visible score: that counts neither in the maximum nor in the sum.
        bool padded = row.Length - whole >= Lanes.Count;
        Vector512<float> last = Vector512.Create(float.NegativeInfinity);
        if (padded)
        {
            Vector512<int> isVisible = Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(visible - whole));
            last = Vector512.ConditionalSelect(isVisible.AsSingle(), Lanes.Load(row, whole), last);
        }
        else if (whole < visible)
        {
            last = Lanes.LoadTail(scores, whole, float.NegativeInfinity);
        }

        Vector512<float> max = last;
        for (int i = 0; i < whole; i += Lanes.Count)
        {
            max = Lanes.Max(max, Lanes.Load(scores, i));
        }

        // The scale is positive, so the largest score stays the largest, and exp is 1 there exactly.
        Vector512<float> shift = Vector512.Create(Lanes.Max(max));
        Vector512<float> scales = Vector512.Create(scale);
        Vector512<float> sum = Vector512<float>.Zero;
        for (int i = 0; i < whole; i += Lanes.Count)
        {
            Vector512<float> e = VectorMath.Exp((Lanes.Load(scores, i) - shift) * scales);
            sum += e;
            Lanes.Store(e, scores, i);
        }

        last = VectorMath.Exp((last - shift) * scales);
        Vector512<float> inverse = Vector512.Create(1f / Lanes.Sum(sum + last));
        for (int i = 0; i < whole; i += Lanes.Count)
        {
            Lanes.Store(Lanes.Load(scores, i) * inverse, scores, i);
        }

        if (padded)
        {
            // Stores zeros beyond the visible entries by way of exp(minus infinity), except where the row is NaN throughout.
            Lanes.Store(last * inverse, row, whole);
        }
        else if (whole < visible)
        {
            Lanes.StoreTail(last * inverse, scores, whole);
        }

        row[visible..].Clear();
    }

    /// <summary>log(sum of exp(values[i])) in double precision; minus infinity for an empty row or one of minus infinities.</summary>
    /// <remarks>
    /// The exponentials are floats, but they are added in sixteen double lanes: over a vocabulary of 10^5 and more, small terms added to a
    /// large float sum would be lost one by one, and the loss (up to 1e-4) would be seen in log-probabilities.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double LogSumExp(ReadOnlySpan<float> values)
    {
        float max = Reductions.Max(values);
        if (float.IsNegativeInfinity(max))
        {
            // Nothing but minus infinities (or nothing): the sum is 0. A NaN among them makes the sum NaN.
            return Reductions.Sum(values) + (double)float.NegativeInfinity;
        }

        Vector512<float> shift = Vector512.Create(max);
        Vector512<double> lower = Vector512<double>.Zero;
        Vector512<double> upper = Vector512<double>.Zero;
        int i = 0;
        for (; i <= values.Length - Lanes.Count; i += Lanes.Count)
        {
            Vector512<float> e = VectorMath.Exp(Lanes.Load(values, i) - shift);
            lower += Vector512.WidenLower(e);
            upper += Vector512.WidenUpper(e);
        }

        if (i < values.Length)
        {
            Vector512<float> e = VectorMath.Exp(Lanes.LoadTail(values, i, float.NegativeInfinity) - shift);
            lower += Vector512.WidenLower(e);
            upper += Vector512.WidenUpper(e);
        }

        return max + DoubleMath.Log(Lanes.Sum(lower, upper));
    }
}
