using System.Buffers.Binary;

namespace Keyhole.Studies;

/// <summary>Units in blocks, appended to a file until there is a study to put them in.</summary>
internal sealed class UnitBlockFile : IDisposable
{
    private const int HeadBytes = (5 * sizeof(int)) + sizeof(long);

    private readonly FileStream _file;
    private readonly UnitBlockWriter _block = new();

    /// <param name="path">The file; what it holds beyond <paramref name="length"/> is dropped.</param>
    /// <param name="length">Bytes of whole blocks to keep.</param>
    /// <exception cref="IOException">The file cannot be written, or is shorter.</exception>
    public UnitBlockFile(string path, long length)
    {
        _file = AppendedFile.Open(path, length);
        Length = length;
    }

    /// <summary>Bytes of whole blocks.</summary>
    public long Length { get; private set; }

    /// <summary>Adds a unit; their indices rise.</summary>
    public void Add(StudyUnit unit)
    {
        if (_block.IsFull)
        {
            Write(_block.Pack());
            _block.Clear();
        }

        _block.Add(unit);
    }

    /// <summary>Writes the block that is not full yet, so that <see cref="RestoreOpenBlock"/> can go on with it.</summary>
    public void SaveOpenBlock(BinaryWriter writer) => _block.Save(writer);

    /// <summary>Goes on with a block that was not full.</summary>
    public void RestoreOpenBlock(BinaryReader reader) => _block.Restore(reader);

    /// <summary>Hands whole blocks to the disk.</summary>
    public void Flush() => _file.Flush(flushToDisk: true);

    /// <summary>All blocks in order, the one that is not full last.</summary>
    /// <exception cref="InvalidDataException">The file is not what was written.</exception>
    /// <exception cref="EndOfStreamException">It ends early.</exception>
    public IEnumerable<PackedUnits> Blocks()
    {
        _file.Flush();
        _file.Position = 0;
        byte[] head = new byte[HeadBytes];
        while (_file.Position < Length)
        {
            _file.ReadExactly(head);
            int bytes = Int(head, 3);
            if (bytes <= 0 || bytes > Length - _file.Position)
            {
                throw new InvalidDataException($"a block of {bytes} bytes stands {Length - _file.Position} bytes before the end");
            }

            byte[] zlib = new byte[bytes];
            _file.ReadExactly(zlib);
            yield return new PackedUnits(Int(head, 0), Int(head, 1), Int(head, 2), BinaryPrimitives.ReadInt64LittleEndian(head.AsSpan(5 * sizeof(int))), Int(head, 4), zlib);
        }

        if (_block.Units > 0)
        {
            yield return _block.Pack();
        }
    }

    public void Dispose()
    {
        _file.Dispose();
        _block.Dispose();
    }

    private static int Int(byte[] head, int index) => BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(index * sizeof(int)));

    private void Write(PackedUnits block)
    {
        Span<byte> head = stackalloc byte[HeadBytes];
        ReadOnlySpan<int> numbers = [block.FirstUnit, block.LastUnit, block.Units, block.Zlib.Length, block.RawBytes];
        for (int i = 0; i < numbers.Length; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(head[(i * sizeof(int))..], numbers[i]);
        }

        BinaryPrimitives.WriteInt64LittleEndian(head[(numbers.Length * sizeof(int))..], block.Tokens);
        _file.Write(head);
        _file.Write(block.Zlib);
        Length += HeadBytes + block.Zlib.Length;
    }
}
