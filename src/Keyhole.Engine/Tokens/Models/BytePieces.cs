using System.Globalization;

namespace Keyhole.Engine.Tokens.Models;

/// <summary>Pieces <c>&lt;0x00&gt;</c> to <c>&lt;0xFF&gt;</c>, which spell what has no piece of its own.</summary>
internal static class BytePieces
{
    /// <summary>Ids by byte; -1 where a byte has no piece.</summary>
    public static int[] Find(Vocabulary vocabulary)
    {
        var ids = new int[256];
        for (int value = 0; value < 256; value++)
        {
            ids[value] = vocabulary.Find(string.Create(CultureInfo.InvariantCulture, $"<0x{value:X2}>"));
        }

        return ids;
    }

    /// <summary>The byte that a piece stands for, or -1. Lower-case digits are read too, as the byte-fallback decoder does.</summary>
    public static int ByteOf(ReadOnlySpan<char> piece) =>
        piece.Length == 6 && piece.StartsWith("<0x", StringComparison.Ordinal) && piece[5] == '>'
        && byte.TryParse(piece.Slice(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte value) ? value : -1;
}
