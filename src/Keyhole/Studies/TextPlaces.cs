namespace Keyhole.Studies;

/// <summary>Where the tokens of a unit stand in its text, in UTF-16: worked out once for all positions.</summary>
internal sealed class TextPlaces
{
    private readonly StudyUnit _unit;
    private readonly int[]? _utf16;   // of each code point, and of the end; null where both count the same
    private readonly int[] _ends;     // [T]: where the prefix that ends at a token ends

    public TextPlaces(StudyUnit unit)
    {
        _unit = unit;
        _utf16 = unit.Text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF') ? CodePointStarts(unit.Text) : null;
        _ends = new int[unit.Spans.Length];
        int end = 0;
        for (int i = 0; i < _ends.Length; i++)
        {
            end = Math.Max(end, unit.Spans[i].End);
            _ends[i] = Place(end);
        }
    }

    /// <summary>Where the prefix that ends at a position ends.</summary>
    public int End(int position) => _ends[position];

    /// <summary>The unit's text from its start to the end of the token at a position.</summary>
    public ReadOnlySpan<char> Prefix(int position) => _unit.Text.AsSpan(0, _ends[position]);

    /// <summary>The text that the token at a position covers; empty where it covers none.</summary>
    public ReadOnlySpan<char> Token(int position)
    {
        TokenSpan span = _unit.Spans[position];
        int start = Place(span.Start);
        return _unit.Text.AsSpan(start, Math.Max(0, Place(span.End) - start));
    }

    /// <summary>Where the prefix ends, if the token at a position completes the character there; -1 for a token without text, or with a part of a character that goes on in the next.</summary>
    public int WholeEnd(int position)
    {
        bool goesOn = position + 1 < _ends.Length && !_unit.Spans[position + 1].IsEmpty && _ends[position + 1] == _ends[position];
        return _unit.Spans[position].IsEmpty || goesOn ? -1 : _ends[position];
    }

    /// <summary>The index in UTF-16 of each code point of a text, and of its end; a lone surrogate is one.</summary>
    public static int[] CodePointStarts(string text)
    {
        var starts = new List<int>(text.Length + 1);
        for (int i = 0; i < text.Length; i += char.IsSurrogatePair(text, i) ? 2 : 1)
        {
            starts.Add(i);
        }

        starts.Add(text.Length);
        return [.. starts];
    }

    private int Place(int codePoint) => _utf16 is null ? Math.Min(codePoint, _unit.Text.Length) : _utf16[Math.Min(codePoint, _utf16.Length - 1)];
}
