using System.Text;
using Keyhole.Engine.Tokens;

namespace Keyhole.Perplexity;

/// <summary>Words and bytes of the part of a text that is scored.</summary>
/// <param name="Words">Words, separated by white space, whose first character is scored.</param>
/// <param name="Bytes">Bytes in UTF-8.</param>
internal readonly record struct ScoredText(long Words, long Bytes)
{
    /// <summary>Counts a text without the parts of some of its tokens; the part of a token reaches to where the next one begins.</summary>
    /// <param name="text">The text.</param>
    /// <param name="offsets">Places of its tokens, in code points.</param>
    /// <param name="unscored">Tokens that are not scored, ascending.</param>
    public static ScoredText Count(string text, ReadOnlySpan<TokenOffset> offsets, ReadOnlySpan<int> unscored)
    {
        long words = 0;
        long bytes = 0;
        bool space = true;
        int at = 0;   // code point
        (int From, int To) skipped = Next(offsets, ref unscored);
        foreach (Rune rune in text.EnumerateRunes())   // a lone surrogate is one code point, and U+FFFD, as for the tokenizer
        {
            while (at >= skipped.To)
            {
                skipped = Next(offsets, ref unscored);
            }

            bool isSpace = Rune.IsWhiteSpace(rune);
            if (at < skipped.From)
            {
                bytes += rune.Utf8SequenceLength;
                words += space && !isSpace ? 1 : 0;
            }

            space = isSpace;
            at++;
        }

        return new ScoredText(words, bytes);
    }

    private static (int From, int To) Next(ReadOnlySpan<TokenOffset> offsets, ref ReadOnlySpan<int> unscored)
    {
        if (unscored.IsEmpty)
        {
            return (int.MaxValue, int.MaxValue);
        }

        int token = unscored[0];
        unscored = unscored[1..];
        return (token == 0 ? 0 : offsets[token].Start, token + 1 < offsets.Length ? offsets[token + 1].Start : int.MaxValue);
    }
}
