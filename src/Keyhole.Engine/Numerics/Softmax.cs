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
    public static void Row(Span<float> scores) => Row(scores, 1f);

    /// <summary>Attention's row: scales it, applies softmax to the first <paramref name="visible"/> entries, and sets the rest to exactly 0.</summary>
    /// <param name="row">Scores of one query against every key of its text; what lies beyond <paramref name="visible"/> is ignored, NaN too.</param>
    /// <param name="visible">Number of keys the query may see, from 0 to the row's length.</param>
    /// <param name="scale">Factor of the scores before the softmax.</param>
    public static void CausalRow(Span<float> row, int visible, float scale)
    {
        Row(row[..visible], scale);
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Row(Span<float> scores, float scale)
    {
        Vector512<float> scales = Vector512.Create(scale);
        Vector512<float> max = Vector512.Create(float.NegativeInfinity);
        int i = 0;
        for (; i <= scores.Length - Lanes.Count; i += Lanes.Count)
        {
            Vector512<float> scaled = Lanes.Load(scores, i) * scales;
            max = Lanes.Max(max, scaled);
            Lanes.Store(scaled, scores, i);
        }

        if (i < scores.Length)
        {
            // The padding stays minus infinity: it counts neither here nor in the sum.
            Vector512<float> scaled = Lanes.LoadTail(scores, i, 0f) * scales;
            Lanes.StoreTail(scaled, scores, i);
            max = Lanes.Max(max, Lanes.LoadTail(scores, i, float.NegativeInfinity));
        }

        Vector512<float> shift = Vector512.Create(Lanes.Max(max));
        Vector512<float> sum = Vector512<float>.Zero;
        for (i = 0; i <= scores.Length - Lanes.Count; i += Lanes.Count)
        {
            Vector512<float> e = VectorMath.Exp(Lanes.Load(scores, i) - shift);
            sum += e;
            Lanes.Store(e, scores, i);
        }

        if (i < scores.Length)
        {
            Vector512<float> e = VectorMath.Exp(Lanes.LoadTail(scores, i, float.NegativeInfinity) - shift);
            sum += e;
            Lanes.StoreTail(e, scores, i);
        }

        Elementwise.Scale(scores, 1f / Lanes.Sum(sum));
    }
}
