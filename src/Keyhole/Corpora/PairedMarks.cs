using System.Buffers;

namespace Keyhole.Corpora;

/// <summary>The quotations and brackets of a paragraph that are both opened and closed.</summary>
/// <remarks>
/// A straight double quote opens or closes by the white space beside it; with the same on both sides (WikiText, Moses) they alternate. A single quote
/// counts where it cannot be an apostrophe. One that is never closed, such as that of a speech which goes on in the next paragraph, is no pair.
/// </remarks>
internal readonly struct PairedMarks
{
    private const int DoubleSlot = 0;
    private const int SingleSlot = 1;
    private const int CurlySlot = 5;
    private const int SlotCount = 11;

    private readonly List<(int Open, int Close)>? _pairs;

    private PairedMarks(List<(int Open, int Close)>? pairs) => _pairs = pairs;

    /// <summary>The pairs in the order in which they close.</summary>
    public ReadOnlySpan<(int Open, int Close)> Pairs => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_pairs);

    public static PairedMarks Find(ReadOnlySpan<char> text, bool ascii)
    {
        SearchValues<char> paired = SentenceMarks.PairedIn(ascii);
        int at = text.IndexOfAny(paired);
        if (at < 0) return default;
        List<(int Open, int Close)> pairs = [];
        Span<int> open = stackalloc int[SlotCount];
        open.Fill(-1);
        while (true)
        {
            Take(text, at, open, pairs);
            int next = text[(at + 1)..].IndexOfAny(paired);
            if (next < 0) break;
            at += 1 + next;
        }

        return new PairedMarks(pairs);
    }

    /// <summary>Whether the mark at a position closes a pair.</summary>
    public bool Closes(int position)
    {
        ReadOnlySpan<(int Open, int Close)> pairs = Pairs;
        int low = 0;
        int high = pairs.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) >> 1;
            int close = pairs[middle].Close;
            if (close == position) return true;
            if (close < position) low = middle + 1;
            else high = middle - 1;
        }

        return false;
    }

    private static void Take(ReadOnlySpan<char> text, int at, Span<int> open, List<(int Open, int Close)> pairs)
    {
        (int slot, int side) = text[at] switch
        {
            '"' => (DoubleSlot, DoubleSide(text, at, open[DoubleSlot] >= 0)),
            '\'' or '‘' or '’' => (SingleSlot, SingleSide(text, at, open[SingleSlot] >= 0)),
            '(' => (2, IsSmiley(text, at) ? 0 : 1),
            ')' => (2, -1),
            '[' => (3, 1),
            ']' => (3, -1),
            '{' => (4, 1),
            '}' => (4, -1),
            '“' => (CurlySlot, open[CurlySlot] >= 0 && text[open[CurlySlot]] == '„' ? -1 : 1),   // closes in German
            '„' => (CurlySlot, 1),
            '”' => (CurlySlot, -1),
            '«' => (6, 1),
            '»' => (6, -1),
            '「' => (7, 1),
            '」' => (7, -1),
            '『' => (8, 1),
            '』' => (8, -1),
            '（' => (9, 1),
            '）' => (9, -1),
            '《' => (10, 1),
            _ => (10, -1),
        };
        if (side > 0)
        {
            // Of nested brackets the first to open and the first to close make the pair. A quote that opens again was never closed.
            if (open[slot] < 0 || slot is DoubleSlot or SingleSlot or CurlySlot) open[slot] = at;
        }
        else if (side < 0 && open[slot] >= 0)
        {
            pairs.Add((open[slot], at));
            open[slot] = -1;
        }
    }

    private static int DoubleSide(ReadOnlySpan<char> text, int at, bool isOpen)
    {
        bool spaceBefore = at == 0 || char.IsWhiteSpace(text[at - 1]) || SentenceMarks.IsOpener(text[at - 1]);
        bool spaceAfter = at + 1 == text.Length || char.IsWhiteSpace(text[at + 1]);
        if (spaceBefore != spaceAfter) return spaceBefore ? 1 : -1;
        return isOpen ? -1 : 1;
    }

    private static bool IsSmiley(ReadOnlySpan<char> text, int at)
        => at > 0 && (text[at - 1] is ':' or ';' || (at > 1 && text[at - 1] == '-' && text[at - 2] is ':' or ';'));

    private static int SingleSide(ReadOnlySpan<char> text, int at, bool isOpen)
    {
        bool spaceBefore = at == 0 || char.IsWhiteSpace(text[at - 1]) || text[at - 1] is '"' or '“' or '(' or '—' or '-';
        bool spaceAfter = at + 1 == text.Length || char.IsWhiteSpace(text[at + 1]);
        if (spaceBefore && spaceAfter) return isOpen ? -1 : at + 1 == text.Length ? 0 : 1;
        if (spaceBefore) return text[at] != '’' && StartsSpeech(text, at) ? 1 : 0;
        char before = text[at - 1];
        return isOpen && text[at] != '‘' && (SentenceMarks.IsTerminator(before) || before is ',' or '—' or '-') && (spaceAfter || !char.IsLetter(text[at + 1])) ? -1 : 0;
    }

    private static bool StartsSpeech(ReadOnlySpan<char> text, int at)
    {
        ReadOnlySpan<char> before = text[Math.Max(0, at - 4)..at].TrimEnd();
        if (char.IsLower(text[at + 1]))
        {
            ReadOnlySpan<char> word = text[(at + 1)..];
            return before.EndsWith(",") && !word.StartsWith("t") && !word.StartsWith("em");   // not 'tis, 'em
        }

        return char.IsUpper(text[at + 1])
            && (before.IsEmpty || SentenceMarks.IsTerminator(before[^1]) || before[^1] is ',' or ':' or '"' or '“' or '—' or '-' or '\'' or '’');
    }
}
