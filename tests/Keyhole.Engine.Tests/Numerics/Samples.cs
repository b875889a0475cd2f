namespace Keyhole.Engine.Tests.Numerics;

/// <summary>Inputs for kernels: the same on every machine.</summary>
internal static class Samples
{
    /// <summary>Every length up to four vectors of four, and a large prime.</summary>
    public static IEnumerable<int> Lengths => [.. Enumerable.Range(0, 257), 10007];

    /// <summary>NaN, infinities, zeros, subnormals, and the limits of the range.</summary>
    public static float[] Specials =>
    [
        float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0f, -0f, float.Epsilon, -float.Epsilon, 1e-40f, -1e-40f,
        1.17549435e-38f, -1.17549435e-38f, float.MaxValue, float.MinValue, 88.7f, 88.73f, -87.3f, -87.5f, -103.9f, -104f, 1f, -1f, 0.625f, -0.625f,
    ];

    /// <summary>Values of about normal distribution and the given deviation, from a seed.</summary>
    public static float[] Normal(int length, int seed, double deviation = 1)
    {
        // SplitMix64 (Steele, Lea, Flood 2014): System.Random makes no promise across versions of .NET.
        ulong state = (ulong)seed * 0xD1342543DE82EF95UL;   // another multiplier than the step: streams of neighbouring seeds do not overlap
        double Uniform()
        {
            state += 0x9E3779B97F4A7C15UL;
            ulong z = state;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
            return ((z ^ (z >> 31)) >> 11) * (1.0 / (1UL << 53));
        }

        float[] values = new float[length];
        for (int i = 0; i < length; i++)
        {
            values[i] = (float)(deviation * (Uniform() + Uniform() + Uniform() + Uniform() - 2) * Math.Sqrt(3));
        }

        return values;
    }

    /// <summary>Every <paramref name="step"/>-th float of all, by bit pattern: both signs, subnormals, infinities and NaN among them.</summary>
    public static float[] Sweep(uint step)
    {
        float[] values = new float[(int)(uint.MaxValue / step) + 1];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = BitConverter.UInt32BitsToSingle((uint)i * step);
        }

        return values;
    }
}
