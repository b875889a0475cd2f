using System.Text;

namespace Keyhole.Engine.Tests.Checkpoints;

/// <summary>Writes zip archives with stored entries, plain or zip64, and lets a test spoil their records.</summary>
internal sealed class ZipText
{
    private readonly List<(byte[] Name, long Head, long Length)> _entries = [];
    private readonly List<byte> _bytes = [];

    /// <summary>Method of compression that the directory tells.</summary>
    public ushort Method { get; init; }

    /// <summary>Flags of each entry; bit 0 is encryption.</summary>
    public ushort Flags { get; init; }

    /// <summary>Whether sizes, places and counts stand in zip64 records only.</summary>
    public bool Zip64 { get; init; }

    /// <summary>Added to the length that the directory tells of the first entry.</summary>
    public long Longer { get; init; }

    /// <summary>Added to the place that the directory tells of each entry but the first.</summary>
    public long Shift { get; init; }

    public ZipText Entry(string name, byte[] content)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(name);
        _entries.Add((bytes, _bytes.Count, content.Length));
        Put32(0x04034B50);
        _bytes.AddRange(new byte[22]);
        Put16((ushort)bytes.Length);
        Put16((ushort)7);   // an extra field that the directory does not have
        _bytes.AddRange(bytes);
        _bytes.AddRange([0x46, 0x42, 3, 0, 1, 2, 3]);
        _bytes.AddRange(content);
        return this;
    }

    public byte[] Build(string comment = "")
    {
        long start = _bytes.Count;
        foreach ((byte[] name, long head, long length) in _entries)
        {
            WriteDirectoryEntry(name, head + (head > 0 ? Shift : 0), length + (head > 0 ? 0 : Longer));
        }
        long end = _bytes.Count;
        if (Zip64)
        {
            Put32(0x06064B50);
            Put64(44);
            _bytes.AddRange(new byte[12]);
            Put64(_entries.Count);
            Put64(_entries.Count);
            Put64(end - start);
            Put64(start);
            Put32(0x07064B50);
            Put32(0);
            Put64(end);
            Put32(1);
        }
        Put32(0x06054B50);
        Put32(0);
        Put16(Zip64 ? ushort.MaxValue : (ushort)_entries.Count);
        Put16(Zip64 ? ushort.MaxValue : (ushort)_entries.Count);
        Put32(Zip64 ? uint.MaxValue : (uint)(end - start));
        Put32(Zip64 ? uint.MaxValue : (uint)start);
        Put16((ushort)comment.Length);
        _bytes.AddRange(Encoding.ASCII.GetBytes(comment));
        return [.. _bytes];
    }

    private void WriteDirectoryEntry(byte[] name, long head, long length)
    {
        Put32(0x02014B50);
        Put32(0);
        Put16(Flags);
        Put16(Method);
        _bytes.AddRange(new byte[8]);
        Put32(Zip64 ? uint.MaxValue : (uint)length);
        Put32(Zip64 ? uint.MaxValue : (uint)length);
        Put16((ushort)name.Length);
        Put16((ushort)(Zip64 ? 33 : 0));
        _bytes.AddRange(new byte[10]);
        Put32(Zip64 ? uint.MaxValue : (uint)head);
        _bytes.AddRange(name);
        if (Zip64)
        {
            _bytes.AddRange([9, 9, 1, 0, 5]);   // another field before it
            Put16((ushort)1);
            Put16((ushort)24);
            Put64(length);
            Put64(length);
            Put64(head);
        }
    }

    private void Put16(ushort value) => _bytes.AddRange(BitConverter.GetBytes(value));

    private void Put32(uint value) => _bytes.AddRange(BitConverter.GetBytes(value));

    private void Put64(long value) => _bytes.AddRange(BitConverter.GetBytes(value));
}
