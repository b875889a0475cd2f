using System.Text;

namespace Keyhole.Corpora;

/// <summary>The lines of a paragraph as one text, walked once to find where its characters are in the file.</summary>
/// <remarks>Lines are joined by one space; by nothing after a dash or hyphen that ends a word, which was there before the line was broken.</remarks>
internal ref struct JoinedLines
{
    private readonly ReadOnlySpan<SourceLine> _lines;
    private OffsetCursor _cursor;
    private int _line;
    private int _lineStart;
    private int _nextLineStart;

    public JoinedLines(ReadOnlySpan<SourceLine> lines)
    {
        _lines = lines;
        _cursor = new OffsetCursor(lines[0]);
        Text = lines.Length == 1 ? lines[0].Text : Join(lines);
        _nextLineStart = lines[0].Text.Length + Gap(0);
    }

    public string Text { get; }

    /// <summary>Position in the file of the character at <paramref name="index"/>. Never goes back.</summary>
    public long OffsetOf(int index)
    {
        GoToLineOf(index);
        return _cursor.OffsetAt(index - _lineStart);
    }

    /// <summary>Position in the file after the character before <paramref name="end"/>.</summary>
    public long EndOffsetOf(int end)
    {
        GoToLineOf(end - 1);
        return _cursor.OffsetAt(end - _lineStart);
    }

    private void GoToLineOf(int index)
    {
        while (index >= _nextLineStart && _line + 1 < _lines.Length)
        {
            _lineStart = _nextLineStart;
            _line++;
            _cursor = new OffsetCursor(_lines[_line]);
            _nextLineStart = _lineStart + _lines[_line].Text.Length + Gap(_line);
        }
    }

    private static string Join(ReadOnlySpan<SourceLine> lines)
    {
        StringBuilder text = new();
        for (int i = 0; i < lines.Length; i++)
        {
            if (i > 0 && !EndsOpen(lines[i - 1].Text)) text.Append(' ');
            text.Append(lines[i].Text);
        }

        return text.ToString();
    }

    private static bool EndsOpen(string line)
        => line.Length >= 2 && (line[^1] == '—' || (line[^1] == '-' && (line[^2] == '-' || char.IsLetter(line[^2]))));

    private readonly int Gap(int line) => EndsOpen(_lines[line].Text) ? 0 : 1;
}
