using System.Collections.Immutable;

namespace Keyhole.Engine.Numerics;

/// <summary>How attention's scores become weights: softmax over the visible keys of cap(scale * q . k) + position bias.</summary>
/// <param name="Scale">Factor of q . k, above 0.</param>
public sealed record AttentionScoring(float Scale)
{
    /// <summary>Keys that a query sees, itself included: j with t - j &lt; window; null for all before it.</summary>
    public int? Window { get; init; }

    /// <summary>Scores become c tanh(s / c) (Gemma 2); null for no cap.</summary>
    public float? SoftCap { get; init; }

    /// <summary>Linear position bias, or null.</summary>
    public Alibi? Alibi { get; init; }
}

/// <summary>ALiBi (Press et al. 2022): slope * (j - t) is added to query t's score of key j, one slope a head.</summary>
/// <param name="Slopes">One a head.</param>
/// <remarks>
/// Models write slope * j, which differs by the same number for all keys of a query; the softmax does not see that number, but it would cost the score
/// of a key a thousand positions in the digits that tell it from its neighbour's.
/// </remarks>
public sealed record Alibi(ImmutableArray<float> Slopes)
{
    /// <summary>Whether slope, position and product are rounded to bfloat16, as transformers' Falcon does: the bias is then [slope * j] - [slope * t].</summary>
    public bool RoundsToBFloat16 { get; init; }

    /// <summary>Factor of the bias (Falcon scales it with the scores).</summary>
    public float Scale { get; init; } = 1;

    /// <summary>Slopes of H heads: 2^(-8 k / n) for the largest power of two n up to H, then every other slope of 2 n heads.</summary>
    /// <param name="heads">H, above 0.</param>
    public static ImmutableArray<float> SlopesFor(int heads)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(heads);
        int power = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)heads);
        power = power > heads ? power / 2 : power;
        return [.. Enumerable.Range(0, heads).Select(head => head < power
            ? (float)DoubleMath.Pow(2, -8.0 * (head + 1) / power)
            : (float)DoubleMath.Pow(2, -4.0 * ((2 * (head - power)) + 1) / power))];
    }

    /// <summary>The bias of a key that stands <paramref name="distance"/> positions before the query, where nothing is rounded to bfloat16.</summary>
    public float At(int head, int distance) => -Slopes[head] * distance * Scale;

    /// <summary>slope * position, rounded to bfloat16 at each step; not scaled.</summary>
    public float Rounded(int head, int position) => ToBFloat16(ToBFloat16(Slopes[head]) * ToBFloat16(position));

    // To nearest, ties to even.
    private static float ToBFloat16(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        return BitConverter.UInt32BitsToSingle((bits + 0x7FFF + ((bits >> 16) & 1)) & 0xFFFF0000);
    }
}
