using System.Buffers;
using Keyhole.Engine.Tokens.Models;
using Keyhole.Engine.Tokens.Text;

namespace Keyhole.Engine.Tokens;

/// <summary>A trie over the bytes of added tokens: leftmost match first, of those the longest.</summary>
internal sealed class AddedTokenMatcher : IAddedTokenMatcher
{
    private readonly ByteTrie _trie = new(64);
    private readonly List<AddedToken> _tokens = [];
    private readonly HashSet<byte> _firsts = [];
    private SearchValues<byte> _firstBytes = SearchValues.Create(Array.Empty<byte>());

    public bool IsEmpty => _firsts.Count == 0;

    public void Add(ReadOnlySpan<byte> content, AddedToken token)
    {
        if (content.IsEmpty)
        {
            return;
        }

        if (_trie.Add(content, _tokens.Count))
        {
            _tokens.Add(token);
        }

        if (_firsts.Add(content[0]))
        {
            _firstBytes = SearchValues.Create(_firsts.ToArray());
        }
    }

    public void Split(ReadOnlySpan<byte> text, int start, int end, List<PieceRange> output)
    {
        int copied = start;
        for (int i = start; i < end;)
        {
            int skipped = text[i..end].IndexOfAny(_firstBytes);
            if (skipped < 0)
            {
                break;
            }

            i += skipped;
            int matchEnd = Longest(text[..end], i, out AddedToken? token);
            if (token is null)
            {
                i++;
                continue;
            }

            if (token.SingleWord && !StandsAlone(text[start..end], i - start, matchEnd - start))
            {
                i = matchEnd;
                continue;
            }

            int from = token.StripsLeft ? Math.Max(copied, SkipSpacesBefore(text, start, i)) : i;
            int to = token.StripsRight ? SkipSpaces(text, matchEnd, end) : matchEnd;
            if (copied < from)
            {
                output.Add(new PieceRange(copied, from));
            }

            // A match inside spaces that the token before took along keeps its own place; what has no place left is gone.
            if (from < to)
            {
                output.Add(new PieceRange(from, to, token.Id));
            }

            copied = to;
            i = matchEnd;
        }

        if (copied < end)
        {
            output.Add(new PieceRange(copied, end));
        }
    }

    private int Longest(ReadOnlySpan<byte> text, int start, out AddedToken? token)
    {
        token = null;
        int matchEnd = start;
        int node = 0;
        for (int i = start; i < text.Length && _trie.Step(ref node, text[i]); i++)
        {
            if (_trie.ValueAt(node) is >= 0 and int index)
            {
                token = _tokens[index];
                matchEnd = i + 1;
            }
        }

        return matchEnd;
    }

    private static bool StandsAlone(ReadOnlySpan<byte> text, int start, int end) =>
        (start == 0 || !IsWord(CodePoints.ReadBefore(text, start, out _))) && (end == text.Length || !IsWord(CodePoints.Read(text, end, out _)));

    /// <summary><c>\w</c> of Rust's regular expressions, which counts the joiners in.</summary>
    private static bool IsWord(int codePoint) => codePoint is 0x200C or 0x200D || (CodePoints.ClassOf(codePoint) & CharClass.Word) != 0;

    internal static int SkipSpacesBefore(ReadOnlySpan<byte> text, int start, int end)
    {
        while (end > start && CodePoints.IsWhiteSpace(CodePoints.ReadBefore(text, end, out int length)))
        {
            end -= length;
        }

        return end;
    }

    internal static int SkipSpaces(ReadOnlySpan<byte> text, int start, int end)
    {
        while (start < end && CodePoints.IsWhiteSpace(CodePoints.Read(text, start, out int length)))
        {
            start += length;
        }

        return start;
    }
}
