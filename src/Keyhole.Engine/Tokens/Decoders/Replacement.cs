using System.Text;

namespace Keyhole.Engine.Tokens.Decoders;

/// <summary>Replaces parts of pieces.</summary>
internal static class Replacement
{
    /// <summary>Replaces each occurrence; an empty <paramref name="from"/> occurs before each character and at the end, as in Rust.</summary>
    public static string Replace(string piece, string from, string to)
    {
        if (from.Length > 0)
        {
            return piece.Replace(from, to, StringComparison.Ordinal);
        }

        if (to.Length == 0)
        {
            return piece;
        }

        var result = new StringBuilder(to);
        foreach (Rune character in piece.EnumerateRunes())
        {
            result.Append(character.ToString()).Append(to);
        }

        return result.ToString();
    }
}
