using System.Globalization;
using System.Numerics;

namespace Keyhole.Memories;

/// <summary>
/// An exact sum of doubles: Mantissa * 2^Exponent, in the one canonical form (odd mantissa, or zero with exponent 0). Addition is associative and
/// commutative, so any order and grouping of the same doubles gives the same value and the same bytes.
/// </summary>
public readonly struct ExactSum : IEquatable<ExactSum>
{
    // A sum of 2^64 doubles needs about 2200 bits between 2^-1074 and 2^1088: limits well beyond what is ever written, so that bad bytes stay cheap.
    private const int MaxMantissaBytes = 1024;
    private const int MaxExponent = 8192;

    /// <summary>Creates Mantissa * 2^Exponent and brings it into canonical form.</summary>
    /// <param name="mantissa">Any integer.</param>
    /// <param name="exponent">Power of two.</param>
    public ExactSum(BigInteger mantissa, int exponent)
    {
        if (mantissa.IsZero)
        {
            return;
        }

        int zeros = (int)BigInteger.TrailingZeroCount(mantissa);
        Mantissa = zeros == 0 ? mantissa : mantissa >> zeros;
        Exponent = exponent + zeros;
    }

    /// <summary>Zero.</summary>
    public static ExactSum Zero => default;

    /// <summary>Odd, or zero.</summary>
    public BigInteger Mantissa { get; }

    /// <summary>Power of two that the mantissa is multiplied by; 0 for zero.</summary>
    public int Exponent { get; }

    /// <summary>The exact value of a double.</summary>
    /// <param name="value">A finite number.</param>
    /// <exception cref="ArgumentOutOfRangeException">NaN or infinity.</exception>
    public static ExactSum FromDouble(double value)
    {
        if (!double.IsFinite(value))
        {
            throw new ArgumentOutOfRangeException(nameof(value), value, "Only finite numbers can be summed.");
        }

        long bits = BitConverter.DoubleToInt64Bits(value);
        int field = (int)(bits >> 52) & 0x7FF;
        long fraction = bits & 0xF_FFFF_FFFF_FFFFL;
        long magnitude = field == 0 ? fraction : fraction | (1L << 52);
        return new ExactSum(bits < 0 ? -magnitude : magnitude, Math.Max(field, 1) - 1075);
    }

    /// <summary>Adds exactly.</summary>
    /// <param name="a">A sum.</param>
    /// <param name="b">A sum.</param>
    public static ExactSum operator +(ExactSum a, ExactSum b)
    {
        if (a.Mantissa.IsZero)
        {
            return b;
        }

        if (b.Mantissa.IsZero)
        {
            return a;
        }

        int exponent = Math.Min(a.Exponent, b.Exponent);
        return new ExactSum(a.Scaled(exponent) + b.Scaled(exponent), exponent);
    }

    /// <summary>Whether both are the same number.</summary>
    /// <param name="a">A sum.</param>
    /// <param name="b">A sum.</param>
    public static bool operator ==(ExactSum a, ExactSum b) => a.Equals(b);

    /// <summary>Whether the numbers differ.</summary>
    /// <param name="a">A sum.</param>
    /// <param name="b">A sum.</param>
    public static bool operator !=(ExactSum a, ExactSum b) => !a.Equals(b);

    /// <summary>The nearest double, ties to even; infinite beyond its range.</summary>
    public double ToDouble() => ExactRatio.ToDouble(Mantissa, BigInteger.One, Exponent);

    /// <summary>Writes the canonical bytes: exponent (zig-zag LEB128), length (LEB128), mantissa (two's complement, little-endian, shortest).</summary>
    /// <param name="writer">Where to.</param>
    public void WriteTo(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        byte[] mantissa = Mantissa.IsZero ? [] : Mantissa.ToByteArray();
        writer.Write7BitEncodedInt((Exponent << 1) ^ (Exponent >> 31));
        writer.Write7BitEncodedInt(mantissa.Length);
        writer.Write(mantissa);
    }

    /// <summary>Reads what <see cref="WriteTo"/> wrote.</summary>
    /// <param name="reader">Where from.</param>
    /// <exception cref="InvalidDataException">The bytes are no canonical sum.</exception>
    /// <exception cref="EndOfStreamException">The bytes end early.</exception>
    public static ExactSum ReadFrom(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        int zigzag = reader.Read7BitEncodedInt();
        int exponent = (int)((uint)zigzag >> 1) ^ -(zigzag & 1);
        int length = reader.Read7BitEncodedInt();
        if (length is < 0 or > MaxMantissaBytes || exponent is < -MaxExponent or > MaxExponent)
        {
            throw new InvalidDataException($"A sum has exponent {exponent.ToString(CultureInfo.InvariantCulture)} and {length.ToString(CultureInfo.InvariantCulture)} bytes.");
        }

        byte[] bytes = reader.ReadBytes(length);
        if (bytes.Length < length)
        {
            throw new EndOfStreamException("A sum ends early.");
        }

        BigInteger mantissa = new(bytes);
        if (mantissa.IsZero ? (length != 0 || exponent != 0) : mantissa.IsEven || mantissa.GetByteCount() != length)
        {
            throw new InvalidDataException("A sum is not in canonical form.");
        }

        return new ExactSum(mantissa, exponent);
    }

    /// <inheritdoc/>
    public bool Equals(ExactSum other) => Exponent == other.Exponent && Mantissa == other.Mantissa;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ExactSum other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Mantissa, Exponent);

    /// <summary>The nearest double, printed with the shortest digits that read back.</summary>
    public override string ToString() => ToDouble().ToString(CultureInfo.InvariantCulture);

    /// <summary>The integer n with value = n * 2^exponent; <paramref name="exponent"/> must not exceed the sum's own unless the sum is zero.</summary>
    internal BigInteger Scaled(int exponent) => Mantissa.IsZero ? Mantissa : Mantissa << (Exponent - exponent);
}
