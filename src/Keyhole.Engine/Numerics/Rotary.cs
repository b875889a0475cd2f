using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Keyhole.Engine.Numerics;

/// <summary>Rotates the leading elements of one head's query or key, in place; elements beyond twice the number of angles stay as they are.</summary>
public static class Rotary
{
    /// <summary>Rotates the pairs (i, i + half): the layout of transformers' llama and of GPT-NeoX.</summary>
    /// <param name="headVector">Query or key of one head and position, at least twice as long as <paramref name="cosines"/>.</param>
    /// <param name="cosines">Row of <see cref="RotaryTable.Cosines"/>, [half].</param>
    /// <param name="sines">Row of <see cref="RotaryTable.Sines"/>, [half].</param>
    /// <exception cref="ArgumentException">A length does not fit.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ApplyHalf(Span<float> headVector, ReadOnlySpan<float> cosines, ReadOnlySpan<float> sines)
    {
        int half = RequireRows(headVector, cosines, sines);
        Span<float> first = headVector[..half];
        Span<float> second = headVector.Slice(half, half);
        int i = 0;
        for (; i <= half - Lanes.Count; i += Lanes.Count)
        {
            Vector512<float> a = Lanes.Load(first, i);
            Vector512<float> b = Lanes.Load(second, i);
            Vector512<float> cos = Lanes.Load(cosines, i);
            Vector512<float> sin = Lanes.Load(sines, i);
            Lanes.Store(Vector512.FusedMultiplyAdd(a, cos, -(b * sin)), first, i);
            Lanes.Store(Vector512.FusedMultiplyAdd(b, cos, a * sin), second, i);
        }

        for (; i < half; i++)
        {
            (first[i], second[i]) = Rotate(first[i], second[i], cosines[i], sines[i]);
        }
    }

    /// <summary>Rotates the pairs (2i, 2i + 1): the layout of GPT-J, and of llama in GGUF.</summary>
    /// <param name="headVector">Query or key of one head and position, at least twice as long as <paramref name="cosines"/>.</param>
    /// <param name="cosines">Row of <see cref="RotaryTable.Cosines"/>, [half].</param>
    /// <param name="sines">Row of <see cref="RotaryTable.Sines"/>, [half].</param>
    /// <exception cref="ArgumentException">A length does not fit.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ApplyInterleaved(Span<float> headVector, ReadOnlySpan<float> cosines, ReadOnlySpan<float> sines)
    {
        int half = RequireRows(headVector, cosines, sines);
        for (int i = 0; i < half; i++)
        {
            (headVector[2 * i], headVector[(2 * i) + 1]) = Rotate(headVector[2 * i], headVector[(2 * i) + 1], cosines[i], sines[i]);
        }
    }

    private static (float A, float B) Rotate(float a, float b, float cos, float sin)
        => (MathF.FusedMultiplyAdd(a, cos, -(b * sin)), MathF.FusedMultiplyAdd(b, cos, a * sin));

    private static int RequireRows(ReadOnlySpan<float> headVector, ReadOnlySpan<float> cosines, ReadOnlySpan<float> sines)
    {
        Shape.Require(sines, nameof(sines), cosines.Length);
        if (headVector.Length < 2 * cosines.Length)
        {
            Shape.Require(headVector, nameof(headVector), 2 * cosines.Length);
        }

        return cosines.Length;
    }
}
