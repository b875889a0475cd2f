namespace Keyhole.Corpora;

/// <summary>What a line looks like to the rule of <see cref="HardWrap"/>.</summary>
/// <param name="Length">Its length in UTF-16 code units, without white space around it.</param>
/// <param name="StartsLower">Whether it begins with a lower-case letter.</param>
/// <param name="EndsSentence">Whether it ends with a stop, quotes and brackets aside.</param>
internal readonly record struct LineShape(int Length, bool StartsLower, bool EndsSentence)
{
    /// <summary>The shape of a trimmed line.</summary>
    public static LineShape Of(ReadOnlySpan<char> line)
    {
        int first = 0;
        while (first < line.Length && SentenceMarks.IsOpener(line[first])) first++;
        int last = line.Length - 1;
        while (last > 0 && (SentenceMarks.IsCloser(line[last]) || line[last] is '"' or '\'' or '_' or ' ')) last--;
        return new LineShape(line.Length, first < line.Length && char.IsLower(line[first]),
            last >= 0 && (SentenceMarks.IsTerminator(line[last]) || line[last] is ':' or ';'));
    }
}
