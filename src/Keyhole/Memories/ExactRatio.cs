using System.Numerics;

namespace Keyhole.Memories;

/// <summary>Rounds exact quotients of integers, and square roots of them, to the nearest double, ties to even, once.</summary>
internal static class ExactRatio
{
    private const int Precision = 53;
    private const int SmallestExponent = -1074;

    /// <summary>The double nearest to numerator / denominator * 2^exponent.</summary>
    /// <param name="numerator">Any integer.</param>
    /// <param name="denominator">Above zero.</param>
    /// <param name="exponent">Power of two.</param>
    public static double ToDouble(BigInteger numerator, BigInteger denominator, int exponent)
    {
        if (numerator.IsZero)
        {
            return 0;
        }

        // Scale so that the quotient has at least two bits more than a double; what the division drops is kept as one sticky bit.
        BigInteger magnitude = BigInteger.Abs(numerator);
        int shift = (int)Math.Max(0, Precision + 2 - (magnitude.GetBitLength() - denominator.GetBitLength()));
        BigInteger quotient = BigInteger.DivRem(magnitude << shift, denominator, out BigInteger rest);
        double rounded = Round(quotient, exponent - shift, sticky: !rest.IsZero);
        return numerator.Sign < 0 ? -rounded : rounded;
    }

    /// <summary>The double nearest to the square root of numerator / denominator; both above zero.</summary>
    /// <param name="numerator">Above zero.</param>
    /// <param name="denominator">Above zero.</param>
    public static double SqrtToDouble(BigInteger numerator, BigInteger denominator)
    {
        // sqrt(n / d) = sqrt(n d 4^s) / (d 2^s); here floor(n 4^s / d) is enough, as floor(sqrt(floor(x))) = floor(sqrt(x)).
        int shift = (int)Math.Max(0, Precision + 4 - ((numerator.GetBitLength() - denominator.GetBitLength()) / 2));
        BigInteger square = BigInteger.DivRem(numerator << (2 * shift), denominator, out BigInteger rest);
        BigInteger root = FloorSqrt(square);
        return Round(root, -shift, sticky: !rest.IsZero || root * root != square);
    }

    private static double Round(BigInteger magnitude, int exponent, bool sticky)
    {
        long bits = magnitude.GetBitLength();
        long lowest = Math.Max(exponent + bits - Precision, SmallestExponent);
        long drop = lowest - exponent;
        if (drop > bits + 1)
        {
            return 0;   // less than half of the smallest double
        }

        ulong kept;
        if (drop <= 0)
        {
            kept = (ulong)magnitude << (int)-drop;   // all bits fit
        }
        else
        {
            kept = (ulong)(magnitude >> (int)drop);
            BigInteger half = BigInteger.One << (int)(drop - 1);
            BigInteger dropped = magnitude & ((half << 1) - 1);
            int toHalf = dropped.CompareTo(half);
            if (toHalf > 0 || (toHalf == 0 && (sticky || (kept & 1) == 1)))
            {
                kept++;
            }
        }

        return lowest > int.MaxValue ? double.PositiveInfinity : Math.ScaleB(kept, (int)lowest);
    }

    private static BigInteger FloorSqrt(BigInteger square)
    {
        // Newton's iteration from above: falls until it reaches the floor.
        BigInteger root = BigInteger.One << (int)((square.GetBitLength() + 1) / 2);
        while (true)
        {
            BigInteger next = (root + (square / root)) >> 1;
            if (next >= root)
            {
                return root;
            }

            root = next;
        }
    }
}
