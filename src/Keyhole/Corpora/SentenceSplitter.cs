namespace Keyhole.Corpora;

/// <summary>Finds the sentences of a paragraph.</summary>
public static class SentenceSplitter
{
    /// <summary>The sentences of a paragraph in order: they cover all of it but white space.</summary>
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
        int start = 0;
        for (int i = 0; i < paragraph.Length; i++)
        {
            if (paragraph[i] is not ('.' or '!' or '?')) continue;
            int next = i + 1;
            while (next < paragraph.Length && char.IsWhiteSpace(paragraph[next])) next++;
            if (next > i + 1 && next < paragraph.Length && char.IsUpper(paragraph[next]))
            {
                Add(paragraph, start, i + 1, sentences);
                start = next;
            }
        }

        Add(paragraph, start, paragraph.Length, sentences);
    }

    private static void Add(ReadOnlySpan<char> paragraph, int start, int end, List<SentenceRange> sentences)
    {
        while (start < end && char.IsWhiteSpace(paragraph[start])) start++;
        while (end > start && char.IsWhiteSpace(paragraph[end - 1])) end--;
        if (end > start) sentences.Add(new SentenceRange(start, end - start));
    }
}
