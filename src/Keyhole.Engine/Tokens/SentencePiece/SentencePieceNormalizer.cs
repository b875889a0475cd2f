using Keyhole.Engine.Tokens.Models;
using Keyhole.Engine.Tokens.Normalizers;
using Keyhole.Engine.Tokens.Text;

namespace Keyhole.Engine.Tokens.SentencePiece;

/// <summary>SentencePiece's normaliser: the longest match of the character map from left to right, then spaces.</summary>
/// <param name="options">Treatment of spaces.</param>
/// <param name="map">The character map, or null.</param>
/// <param name="userDefined">Pieces that are taken over as they are.</param>
internal sealed class SentencePieceNormalizer(NormalizerOptions options, CharacterMap? map, ByteTrie userDefined) : INormalizer
{
    public AlignedText Apply(AlignedText text)
    {
        AlignedText result = AlignedText.Empty(text.Length + (text.Length / 2) + 4, text);
        ReadOnlySpan<byte> bytes = text.Bytes;
        int i = 0;
        if (options.RemoveExtraSpaces)
        {
            while (i < bytes.Length && Prefix(bytes[i..], out int length).SequenceEqual(" "u8))
            {
                i += length;
            }
        }

        if (i == bytes.Length)
        {
            return result;
        }

        if (options.AddDummyPrefix && !options.SpaceIsSuffix)
        {
            WriteSpace(result, text.StartOf(i), text.EndOf(i));
        }

        bool afterSpace = options.RemoveExtraSpaces;
        while (i < bytes.Length)
        {
            ReadOnlySpan<byte> part = Prefix(bytes[i..], out int length);
            while (afterSpace && part.StartsWith(" "u8))
            {
                part = part[1..];
            }

            if (!part.IsEmpty)
            {
                Write(result, part, text.StartOf(i), text.EndOf(i + length - 1));
                afterSpace = options.RemoveExtraSpaces && part[^1] == ' ';
            }

            i += length;
        }

        return Finish(result);
    }

    /// <summary>What the beginning of the text becomes, and how much of it that is.</summary>
    private ReadOnlySpan<byte> Prefix(ReadOnlySpan<byte> text, out int length)
    {
        length = PrefixMatch.Longest(userDefined, text);
        if (length > 0)
        {
            return text[..length];
        }

        if (map is not null)
        {
            length = map.Match(text, longest: true, out ReadOnlySpan<byte> replacement);
            if (length > 0)
            {
                return replacement;
            }
        }

        length = CodePoints.LengthOf(text[0]);
        return text[..length];
    }

    private void Write(AlignedText result, ReadOnlySpan<byte> part, int start, int end)
    {
        for (int space = part.IndexOf((byte)' '); options.EscapeSpaces && space >= 0; space = part.IndexOf((byte)' '))
        {
            result.Append(part[..space], start, end);
            result.Append(SpaceMark.Utf8, start, end);
            part = part[(space + 1)..];
        }

        result.Append(part, start, end);
    }

    private void WriteSpace(AlignedText result, int start, int end) => result.Append(options.EscapeSpaces ? SpaceMark.Utf8 : " "u8, start, end);

    private AlignedText Finish(AlignedText result)
    {
        int length = result.Length;
        ReadOnlySpan<byte> space = options.EscapeSpaces ? SpaceMark.Utf8 : " "u8;
        while (options.RemoveExtraSpaces && result.Bytes[..length].EndsWith(space))
        {
            length -= space.Length;
        }

        if (length < result.Length)
        {
            AlignedText shorter = AlignedText.Empty(length + 4, result);
            shorter.Append(result, 0, length);
            result = shorter;
        }

        if (options.AddDummyPrefix && options.SpaceIsSuffix)
        {
            int end = length > 0 ? result.EndOf(length - 1) : result.Origin;
            WriteSpace(result, end, end);
        }

        return result;
    }
}
