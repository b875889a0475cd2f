namespace Keyhole.Corpora;

/// <summary>A possible end of a sentence: terminators with whatever closes after them.</summary>
/// <param name="Start">The first terminator.</param>
/// <param name="End">After the last terminator or closing mark.</param>
/// <param name="Kind">What the last terminators say.</param>
/// <param name="Quoted">Whether a quotation closes in it.</param>
/// <param name="Unspaced">Whether its script puts no space after it.</param>
internal readonly record struct SentenceStop(int Start, int End, StopKind Kind, bool Quoted, bool Unspaced)
{
    /// <summary>Reads the stop whose first terminator is at <paramref name="start"/>.</summary>
    public static SentenceStop Read(ReadOnlySpan<char> text, int start, in PairedMarks pairs)
    {
        int at = start;
        int stops = 0;
        StopKind kind = StopKind.Period;
        bool quoted = false;
        bool unspaced = false;
        bool closed = false;
        while (at < text.Length)
        {
            // In tokenised text every mark stands apart: one space before it is stepped over.
            int mark = text[at] == ' ' && at + 1 < text.Length && EndsToken(text, at + 2) ? at + 1 : at;
            char c = text[mark];
            if (SentenceMarks.IsTerminator(c))
            {
                if (closed)
                {
                    stops = 0;
                    closed = false;
                }

                stops++;
                unspaced = SentenceMarks.EndsWithoutSpace(c);
                kind = SentenceMarks.IsEmphatic(c) || (kind == StopKind.Emphatic && stops > 1) ? StopKind.Emphatic
                    : c == '…' || stops > 1 ? StopKind.Ellipsis : StopKind.Period;
            }
            else if (SentenceMarks.IsCloser(c) || (SentenceMarks.IsClosingQuote(c) && ClosesHere(text, at, mark, pairs)))
            {
                quoted |= SentenceMarks.IsClosingQuote(c);
                closed = true;
            }
            else if (mark == at && c is '_' or '*' && EndsToken(text, at + 1))
            {
                closed = true;
            }
            else if (FootnoteLength(text, mark) is > 0 and int footnote)
            {
                mark += footnote - 1;
            }
            else
            {
                break;
            }

            at = mark + 1;
        }

        return new SentenceStop(start, at, kind, quoted, unspaced);
    }

    /// <summary>A straight quote right after a stop closes; one that stands apart closes if its pair says so.</summary>
    private static bool ClosesHere(ReadOnlySpan<char> text, int at, int mark, in PairedMarks pairs)
        => pairs.Closes(mark) || (mark == at && EndsToken(text, mark + 1));

    private static bool EndsToken(ReadOnlySpan<char> text, int at)
        => at >= text.Length || char.IsWhiteSpace(text[at]) || SentenceMarks.IsTerminator(text[at]) || SentenceMarks.IsCloser(text[at]) || text[at] is '"' or '\'';

    /// <summary>The length of <c>[12]</c>, <c>[a]</c> or <c>[ ... ]</c>, which belong to the sentence before them; 0 if there is none.</summary>
    private static int FootnoteLength(ReadOnlySpan<char> text, int at)
    {
        if (at < text.Length && text[at] == ' ' && at + 1 < text.Length && text[at + 1] == '[' && FootnoteLength(text, at + 1) is > 0 and int spaced && text.Slice(at + 1, spaced).Contains('.'))
        {
            return spaced + 1;
        }

        if (at >= text.Length || text[at] != '[') return 0;
        int limit = Math.Min(text.Length, at + 8);
        for (int i = at + 1; i < limit; i++)
        {
            if (text[i] == ']') return i > at + 1 ? i + 1 - at : 0;
            if (!char.IsAsciiLetterOrDigit(text[i]) && text[i] is not (' ' or '.' or '…')) return 0;
        }

        return 0;
    }
}
