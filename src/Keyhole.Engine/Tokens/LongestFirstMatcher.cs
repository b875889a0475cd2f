using Keyhole.Engine.Tokens.Models;
using Keyhole.Engine.Tokens.Text;

namespace Keyhole.Engine.Tokens;

/// <summary>llama.cpp's order: all places of the longest token, then of the next one in what is left.</summary>
internal sealed class LongestFirstMatcher : IAddedTokenMatcher
{
    private readonly List<(byte[] Content, AddedToken Token)> _tokens = [];
    private readonly ByteTrie _trie = new(64);

    public void Add(ReadOnlySpan<byte> content, AddedToken token)
    {
        if (_trie.Add(content, _tokens.Count))
        {
            _tokens.Add((content.ToArray(), token));
        }
    }

    public void Split(ReadOnlySpan<byte> text, int start, int end, List<PieceRange> output)
    {
        var parts = new List<PieceRange>();
        if (start < end)
        {
            parts.Add(new PieceRange(start, end));
        }

        // Few of what may be thousands of tokens are in a text: one walk tells which. Of equal lengths the earlier one comes first.
        foreach (int index in FindTokens(text[start..end]).OrderByDescending(index => _tokens[index].Content.Length).ThenBy(index => index))
        {
            parts = SplitAt(text, parts, _tokens[index].Content, _tokens[index].Token);
        }

        output.AddRange(parts);
    }

    private HashSet<int> FindTokens(ReadOnlySpan<byte> text)
    {
        var found = new HashSet<int>();
        for (int start = 0; start < text.Length; start++)
        {
            int node = 0;
            for (int i = start; i < text.Length && _trie.Step(ref node, text[i]); i++)
            {
                if (_trie.ValueAt(node) is >= 0 and int index)
                {
                    found.Add(index);
                }
            }
        }

        return found;
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
