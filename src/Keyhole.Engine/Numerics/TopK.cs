using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Keyhole.Engine.Numerics;

/// <summary>The k largest or smallest values of a row, in a total order: by value, then by index ascending.</summary>
/// <remarks>NaN is never chosen, and -0 equals +0. Nothing is allocated: the results' own spans hold the heap while the row is scanned.</remarks>
public static class TopK
{
    /// <summary>Finds the k largest values: value descending, index ascending among equals.</summary>
    /// <param name="values">The row.</param>
    /// <param name="k">How many; 0 or more.</param>
    /// <param name="indices">Receives their indices; at least min(k, row length) long.</param>
    /// <param name="topValues">Receives the values; at least min(k, row length) long; must not overlap the row.</param>
    /// <returns>How many were found: min(k, number of values that are not NaN).</returns>
    public static int Largest(ReadOnlySpan<float> values, int k, Span<int> indices, Span<float> topValues)
        => Select(values, k, 0f, indices, topValues);

    /// <summary>Finds the k smallest values: value ascending, index ascending among equals. Otherwise as <see cref="Largest"/>.</summary>
    /// <param name="values">The row.</param>
    /// <param name="k">How many; 0 or more.</param>
    /// <param name="indices">Receives their indices; at least min(k, row length) long.</param>
    /// <param name="topValues">Receives the values; at least min(k, row length) long; must not overlap the row.</param>
    /// <returns>How many were found: min(k, number of values that are not NaN).</returns>
    public static int Smallest(ReadOnlySpan<float> values, int k, Span<int> indices, Span<float> topValues)
        => Select(values, k, -0f, indices, topValues);

    // Values are compared as value XOR flip: flip is 0 for the largest, the sign bit for the smallest.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Select(ReadOnlySpan<float> values, int k, float flip, Span<int> indices, Span<float> topValues)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(k);
        int flipBits = BitConverter.SingleToInt32Bits(flip);
        int capacity = Math.Min(k, values.Length);
        indices = indices[..capacity];
        topValues = topValues[..capacity];
        if (capacity == 0)
        {
            return 0;
        }

        // The heap's root is the worst entry: the least value, and among equals the last index. It fills with the first values.
        int count = 0;
        int i = 0;
        for (; i < values.Length && count < capacity; i++)
        {
            float value = Flip(values[i], flipBits);
            if (!float.IsNaN(value))
            {
                SiftUp(topValues, indices, count++, value, i);
            }
        }

        // Then a value enters only if it is greater than the root: an equal one comes later, so it ranks below.
        Vector512<float> flips = Vector512.Create(flip);
        for (; i <= values.Length - Lanes.Count; i += Lanes.Count)
        {
            if (Vector512.GreaterThanAny(Lanes.Load(values, i) ^ flips, Vector512.Create(topValues[0])))
            {
                Offer(values, i, i + Lanes.Count, flipBits, topValues, indices);
            }
        }

        Offer(values, i, values.Length, flipBits, topValues, indices);

        // Taking the worst again and again sorts the heap from its end.
        for (int end = count - 1; end >= 0; end--)
        {
            (float value, int index) = (topValues[end], indices[end]);
            (topValues[end], indices[end]) = (Flip(topValues[0], flipBits), indices[0]);
            if (end > 0)
            {
                SiftDown(topValues, indices, end, value, index);
            }
        }

        return count;
    }

    private static void Offer(ReadOnlySpan<float> values, int start, int end, int flipBits, Span<float> heapValues, Span<int> heapIndices)
    {
        for (int i = start; i < end; i++)
        {
            float value = Flip(values[i], flipBits);
            if (value > heapValues[0])
            {
                SiftDown(heapValues, heapIndices, heapValues.Length, value, i);
            }
        }
    }

    // Places an entry at the first free position and moves it towards the root.
    private static void SiftUp(Span<float> heapValues, Span<int> heapIndices, int position, float value, int index)
    {
        while (position > 0)
        {
            int parent = (position - 1) / 2;
            if (!IsWorse(value, index, heapValues[parent], heapIndices[parent]))
            {
                break;
            }

            (heapValues[position], heapIndices[position]) = (heapValues[parent], heapIndices[parent]);
            position = parent;
        }

        (heapValues[position], heapIndices[position]) = (value, index);
    }

    // Replaces the root of a heap of the given size and moves the entry towards the leaves.
    private static void SiftDown(Span<float> heapValues, Span<int> heapIndices, int size, float value, int index)
    {
        int position = 0;
        while (true)
        {
            int child = (2 * position) + 1;
            if (child >= size)
            {
                break;
            }

            if (child + 1 < size && IsWorse(heapValues[child + 1], heapIndices[child + 1], heapValues[child], heapIndices[child]))
            {
                child++;
            }

            if (!IsWorse(heapValues[child], heapIndices[child], value, index))
            {
                break;
            }

            (heapValues[position], heapIndices[position]) = (heapValues[child], heapIndices[child]);
            position = child;
        }

        (heapValues[position], heapIndices[position]) = (value, index);
    }

    private static bool IsWorse(float value, int index, float otherValue, int otherIndex)
        => value < otherValue || (value == otherValue && index > otherIndex);

    private static float Flip(float value, int flipBits) => BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(value) ^ flipBits);
}
