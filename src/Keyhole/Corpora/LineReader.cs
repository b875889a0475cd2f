namespace Keyhole.Corpora;

/// <summary>The lines of a file, ended by <c>\n</c>, <c>\r\n</c> or a lone <c>\r</c>; each is known to be text when it is given out.</summary>
internal sealed class LineReader(CorpusInput input)
{
    private int _length;
    private int _withEnd;

    /// <summary>The line without its end; holds until the next <see cref="Read"/>.</summary>
    public ReadOnlyMemory<byte> Line => input.WindowMemory[.._length];

    /// <summary>Position of the line's first byte in the decompressed file.</summary>
    public long Offset => input.Offset;

    /// <summary>The line's number, from 1.</summary>
    public long Number { get; private set; }

    /// <summary>Goes to the next line.</summary>
    /// <returns>False at the end of the file.</returns>
    public bool Read()
    {
        input.Consume(_withEnd);
        _length = _withEnd = 0;
        int searched = 0;
        while (true)
        {
            int at = input.Window[searched..].IndexOfAny((byte)'\n', (byte)'\r');
            if (at >= 0)
            {
                End(searched + at);
                break;
            }

            searched = input.Window.Length;
            if (input.Fill("line")) continue;
            if (searched == 0) return false;
            _length = _withEnd = searched;
            break;
        }

        Number++;
        TextCheck.Require(input.Name, input.Window[.._length], Offset);
        return true;
    }

    private void End(int length)
    {
        _length = length;
        _withEnd = length + 1;
        if (input.Window[length] != '\r') return;
        if (_withEnd == input.Window.Length) input.Fill("line");
        if (_withEnd < input.Window.Length && input.Window[_withEnd] == '\n') _withEnd++;
    }
}
