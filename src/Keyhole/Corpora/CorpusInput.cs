using Keyhole.Engine;

namespace Keyhole.Corpora;

/// <summary>One open file: its decompressed bytes as a window that grows to hold what a reader needs at once.</summary>
internal sealed class CorpusInput : IDisposable
{
    /// <summary>The longest line, record or document, in bytes: a longer one is refused before it fills the memory.</summary>
    public const int MaxPieceBytes = 512 * 1024 * 1024;

    private const int InitialBytes = 256 * 1024;

    // A piece of a gzip file that is this long, and this many times as long as the bytes that it was stored in, is no text: text shrinks to a third or a tenth.
    private const int SmallPieceBytes = 8 * 1024 * 1024;
    private const int MostExpansion = 50;

    private readonly StoredStream _stored;
    private Stream _stream;
    private byte[] _buffer = new byte[InitialBytes];
    private int _start;
    private int _end;
    private bool _ended;

    /// <summary>Takes a file; <see cref="Begin"/> reads its first bytes.</summary>
    /// <param name="stored">The stored bytes; owned from here on.</param>
    /// <param name="name">The file's name in messages.</param>
    /// <param name="storedBytes">Told the number of stored bytes of each read.</param>
    public CorpusInput(Stream stored, string name, Action<int> storedBytes)
    {
        Name = name;
        _stored = new StoredStream(stored, storedBytes);
        _stream = _stored;
    }

    /// <summary>The file's name in messages.</summary>
    public string Name { get; }

    /// <summary>Position of the window's first byte in the decompressed file.</summary>
    public long Offset { get; private set; }

    /// <summary>The bytes at hand.</summary>
    public ReadOnlySpan<byte> Window => _buffer.AsSpan(_start, _end - _start);

    /// <summary>The same; holds until the next <see cref="Fill"/>.</summary>
    public ReadOnlyMemory<byte> WindowMemory => _buffer.AsMemory(_start, _end - _start);

    /// <summary>Stored bytes read so far.</summary>
    public long StoredBytes => _stored.BytesRead;

    /// <summary>SHA-256 of these in lower-case hexadecimal.</summary>
    public string HashSoFar() => _stored.HashSoFar();

    /// <summary>Recognises gzip by its first two bytes, and refuses a file that is only named so.</summary>
    public void Begin()
    {
        while (_end < 2 && Fill("file"))
        {
        }

        if (Window.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]))
        {
            _stream = new GzipStreamWithEnd(Window.ToArray(), _stored);
            _end = 0;
            _ended = false;
        }
        else if (Name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
        {
            throw CorpusRefusal.Compressed(Name, _end == 0 ? "it is empty, and a gzip file never is" : "it does not begin as a gzip file does (bytes 1F 8B)");
        }
    }

    /// <summary>Lets go of the window's first bytes.</summary>
    public void Consume(int count)
    {
        _start += count;
        Offset += count;
    }

    /// <summary>Adds bytes to the window's end, growing it where it is full.</summary>
    /// <param name="piece">What the window is to hold, for the message when it is too long.</param>
    /// <returns>False at the end of the file.</returns>
    public bool Fill(string piece)
    {
        if (_ended) return false;
        MakeRoom(piece);
        int read;
        try
        {
            read = _stream.Read(_buffer.AsSpan(_end));
        }
        catch (InvalidDataException e)
        {
            throw CorpusRefusal.Compressed(Name, "its compressed bytes are damaged or end too early", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CorpusRefusal.Unreadable(Name, e);
        }

        _end += read;
        _ended = read == 0;
        return read > 0;
    }

    /// <summary>Reads the stored bytes that are left and gives the SHA-256 of all.</summary>
    public string FinishHash()
    {
        try
        {
            return _stored.FinishHash();
        }
        catch (IOException e)
        {
            throw CorpusRefusal.Unreadable(Name, e);
        }
    }

    public void Dispose()
    {
        _stream.Dispose();
        _stored.Dispose();
    }

    private void MakeRoom(string piece)
    {
        int held = _end - _start;
        if (_end < _buffer.Length) return;
        if (held >= MaxPieceBytes) throw CorpusRefusal.TooLong(Name, Offset, piece, MaxPieceBytes);
        if (held >= SmallPieceBytes && held / MostExpansion > _stored.BytesRead)
        {
            throw CorpusRefusal.Compressed(Name, $"the first {_stored.BytesRead} compressed bytes become a {piece} of more than {held} bytes, which no text does");
        }

        byte[] target = held > _buffer.Length / 2 ? new byte[_buffer.Length * 2] : _buffer;
        Buffer.BlockCopy(_buffer, _start, target, 0, held);
        _buffer = target;
        _start = 0;
        _end = held;
    }
}
