using System.Buffers.Binary;
using System.Numerics;
using Keyhole.Memories;

namespace Keyhole.Studies.Merging;

/// <summary>Adds many <see cref="ExactSum"/>s from their bytes, exactly and without big numbers in between.</summary>
/// <remarks>
/// A long row of digits in base 2^32 covers every exponent that a sum may have. Each digit is kept in 64 bits with a sign and takes what is added to it without a
/// carry: below 2^32 a time, so that 2^30 terms fit. Carries run once, at the end (Kulisch 1971: a long accumulator).
/// </remarks>
internal sealed class FixedPointSum
{
    // The limits of ExactSum: exponents within 8,192 of zero, mantissas of at most 1,024 bytes.
    private const int MostExponent = 8192;
    private const int MostBytes = 1024;
    private const int DigitBits = 32;
    private const int Digits = ((2 * MostExponent) + (8 * MostBytes)) / DigitBits + 4;

    private readonly long[] _digits = new long[Digits];
    private int _low = Digits;    // digits from here on ...
    private int _high;            // ... and below here are in use

    /// <summary>Sets the sum to zero.</summary>
    public void Clear()
    {
        if (_low < _high)
        {
            Array.Clear(_digits, _low, _high - _low);
        }

        _low = Digits;
        _high = 0;
    }

    /// <summary>Adds a sum from its canonical bytes and moves <paramref name="bytes"/> behind it.</summary>
    /// <exception cref="InvalidDataException">The bytes are no canonical sum.</exception>
    public void Add(ref ReadOnlySpan<byte> bytes)
    {
        ulong zigzag = Leb128.Read(ref bytes);
        ulong length = Leb128.Read(ref bytes);
        if (zigzag > 2 * MostExponent || length > MostBytes || length > (ulong)bytes.Length)
        {
            throw new InvalidDataException("a sum has an exponent or a length beyond its limits");
        }

        ReadOnlySpan<byte> mantissa = bytes[..(int)length];
        bytes = bytes[(int)length..];
        if (mantissa.IsEmpty ? zigzag != 0 : (mantissa[0] & 1) == 0 || IsLong(mantissa))
        {
            throw new InvalidDataException("a sum is not in canonical form");
        }

        if (!mantissa.IsEmpty)
        {
            Add(mantissa, ((int)(zigzag >> 1) ^ -(int)(zigzag & 1)) + MostExponent);
        }
    }

    /// <summary>The sum.</summary>
    public ExactSum Sum()
    {
        if (_low >= _high)
        {
            return ExactSum.Zero;
        }

        // The carry behind the last digit is below 2^31 times the number of terms: two digits more, the upper one with the sign.
        Span<byte> bytes = new byte[sizeof(int) * (_high - _low + 2)];
        long carry = 0;
        for (int digit = _low; digit < _high; digit++)
        {
            long value = _digits[digit] + carry;
            BinaryPrimitives.WriteUInt32LittleEndian(bytes[(sizeof(int) * (digit - _low))..], (uint)value);
            carry = value >> DigitBits;
        }

        BinaryPrimitives.WriteInt64LittleEndian(bytes[^sizeof(long)..], carry);
        return new ExactSum(new BigInteger(bytes), (_low * DigitBits) - MostExponent);
    }

    // A byte at the end that says nothing but the sign that the one before has.
    private static bool IsLong(ReadOnlySpan<byte> mantissa)
        => mantissa.Length > 1 && (mantissa[^1] == 0 ? mantissa[^2] < 0x80 : mantissa[^1] == 0xFF && mantissa[^2] >= 0x80);

    private void Add(ReadOnlySpan<byte> mantissa, int bit)
    {
        int digit = bit / DigitBits;
        int shift = bit % DigitBits;
        _low = Math.Min(_low, digit);
        for (; mantissa.Length > sizeof(uint); mantissa = mantissa[sizeof(uint)..])
        {
            ulong part = (ulong)BinaryPrimitives.ReadUInt32LittleEndian(mantissa) << shift;
            _digits[digit] += (uint)part;
            _digits[++digit] += (long)(part >> DigitBits);
        }

        long last = (sbyte)mantissa[^1];   // with the sign
        for (int i = mantissa.Length - 2; i >= 0; i--)
        {
            last = (last << 8) | mantissa[i];
        }

        last <<= shift;
        _digits[digit] += (uint)last;
        _digits[digit + 1] += last >> DigitBits;
        _high = Math.Max(_high, digit + 2);
    }
}
