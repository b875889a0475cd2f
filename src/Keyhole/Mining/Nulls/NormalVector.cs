using Keyhole.Corpora;
using Keyhole.Engine.Numerics;

namespace Keyhole.Mining.Nulls;

/// <summary>Vectors of independent standard normal numbers, by counters.</summary>
internal static class NormalVector
{
    /// <summary>Numbers 2 j and 2 j + 1 are the pair of hash(seed, vector, 2 j) and hash(seed, vector, 2 j + 1).</summary>
    public static void Fill(Span<double> values, ulong seed, ulong vector)
    {
        for (int i = 0; i < values.Length; i += 2)
        {
            (values[i], double second) = NormalDraw.Pair(CounterHash.Hash(seed, vector, (ulong)i), CounterHash.Hash(seed, vector, (ulong)i + 1));
            if (i + 1 < values.Length)
            {
                values[i + 1] = second;
            }
        }
    }

    /// <summary>In order, so that it is the same everywhere.</summary>
    public static double SumOfSquares(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (double value in values)
        {
            sum += value * value;
        }

        return sum;
    }
}
