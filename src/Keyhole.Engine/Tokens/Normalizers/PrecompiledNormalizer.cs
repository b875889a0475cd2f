using System.Globalization;
using System.Runtime.InteropServices;
using Keyhole.Engine.Tokens.Text;

namespace Keyhole.Engine.Tokens.Normalizers;

/// <summary>SentencePiece's character map as the tokenizers library applies it: to short grapheme clusters first, then to characters.</summary>
internal sealed class PrecompiledNormalizer(CharacterMap map) : INormalizer
{
    private const int LongestCluster = 6;

    public AlignedText Apply(AlignedText text)
    {
        string characters = CodePoints.String(text.Bytes);
        var edits = new List<Edit>(characters.Length);
        bool modified = false;
        int place = 0; // in bytes
        for (int i = 0; i < characters.Length;)
        {
            int units = StringInfo.GetNextTextElementLength(characters, i);
            int length = System.Text.Encoding.UTF8.GetByteCount(characters.AsSpan(i, units));
            modified |= Rewrite(text.Bytes.Slice(place, length), edits);
            i += units;
            place += length;
        }

        return modified ? text.Rewrite(CollectionsMarshal.AsSpan(edits), 0) : text;
    }

    private bool Rewrite(ReadOnlySpan<byte> cluster, List<Edit> edits)
    {
        if (cluster.Length < LongestCluster && map.Match(cluster, longest: false, out ReadOnlySpan<byte> whole) > 0)
        {
            Add(whole, CodePoints.Count(cluster), edits);
            return true;
        }

        bool modified = false;
        for (int i = 0; i < cluster.Length;)
        {
            int codePoint = CodePoints.Read(cluster, i, out int length);
            if (map.Match(cluster.Slice(i, length), longest: false, out ReadOnlySpan<byte> replacement) > 0)
            {
                Add(replacement, 1, edits);
                modified = true;
            }
            else
            {
                edits.Add(new Edit(codePoint, 0));
            }

            i += length;
        }

        return modified;
    }

    /// <summary>The library's own counting of changes, which offsets depend on: a longer replacement counts as inserted.</summary>
    private static void Add(ReadOnlySpan<byte> replacement, int replaced, List<Edit> edits)
    {
        int count = CodePoints.Count(replacement);
        int index = 0;
        for (int i = 0; i < replacement.Length; index++)
        {
            edits.Add(new Edit(CodePoints.Read(replacement, i, out int length), index == 0 ? count - replaced : index));
            i += length;
        }
    }
}
