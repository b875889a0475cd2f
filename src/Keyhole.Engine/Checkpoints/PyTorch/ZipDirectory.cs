using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Keyhole.Engine.Checkpoints.PyTorch;

/// <summary>The directory of a zip archive, also a zip64 one: where each entry lies, so that it can be mapped.</summary>
/// <remarks>Format: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, sections 4.3 to 4.5.</remarks>
internal sealed class ZipDirectory
{
    private const uint EndSignature = 0x06054B50;
    private const uint Zip64LocatorSignature = 0x07064B50;
    private const uint Zip64EndSignature = 0x06064B50;
    private const uint CentralSignature = 0x02014B50;
    private const uint LocalSignature = 0x04034B50;
    private const ushort Zip64Field = 0x0001;
    private const int EndBytes = 22;
    private const int Zip64LocatorBytes = 20;
    private const int Zip64EndBytes = 56;
    private const int CentralBytes = 46;
    private const int LocalBytes = 30;
    private const int LargestDirectoryBytes = 256 << 20;

    private readonly MappedFile _file;
    private readonly Dictionary<string, ZipEntry> _entries = new(StringComparer.Ordinal);

    private ZipDirectory(MappedFile file) => _file = file;

    /// <summary>The names of all entries.</summary>
    public IEnumerable<string> Names => _entries.Keys;

    /// <summary>Reads the directory and the head of every entry.</summary>
    /// <exception cref="InputRefusedException">It is cut short or damaged, or entries overlap.</exception>
    public static ZipDirectory Read(MappedFile file)
    {
        var zip = new ZipDirectory(file);
        (long start, long length, long count) = zip.FindDirectory();
        zip.ReadEntries(start, length, count);
        return zip;
    }

    /// <summary>The entry of this name; null where there is none.</summary>
    /// <exception cref="InputRefusedException">It is compressed or encrypted.</exception>
    public ZipEntry? Find(string name)
    {
        ZipEntry? entry = _entries.GetValueOrDefault(name);
        return entry?.IsPlain != false ? entry : throw new InputRefusedException(CheckpointCodes.PyTorchContent,
            $"'{_file.Path}': entry {Naming.Quote(name)} of this zip archive is compressed or encrypted, and torch.save stores entries as they are; unpack the archive, or save the model again.");
    }

    private (long Start, long Length, long Count) FindDirectory()
    {
        int tail = (int)Math.Min(_file.Length, EndBytes + ushort.MaxValue);
        ReadOnlySpan<byte> bytes = _file.Slice(_file.Length - tail, tail);
        for (int at = tail - EndBytes; at >= 0; at--)
        {
            ReadOnlySpan<byte> end = bytes[at..];
            if (UInt32(end, 0) == EndSignature && UInt16(end, 20) == end.Length - EndBytes)
            {
                (long Start, long Length, long Count) directory = (UInt32(end, 16), UInt32(end, 12), UInt16(end, 10));
                long endOffset = _file.Length - tail + at;
                bool zip64 = directory.Start == uint.MaxValue || directory.Length == uint.MaxValue || directory.Count == ushort.MaxValue;
                long limit = endOffset;
                if (zip64)
                {
                    (directory, limit) = FindZip64Directory(endOffset);
                }
                if (directory.Start < 0 || directory.Length is < 0 or > LargestDirectoryBytes || directory.Start > limit - directory.Length
                    || directory.Count < 0 || directory.Count > directory.Length / CentralBytes)
                {
                    throw Refuse("its directory does not lie in the file");
                }
                return directory;
            }
        }
        throw new InputRefusedException(CheckpointCodes.Truncated, $"'{_file.Path}' begins as a zip archive, and the directory that such an archive ends with is missing: it is cut short; copy or download it again.");
    }

    private ((long Start, long Length, long Count) Directory, long Limit) FindZip64Directory(long endOffset)
    {
        long locatorOffset = endOffset - Zip64LocatorBytes;
        ReadOnlySpan<byte> locator = locatorOffset >= 0 ? _file.Slice(locatorOffset, Zip64LocatorBytes) : default;
        long offset = locator.IsEmpty || UInt32(locator, 0) != Zip64LocatorSignature ? -1 : Int64(locator, 8);
        if (offset < 0 || offset > locatorOffset - Zip64EndBytes)
        {
            throw Refuse("the zip64 record of its directory is not there");
        }
        ReadOnlySpan<byte> end = _file.Slice(offset, Zip64EndBytes);
        return UInt32(end, 0) == Zip64EndSignature ? ((Int64(end, 48), Int64(end, 40), Int64(end, 32)), offset) : throw Refuse("the zip64 record of its directory is not there");
    }

    private void ReadEntries(long start, long length, long count)
    {
        ReadOnlySpan<byte> directory = _file.Slice(start, (int)length);
        List<(long Head, ZipEntry Entry)> entries = [];
        for (long i = 0; i < count; i++)
        {
            if (directory.Length < CentralBytes || UInt32(directory, 0) != CentralSignature)
            {
                throw Refuse(string.Create(CultureInfo.InvariantCulture, $"entry {i} of its directory is not there"));
            }
            int nameBytes = UInt16(directory, 28);
            int extraBytes = UInt16(directory, 30);
            int bytes = CentralBytes + nameBytes + extraBytes + UInt16(directory, 32);
            if (bytes > directory.Length)
            {
                throw Refuse(string.Create(CultureInfo.InvariantCulture, $"entry {i} of its directory is longer than the directory"));
            }
            entries.Add(ReadEntry(directory[..CentralBytes], directory.Slice(CentralBytes, nameBytes), directory.Slice(CentralBytes + nameBytes, extraBytes), start));
            directory = directory[bytes..];
        }
        RequireApart(entries);
    }

    private (long Head, ZipEntry Entry) ReadEntry(ReadOnlySpan<byte> record, ReadOnlySpan<byte> nameBytes, ReadOnlySpan<byte> extra, long limit)
    {
        string name = Encoding.UTF8.GetString(nameBytes);
        bool plain = (UInt16(record, 8) & 1) == 0 && UInt16(record, 10) == 0;
        (long length, long stored, long head) = (UInt32(record, 24), UInt32(record, 20), UInt32(record, 42));
        if (!TryWiden(extra, ref length, ref stored, ref head) || (plain && length != stored) || stored < 0 || head < 0 || head > limit - LocalBytes)
        {
            throw Refuse($"entry {Naming.Quote(name)} has a place or length that cannot be");
        }
        ReadOnlySpan<byte> local = _file.Slice(head, LocalBytes);
        long nameEnd = head + LocalBytes + nameBytes.Length;
        long offset = nameEnd + UInt16(local, 28);
        if (UInt32(local, 0) != LocalSignature || UInt16(local, 26) != nameBytes.Length || offset > limit - stored || !_file.Slice(head + LocalBytes, nameBytes.Length).SequenceEqual(nameBytes))
        {
            throw Refuse($"entry {Naming.Quote(name)} is not where the directory says");
        }
        var entry = new ZipEntry(name, offset, stored, plain);
        return _entries.TryAdd(name, entry) ? (head, entry) : throw Refuse($"entry {Naming.Quote(name)} is there twice");
    }

    // Fields that do not fit 32 bits stand in an extra field, in this order, each only where its 32 bits are all set.
    private static bool TryWiden(ReadOnlySpan<byte> extra, ref long length, ref long stored, ref long head)
    {
        ReadOnlySpan<byte> wide = default;
        while (extra.Length >= 4)
        {
            int bytes = UInt16(extra, 2);
            if (bytes > extra.Length - 4)
            {
                return false;
            }
            if (UInt16(extra, 0) == Zip64Field)
            {
                wide = extra.Slice(4, bytes);
            }
            extra = extra[(4 + bytes)..];
        }
        return TryWiden(ref wide, ref length) && TryWiden(ref wide, ref stored) && TryWiden(ref wide, ref head);
    }

    private static bool TryWiden(ref ReadOnlySpan<byte> wide, ref long value)
    {
        if (value != uint.MaxValue)
        {
            return true;
        }
        if (wide.Length < sizeof(long))
        {
            return false;
        }
        value = Int64(wide, 0);
        wide = wide[sizeof(long)..];
        return true;
    }

    private void RequireApart(List<(long Head, ZipEntry Entry)> entries)
    {
        long end = 0;
        foreach ((long head, ZipEntry entry) in entries.OrderBy(entry => entry.Head))
        {
            if (head < end)
            {
                throw Refuse($"entry {Naming.Quote(entry.Name)} lies inside another one");
            }
            end = entry.Offset + entry.Length;
        }
    }

    private static ushort UInt16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static uint UInt32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static long Int64(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt64LittleEndian(bytes[at..]);

    private InputRefusedException Refuse(string what) => new(CheckpointCodes.Malformed, $"'{_file.Path}': {what}; the zip archive is damaged: copy or download it again.");
}
