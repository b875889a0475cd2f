namespace Keyhole.Corpora;

/// <summary>Tells prose whose lines were broken at a fixed width (Project Gutenberg's) from lines that mean something.</summary>
/// <remarks>
/// A block is a run of lines without a blank one between. It is wrapped if no line is longer than <see cref="MaxWidth"/>, the longest has at least
/// <see cref="MinWidth"/>, all but the last are full (at least <see cref="FullPercent"/> percent of the longest, one in ten may be shorter) and, in at least
/// <see cref="MinLines"/> lines, at least half go on in lower case and at least half of those before the last end without a stop. So a file with a sentence
/// a line, verse, lists, headings, tables and WikiText stay as they are. Once such a block is known, its width vouches for shorter blocks of the same text:
/// two lines suffice if all but the last are full for that width, and with three or more one has to go on in lower case.
/// </remarks>
internal static class HardWrap
{
    public const int MaxWidth = 100;
    public const int MaxBlockLines = 4096;

    /// <summary>How much of a text's beginning is searched for its width.</summary>
    public const int HeadLength = 64 * 1024;

    private const int MinWidth = 45;
    private const int MinLines = 4;
    private const int FullPercent = 70;
    private const int WidthSlack = 5;

    /// <summary>The width at which the beginning of a text is wrapped; 0 if no block shows one.</summary>
    public static int FindWidth(ReadOnlySpan<char> head)
    {
        List<LineShape> block = [];
        foreach (ReadOnlySpan<char> line in head.EnumerateLines())
        {
            ReadOnlySpan<char> trimmed = line.Trim();
            if (!trimmed.IsEmpty)
            {
                block.Add(LineShape.Of(trimmed));
                continue;
            }

            if (IsWrapped(block, 0) is > 0 and int width) return width;
            block.Clear();
        }

        return IsWrapped(block, 0);
    }

    /// <summary>The width of a block if it is wrapped, else 0.</summary>
    /// <param name="block">Its lines.</param>
    /// <param name="knownWidth">The width of a wrapped block of the same text, or 0.</param>
    public static int IsWrapped(List<LineShape> block, int knownWidth)
    {
        if (block.Count < 2) return 0;
        int longest = 0;
        int lower = 0;
        int open = 0;
        for (int i = 0; i < block.Count; i++)
        {
            longest = Math.Max(longest, block[i].Length);
            if (i > 0 && block[i].StartsLower) lower++;
            if (i < block.Count - 1 && !block[i].EndsSentence) open++;
        }

        int breaks = block.Count - 1;
        if (longest > MaxWidth) return 0;
        if (block.Count >= MinLines && longest >= MinWidth && 2 * lower >= breaks && 2 * open >= breaks && ShortLines(block, longest) <= breaks / 10) return longest;
        bool vouched = knownWidth > 0 && longest <= knownWidth + WidthSlack && ShortLines(block, knownWidth) == 0 && (block.Count == 2 || lower > 0);
        return vouched ? knownWidth : 0;
    }

    private static int ShortLines(List<LineShape> block, int width)
    {
        int count = 0;
        for (int i = 0; i < block.Count - 1; i++)
        {
            if (block[i].Length * 100 < width * FullPercent) count++;
        }

        return count;
    }
}
