using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Keyhole.Engine.Numerics;

/// <summary>Sums, scalings and checks, element by element. Inputs may be the destination itself or separate memory, not a shifted overlap.</summary>
public static class Elementwise
{
    /// <summary>destination[i] += addend[i].</summary>
    public static void Add(Span<float> destination, ReadOnlySpan<float> addend) => Add(destination, addend, destination);

    /// <summary>destination[i] = left[i] + right[i].</summary>
    /// <exception cref="ArgumentException">The lengths differ, or an input overlaps the destination with a shift.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(ReadOnlySpan<float> left, ReadOnlySpan<float> right, Span<float> destination)
    {
        Shape.Require(right, nameof(right), left.Length);
        Shape.Require(destination, nameof(destination), left.Length);
        Aliasing.RequireSameOrApart(left, destination);
        Aliasing.RequireSameOrApart(right, destination);
        int i = 0;
        for (; i <= destination.Length - Lanes.Count; i += Lanes.Count)
        {
            Lanes.Store(Lanes.Load(left, i) + Lanes.Load(right, i), destination, i);
        }

        for (; i < destination.Length; i++)
        {
            destination[i] = left[i] + right[i];
        }
    }

    /// <summary>values[i] *= factor.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scale(Span<float> values, float factor)
    {
        int i = 0;
        for (; i <= values.Length - Lanes.Count; i += Lanes.Count)
        {
            Lanes.Store(Lanes.Load(values, i) * Vector512.Create(factor), values, i);
        }

        for (; i < values.Length; i++)
        {
            values[i] *= factor;
        }
    }

    /// <summary>values[i] = values[i] * factor + addend[i], with one rounding (fused).</summary>
    /// <exception cref="ArgumentException">The lengths differ, or the addend overlaps the values with a shift.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ScaleAndAdd(Span<float> values, float factor, ReadOnlySpan<float> addend)
    {
        Shape.Require(addend, nameof(addend), values.Length);
        Aliasing.RequireSameOrApart(addend, values);
        int i = 0;
        for (; i <= values.Length - Lanes.Count; i += Lanes.Count)
        {
            Lanes.Store(Vector512.FusedMultiplyAdd(Lanes.Load(values, i), Vector512.Create(factor), Lanes.Load(addend, i)), values, i);
        }

        for (; i < values.Length; i++)
        {
            values[i] = MathF.FusedMultiplyAdd(values[i], factor, addend[i]);
        }
    }

    /// <summary>values[i] = cap tanh(values[i] * factor / cap).</summary>
    /// <param name="values">Scores or logits.</param>
    /// <param name="factor">Applied first.</param>
    /// <param name="cap">Above 0: no result is larger.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void SoftCap(Span<float> values, float factor, float cap)
    {
        Vector512<float> caps = Vector512.Create(cap);
        Vector512<float> inner = Vector512.Create(factor / cap);
        int i = 0;
        for (; i <= values.Length - Lanes.Count; i += Lanes.Count)
        {
            Lanes.Store(VectorMath.Tanh(Lanes.Load(values, i) * inner) * caps, values, i);
        }

        if (i < values.Length)
        {
            Lanes.StoreTail(VectorMath.Tanh(Lanes.LoadTail(values, i, 0f) * inner) * caps, values, i);
        }
    }

    /// <summary>Limits values to [-limit, limit]; NaN stays.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Clip(Span<float> values, float limit)
    {
        for (int i = 0; i < values.Length; i++)
        {
            float value = values[i];
            values[i] = value > limit ? limit : value < -limit ? -limit : value;
        }
    }

    /// <summary>destination[i] += factor * source[i], with one rounding (fused).</summary>
    /// <exception cref="ArgumentException">The lengths differ, or the source overlaps the destination with a shift.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MultiplyAdd(Span<float> destination, ReadOnlySpan<float> source, float factor)
    {
        Shape.Require(source, nameof(source), destination.Length);
        Aliasing.RequireSameOrApart(source, destination);
        int i = 0;
        for (; i <= destination.Length - Lanes.Count; i += Lanes.Count)
        {
            Lanes.Store(Vector512.FusedMultiplyAdd(Lanes.Load(source, i), Vector512.Create(factor), Lanes.Load(destination, i)), destination, i);
        }

        for (; i < destination.Length; i++)
        {
            destination[i] = MathF.FusedMultiplyAdd(source[i], factor, destination[i]);
        }
    }

    /// <summary>Index of the first NaN or infinity, or -1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int FirstNonFinite(ReadOnlySpan<float> values)
    {
        Vector512<int> magnitudeMask = Vector512.Create(int.MaxValue);
        Vector512<int> largestFinite = Vector512.Create(float.MaxValue).AsInt32();
        int i = 0;
        for (; i <= values.Length - Lanes.Count; i += Lanes.Count)
        {
            if (Vector512.GreaterThanAny(Lanes.Load(values, i).AsInt32() & magnitudeMask, largestFinite))
            {
                break;
            }
        }

        for (; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
            {
                return i;
            }
        }

        return -1;
    }
}
