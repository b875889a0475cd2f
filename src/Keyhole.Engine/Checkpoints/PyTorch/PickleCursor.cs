using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;

namespace Keyhole.Engine.Checkpoints.PyTorch;

/// <summary>Reads a part of a file from front to back; every length is compared with the bytes that are left.</summary>
internal sealed class PickleCursor
{
    /// <summary>The pickles of a file may take so much; real ones take some MB, the weights lying outside.</summary>
    public const long LargestPickleBytes = 64L << 20;

    /// <summary>Characters that a name of a class, a key or a storage may have: a pickle can ask for the same text again and again.</summary>
    public const int LongestName = 1024;

    private readonly MappedFile _file;
    private readonly long _end;

    /// <param name="file">The file.</param> <param name="start">First byte of the part.</param> <param name="end">The byte after its last.</param>
    public PickleCursor(MappedFile file, long start, long end)
    {
        _file = file;
        Position = start;
        _end = Math.Min(end, start + LargestPickleBytes);
    }

    /// <summary>The file's path.</summary>
    public string Path => _file.Path;

    /// <summary>The next byte's offset from the start of the file.</summary>
    public long Position { get; private set; }

    /// <summary>Bytes that may still be read.</summary>
    public long Left => _end - Position;

    /// <summary>A little-endian number.</summary>
    public T Read<T>() where T : unmanaged => MemoryMarshal.Read<T>(Take((ulong)Unsafe.SizeOf<T>()));

    /// <summary>So many bytes, not copied.</summary>
    public ReadOnlySpan<byte> Take(ulong count)
    {
        if (count > (ulong)Left)
        {
            throw new InputRefusedException(CheckpointCodes.Truncated, string.Create(CultureInfo.InvariantCulture,
                $"'{Path}': its pickle needs {count} bytes at byte {Position}, and {Left} are left (at most {LargestPickleBytes} are read as pickles): it is cut short or damaged; copy or download it again."));
        }
        ReadOnlySpan<byte> bytes = _file.Slice(Position, (int)count);
        Position += (long)count;
        return bytes;
    }

    /// <summary>A text of so many bytes.</summary>
    public string ReadText(ulong count) => Text(Take(count));

    /// <summary>A text up to the next line feed, which is skipped.</summary>
    public string ReadLine()
    {
        int most = (int)Math.Min(Left, LongestName);
        int length = _file.Slice(Position, most).IndexOf((byte)'\n');
        if (length < 0)
        {
            throw Refuse("has a line without end, or one that is too long,");
        }
        string line = Text(Take((ulong)length));
        Position++;
        return line;
    }

    /// <summary>The refusal of a damaged pickle.</summary>
    /// <param name="what">What it does, such as <c>ends with values left over</c>.</param> <param name="position">Where; null for the next byte.</param>
    public InputRefusedException Refuse(string what, long? position = null) => new(CheckpointCodes.Malformed, string.Create(CultureInfo.InvariantCulture,
        $"'{Path}': its pickle {what} at byte {position ?? Position}; the file is damaged, or was not written by torch.save."));

    private string Text(ReadOnlySpan<byte> bytes) => Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : throw Refuse("has a text that is not UTF-8", Position - bytes.Length);
}
