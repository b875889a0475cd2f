using System.Globalization;
using Keyhole.Engine;

namespace Keyhole.Cli;

/// <summary>The lines of a stream as bytes.</summary>
/// <param name="stream">Any stream.</param>
/// <param name="name">Its name in messages.</param>
internal sealed class ByteLines(Stream stream, string name)
{
    private const int LongestLine = 256 << 20;
    private byte[] _buffer = new byte[1 << 16];
    private int _start;
    private int _end;
    private bool _started;
    private bool _ended;

    /// <summary>The line without its end; holds until the next <see cref="Next"/>.</summary>
    public ReadOnlyMemory<byte> Line { get; private set; }

    /// <summary>The line's number, from 1.</summary>
    public long Number { get; private set; }

    /// <summary>Goes to the next line.</summary>
    /// <returns>False at the end of the stream.</returns>
    /// <exception cref="InputRefusedException">A line is too long, or compressed bytes are damaged.</exception>
    public bool Next()
    {
        SkipMark();
        int searched = 0;
        while (true)
        {
            int at = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOfAny((byte)'\n', (byte)'\r');
            if (at >= 0)
            {
                Take(searched + at);
                return true;
            }
            searched = _end - _start;
            if (!Fill())
            {
                break;
            }
        }
        if (searched == 0)
        {
            return false;
        }
        Line = _buffer.AsMemory(_start, searched);
        _start = _end;
        Number++;
        return true;
    }

    private void Take(int length)
    {
        bool carriageReturn = _buffer[_start + length] == '\r';
        if (carriageReturn && _start + length + 1 == _end)
        {
            Fill();
        }
        Line = _buffer.AsMemory(_start, length);
        _start += length + 1;
        if (carriageReturn && _start < _end && _buffer[_start] == '\n')
        {
            _start++;
        }
        Number++;
    }

    private void SkipMark()
    {
        while (!_started && _end < 3 && Fill())
        {
            // At most three bytes are needed to see the mark.
        }
        if (!_started && _buffer.AsSpan(0, _end).StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
        {
            _start = 3;
        }
        _started = true;
    }

    private bool Fill()
    {
        if (_ended)
        {
            return false;
        }
        if (_end == _buffer.Length)
        {
            MakeRoom();
        }
        try
        {
            int read = stream.Read(_buffer, _end, _buffer.Length - _end);
            _end += read;
            _ended = read == 0;
            return read > 0;
        }
        catch (InvalidDataException error)
        {
            throw new InputRefusedException("KH6007", $"{name}: the compressed bytes are damaged; copy the file again, or check it with 'gzip -t'.", error);
        }
    }

    private void MakeRoom()
    {
        int held = _end - _start;
        if (held >= LongestLine)
        {
            throw new InputRefusedException("KH6007", string.Create(CultureInfo.InvariantCulture, $"{name}, line {Number + 1} is longer than {LongestLine} bytes; cut it into shorter lines."));
        }
        // A new buffer where the old one is mostly in use; the last line given out is no longer valid.
        byte[] target = held > _buffer.Length / 2 ? new byte[_buffer.Length * 2] : _buffer;
        Buffer.BlockCopy(_buffer, _start, target, 0, held);
        _buffer = target;
        _start = 0;
        _end = held;
    }
}
