using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;

namespace Keyhole.Corpora;

/// <summary>Finds the sentences of a paragraph, by rules and word tables alone: in linear time, the same on every machine.</summary>
/// <remarks>
/// A sentence ends after a full stop, question or exclamation mark, ellipsis, or the stop of another script, together with the quotes and brackets that close
/// there, when what follows can begin a sentence. Made for news, novels and WikiText in English; other languages that use these marks are cut sensibly.
/// Any string is taken, unpaired surrogates included. The rules are listed in <c>docs/corpora.md</c>.
/// </remarks>
public static class SentenceSplitter
{
    /// <summary>The sentences of a paragraph in order: they cover all of it but white space.</summary>
    /// <param name="paragraph">Text that is one paragraph; line ends count as white space.</param>
    public static IReadOnlyList<SentenceRange> Split(string paragraph)
    {
        ArgumentNullException.ThrowIfNull(paragraph);
        List<SentenceRange> sentences = [];
        Split(paragraph, sentences);
        return sentences;
    }

    /// <summary>The same, appended to a list.</summary>
    public static void Split(ReadOnlySpan<char> paragraph, List<SentenceRange> sentences)
    {
        ArgumentNullException.ThrowIfNull(sentences);
        bool ascii = Ascii.IsValid(paragraph);
        SearchValues<char> terminators = SentenceMarks.TerminatorsIn(ascii);
        int at = paragraph.IndexOfAny(terminators);
        if (at < 0)
        {
            Add(paragraph, 0, paragraph.Length, sentences);
            return;
        }

        BoundaryRules rules = new(paragraph, PairedMarks.Find(paragraph, ascii));
        int start = 0;
        while (true)
        {
            SentenceStop stop = SentenceStop.Read(paragraph, at, rules.Pairs);
            if (rules.Ends(stop, start))
            {
                Add(paragraph, start, stop.End, sentences);
                start = stop.End;
            }

            int next = paragraph[stop.End..].IndexOfAny(terminators);
            if (next < 0) break;
            at = stop.End + next;
        }

        Add(paragraph, start, paragraph.Length, sentences);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(ReadOnlySpan<char> paragraph, int start, int end, List<SentenceRange> sentences)
    {
        while (start < end && char.IsWhiteSpace(paragraph[start])) start++;
        while (end > start && char.IsWhiteSpace(paragraph[end - 1])) end--;
        if (end > start) sentences.Add(new SentenceRange(start, end - start));
    }
}
