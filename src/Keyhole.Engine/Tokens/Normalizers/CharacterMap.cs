using System.Buffers.Binary;

namespace Keyhole.Engine.Tokens.Normalizers;

/// <summary>SentencePiece's precompiled_charsmap: a double-array trie over UTF-8 whose values are places in a block of zero-terminated replacements.</summary>
/// <remarks>Layout: uint32 bytes of the trie, its uint32 units (Darts-clone), the replacements. Every index is checked, so a bad file only fails to match.</remarks>
internal sealed class CharacterMap
{
    private readonly uint[] _units;
    private readonly byte[] _replacements;

    private CharacterMap(uint[] units, byte[] replacements)
    {
        _units = units;
        _replacements = replacements;
    }

    /// <summary>Reads a map; null where its sizes do not agree.</summary>
    public static CharacterMap? Read(ReadOnlySpan<byte> blob)
    {
        if (blob.Length < 4)
        {
            return null;
        }

        uint trieBytes = BinaryPrimitives.ReadUInt32LittleEndian(blob);
        blob = blob[4..];
        if (trieBytes > blob.Length || trieBytes < 4 || trieBytes % 4 != 0)
        {
            return null;
        }

        var units = new uint[trieBytes / 4];
        for (int i = 0; i < units.Length; i++)
        {
            units[i] = BinaryPrimitives.ReadUInt32LittleEndian(blob[(4 * i)..]);
        }

        byte[] replacements = blob[(int)trieBytes..].ToArray();
        return System.Text.Unicode.Utf8.IsValid(replacements) ? new CharacterMap(units, replacements) : null;
    }

    /// <summary>Bytes of the longest (or shortest) prefix of the text that has a replacement, or 0.</summary>
    public int Match(ReadOnlySpan<byte> text, bool longest, out ReadOnlySpan<byte> replacement)
    {
        replacement = default;
        int matched = 0;
        uint node = OffsetOf(_units[0]);
        for (int i = 0; i < text.Length && text[i] != 0; i++)
        {
            node ^= text[i];
            if (node >= (uint)_units.Length || (_units[node] & 0x800000FF) != text[i])
            {
                break;
            }

            uint unit = _units[node];
            node ^= OffsetOf(unit);
            if ((unit & 0x100) != 0 && EndsCharacter(text, i) && TryReplacement(node, out ReadOnlySpan<byte> rest))
            {
                int end = rest.IndexOf((byte)0);
                replacement = end < 0 ? rest : rest[..end];
                matched = i + 1;
                if (!longest)
                {
                    break;
                }
            }
        }

        return matched;
    }

    /// <summary>What the value at a unit points to, if that is the beginning of a character.</summary>
    private bool TryReplacement(uint node, out ReadOnlySpan<byte> rest)
    {
        uint place = node < (uint)_units.Length ? _units[node] & 0x7FFFFFFF : uint.MaxValue;
        bool valid = place < _replacements.Length && (_replacements[place] & 0xC0) != 0x80;
        rest = valid ? _replacements.AsSpan((int)place) : default;
        return valid;
    }

    private static bool EndsCharacter(ReadOnlySpan<byte> text, int index) => index + 1 == text.Length || (text[index + 1] & 0xC0) != 0x80;

    private static uint OffsetOf(uint unit) => (unit >> 10) << (int)((unit & 0x200) >> 6);
}
