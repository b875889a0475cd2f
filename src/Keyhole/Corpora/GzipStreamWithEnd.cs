using System.IO.Compression;

namespace Keyhole.Corpora;

/// <summary>The content of a gzip file of one or more members, known at its end to be whole.</summary>
/// <remarks>
/// The framework's reader takes a file that was cut anywhere for one that ends there. So one more member is put behind the stored bytes: only after whole members
/// with right checksums does the content end with that member's. It is held back and compared.
/// </remarks>
internal sealed class GzipStreamWithEnd : ForwardStream
{
    private const int ChunkBytes = 64 * 1024;

    private readonly GZipStream _content;
    private readonly byte[] _held = new byte[ChunkBytes + 16];
    private int _start;
    private int _end;
    private bool _ended;

    /// <param name="begun">Stored bytes that were already read.</param>
    /// <param name="rest">The others.</param>
    public GzipStreamWithEnd(byte[] begun, Stream rest)
    {
        using MemoryStream member = new();
        using (GZipStream writer = new(member, CompressionLevel.NoCompression, leaveOpen: true)) writer.Write(EndMark);
        _content = new GZipStream(new JoinedStream(begun, rest, member.ToArray()), CompressionMode.Decompress);
    }

    private static ReadOnlySpan<byte> EndMark => [0xB7, 0x1D, 0x3A, 0x95, 0xC4, 0x00, 0xE8, 0x61, 0x5F, 0xFE, 0x82, 0x29, 0x74, 0xAB, 0x06, 0xD3];

    /// <exception cref="InvalidDataException">The stored bytes are damaged or were cut.</exception>
    public override int Read(Span<byte> buffer)
    {
        while (!_ended && _end - _start <= EndMark.Length)
        {
            _held.AsSpan(_start, _end - _start).CopyTo(_held);
            (_start, _end) = (0, _end - _start);
            int read = _content.Read(_held.AsSpan(_end));
            _end += read;
            _ended = read == 0;
        }

        if (_ended)
        {
            if (!_held.AsSpan(_start, _end - _start).SequenceEqual(EndMark)) throw new InvalidDataException("The gzip file ends within a member.");
            return 0;
        }

        int count = Math.Min(buffer.Length, _end - _start - EndMark.Length);
        _held.AsSpan(_start, count).CopyTo(buffer);
        _start += count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _content.Dispose();
        base.Dispose(disposing);
    }
}
