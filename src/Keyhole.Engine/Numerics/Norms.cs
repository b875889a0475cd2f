using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Keyhole.Engine.Numerics;

/// <summary>Normalisation of one row. The result may be the input span itself.</summary>
public static class Norms
{
    /// <summary>y = (x - mean) / sqrt(variance + epsilon) * weight + bias, with the population variance of the row, in two passes.</summary>
    /// <param name="x">Row of D elements.</param>
    /// <param name="weight">[D], or empty for 1.</param>
    /// <param name="bias">[D], or empty for 0.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="y">[D]; may be <paramref name="x"/>.</param>
    /// <exception cref="ArgumentException">A length does not fit, or <paramref name="x"/> overlaps <paramref name="y"/> with a shift.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void LayerNorm(ReadOnlySpan<float> x, ReadOnlySpan<float> weight, ReadOnlySpan<float> bias, float epsilon, Span<float> y)
    {
        RequireRow(x, weight, y);
        if (!bias.IsEmpty)
        {
            Shape.Require(bias, nameof(bias), x.Length);
        }

        float mean = Reductions.Sum(x) / x.Length;
        Vector512<float> means = Vector512.Create(mean);
        Vector512<float> squares = Vector512<float>.Zero;
        int i = 0;
        for (; i <= x.Length - Lanes.Count; i += Lanes.Count)
        {
            Vector512<float> centred = Lanes.Load(x, i) - means;
            squares = Vector512.FusedMultiplyAdd(centred, centred, squares);
        }

        if (i < x.Length)
        {
            Vector512<float> centred = Lanes.LoadTail(x, i, mean) - means;
            squares = Vector512.FusedMultiplyAdd(centred, centred, squares);
        }

        float variance = Lanes.Sum(squares) / x.Length;
        ShiftAndScale(x, mean, 1f / MathF.Sqrt(variance + epsilon), weight, 0f, bias, y);
    }

    /// <summary>y = x / sqrt(mean(x^2) + epsilon) * (weightOffset + weight).</summary>
    /// <param name="x">Row of D elements.</param>
    /// <param name="weight">[D], or empty for a factor of 1.</param>
    /// <param name="epsilon">Added to the mean square.</param>
    /// <param name="y">[D]; may be <paramref name="x"/>.</param>
    /// <param name="weightOffset">1 for families (Gemma) that store weight - 1.</param>
    /// <exception cref="ArgumentException">A length does not fit, or <paramref name="x"/> overlaps <paramref name="y"/> with a shift.</exception>
    public static void RmsNorm(ReadOnlySpan<float> x, ReadOnlySpan<float> weight, float epsilon, Span<float> y, float weightOffset = 0f)
    {
        RequireRow(x, weight, y);
        float meanSquare = Reductions.SumOfSquares(x) / x.Length;
        ShiftAndScale(x, 0f, 1f / MathF.Sqrt(meanSquare + epsilon), weight, weightOffset, default, y);
    }

    // y = ((x - shift) * scale) * (weightOffset + weight) + bias
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ShiftAndScale(ReadOnlySpan<float> x, float shift, float scale, ReadOnlySpan<float> weight, float weightOffset, ReadOnlySpan<float> bias, Span<float> y)
    {
        Vector512<float> shifts = Vector512.Create(shift);
        Vector512<float> scales = Vector512.Create(scale);
        Vector512<float> offsets = Vector512.Create(weightOffset);
        int i = 0;
        for (; i <= x.Length - Lanes.Count; i += Lanes.Count)
        {
            Vector512<float> normal = (Lanes.Load(x, i) - shifts) * scales;
            Vector512<float> gained = weight.IsEmpty ? normal : normal * (Lanes.Load(weight, i) + offsets);
            Lanes.Store(bias.IsEmpty ? gained : gained + Lanes.Load(bias, i), y, i);
        }

        for (; i < x.Length; i++)
        {
            float normal = (x[i] - shift) * scale;
            float gained = weight.IsEmpty ? normal : normal * (weight[i] + weightOffset);
            y[i] = bias.IsEmpty ? gained : gained + bias[i];
        }
    }

    private static void RequireRow(ReadOnlySpan<float> x, ReadOnlySpan<float> weight, ReadOnlySpan<float> y)
    {
        Shape.Require(y, nameof(y), x.Length);
        Aliasing.RequireSameOrApart(x, y);
        if (!weight.IsEmpty)
        {
            Shape.Require(weight, nameof(weight), x.Length);
        }
    }
}
