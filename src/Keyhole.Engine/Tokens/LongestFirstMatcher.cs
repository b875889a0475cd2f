using Keyhole.Engine.Tokens.Text;

namespace Keyhole.Engine.Tokens;

/// <summary>llama.cpp's order: all places of the longest token, then of the next one in what is left.</summary>
internal sealed class LongestFirstMatcher : IAddedTokenMatcher
{
    private readonly List<(byte[] Content, AddedToken Token)> _tokens = [];

    public void Add(ReadOnlySpan<byte> content, AddedToken token)
    {
        // Of equal lengths the earlier one stays first.
        int length = content.Length;
        int place = _tokens.FindIndex(known => known.Content.Length < length);
        _tokens.Insert(place < 0 ? _tokens.Count : place, (content.ToArray(), token));
    }

    public void Split(ReadOnlySpan<byte> text, int start, int end, List<PieceRange> output)
    {
        var parts = new List<PieceRange>();
        if (start < end)
        {
            parts.Add(new PieceRange(start, end));
        }

        foreach ((byte[] content, AddedToken token) in _tokens)
        {
            if (text[start..end].IndexOf(content) >= 0)
            {
                parts = SplitAt(text, parts, content, token);
            }
        }

        output.AddRange(parts);
    }

    private static List<PieceRange> SplitAt(ReadOnlySpan<byte> text, List<PieceRange> parts, byte[] content, AddedToken token)
    {
        var result = new List<PieceRange>(parts.Count + 2);
        foreach (PieceRange part in parts)
        {
            int from = part.Start;
            while (!part.IsToken && text[from..part.End].IndexOf(content) is >= 0 and int found)
            {
                int match = from + found;
                int left = token.StripsLeft ? AddedTokenMatcher.SkipSpacesBefore(text, from, match) : match;
                if (from < left)
                {
                    result.Add(new PieceRange(from, left));
                }

                int matchEnd = match + content.Length;
                from = token.StripsRight ? AddedTokenMatcher.SkipSpaces(text, matchEnd, part.End) : matchEnd;
                result.Add(new PieceRange(match, matchEnd, token.Id));
            }

            if (from < part.End)
            {
                result.Add(part with { Start = from });
            }
        }

        return result;
    }
}
