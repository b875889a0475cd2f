namespace Keyhole.Engine.Tokens.Text;

/// <summary>GPT-2's printable stand-ins for the 256 bytes: printable Latin-1 characters stand for themselves, the others for U+0100 and on.</summary>
internal static class ByteAlphabet
{
    private static readonly char[] ToChar = Build();
    private static readonly short[] ToByte = Invert(ToChar);

    /// <summary>Stand-in of a byte.</summary>
    public static char CharOf(byte value) => ToChar[value];

    /// <summary>Byte of a stand-in, or -1.</summary>
    public static int ByteOf(int codePoint) => (uint)codePoint < (uint)ToByte.Length ? ToByte[codePoint] : -1;

    /// <summary>Writes the bytes that a piece stands for; false where a character is no stand-in.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> piece, Span<byte> target, out int written)
    {
        written = 0;
        for (int i = 0; i < piece.Length;)
        {
            int value = ByteOf(CodePoints.Read(piece, i, out int length));
            if (value < 0)
            {
                return false;
            }

            target[written++] = (byte)value;
            i += length;
        }

        return true;
    }

    private static char[] Build()
    {
        var chars = new char[256];
        int next = 256;
        for (int value = 0; value < 256; value++)
        {
            bool printable = value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);
            chars[value] = printable ? (char)value : (char)next++;
        }

        return chars;
    }

    private static short[] Invert(char[] chars)
    {
        var bytes = new short[chars.Max() + 1];
        Array.Fill(bytes, (short)-1);
        for (int value = 0; value < 256; value++)
        {
            bytes[chars[value]] = (short)value;
        }

        return bytes;
    }
}
