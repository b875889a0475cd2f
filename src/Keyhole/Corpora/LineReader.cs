namespace Keyhole.Corpora;

/// <summary>The lines of a file, ended by <c>\n</c>, <c>\r\n</c> or a lone <c>\r</c>; each is known to be text when it is given out.</summary>
internal sealed class LineReader
{
    private readonly CorpusInput _input;
    private int _length;
    private int _withEnd;

    /// <summary>Begins at the file's first byte after a byte order mark.</summary>
    public LineReader(CorpusInput input)
    {
        _input = input;
        TextCheck.Begin(input);
    }

    /// <summary>The line without its end; holds until the next <see cref="Read"/>.</summary>
    public ReadOnlyMemory<byte> Line => _input.WindowMemory[.._length];

    /// <summary>Position of the line's first byte in the decompressed file.</summary>
    public long Offset => _input.Offset;

    /// <summary>The line's number, from 1.</summary>
    public long Number { get; private set; }

    /// <summary>Goes to the next line.</summary>
    /// <returns>False at the end of the file.</returns>
    public bool Read()
    {
        _input.Consume(_withEnd);
        _length = _withEnd = 0;
        int searched = 0;
        while (true)
        {
            int at = _input.Window[searched..].IndexOfAny((byte)'\n', (byte)'\r');
            if (at >= 0)
            {
                End(searched + at);
                break;
            }

            searched = _input.Window.Length;
            if (_input.Fill("line")) continue;
            if (searched == 0) return false;
            _length = _withEnd = searched;
            break;
        }

        Number++;
        TextCheck.Require(_input.Name, _input.Window[.._length], Offset);
        return true;
    }

    private void End(int length)
    {
        _length = length;
        _withEnd = length + 1;
        if (_input.Window[length] != '\r') return;
        if (_withEnd == _input.Window.Length) _input.Fill("line");
        if (_withEnd < _input.Window.Length && _input.Window[_withEnd] == '\n') _withEnd++;
    }
}
