using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;

namespace Keyhole.Engine.Checkpoints;

/// <summary>Reads the head of a GGUF file from front to back; every length is compared with the bytes that are left.</summary>
internal sealed class GgufCursor(MappedFile file)
{
    /// <summary>The metadata and tensor table together may take so much; real ones take some tens of MB.</summary>
    private const long LargestHeadBytes = 256L << 20;
    private const int LongestString = 64 << 20;

    private readonly long _end = Math.Min(file.Length, LargestHeadBytes);

    /// <summary>The next byte's offset.</summary>
    public long Position { get; private set; }

    /// <summary>A number of fixed size.</summary>
    /// <param name="field">What is read, for the message.</param>
    public T Read<T>(string field) where T : unmanaged
        => MemoryMarshal.Read<T>(Take(Unsafe.SizeOf<T>(), field));

    /// <summary>So many numbers of fixed size.</summary>
    public T[] ReadArray<T>(ulong count, string field) where T : unmanaged
    {
        RequireCount(count, Unsafe.SizeOf<T>(), field);
        return MemoryMarshal.Cast<byte, T>(Take((long)count * Unsafe.SizeOf<T>(), field)).ToArray();
    }

    /// <summary>A name, which must be valid UTF-8.</summary>
    public string ReadName(string field)
    {
        long start = Position;
        ReadOnlySpan<byte> text = TakeString(field);
        return Utf8.IsValid(text) ? Encoding.UTF8.GetString(text) : throw new InputRefusedException(CheckpointCodes.Malformed,
            string.Create(CultureInfo.InvariantCulture, $"'{file.Path}': {field} at byte {start} is not valid UTF-8; the file is damaged."));
    }

    /// <summary>A text; bytes that are not UTF-8 become U+FFFD.</summary>
    public string ReadText(string field) => Encoding.UTF8.GetString(TakeString(field));

    /// <summary>Refuses a count of things of which each takes at least <paramref name="leastBytes"/>, if they cannot fit in what is left.</summary>
    public void RequireCount(ulong count, int leastBytes, string field)
    {
        if (count > (ulong)((_end - Position) / leastBytes))
        {
            throw TooLong(count, "elements", field);
        }
    }

    private ReadOnlySpan<byte> TakeString(string field)
    {
        ulong length = Read<ulong>(field);
        if (length > (ulong)Math.Min(_end - Position, LongestString))
        {
            throw TooLong(length, "bytes", field);
        }
        return Take((long)length, field);
    }

    private ReadOnlySpan<byte> Take(long count, string field)
    {
        if (count > _end - Position)
        {
            throw TooLong((ulong)count, "bytes", field);
        }
        ReadOnlySpan<byte> bytes = file.Slice(Position, (int)count);
        Position += count;
        return bytes;
    }

    private InputRefusedException TooLong(ulong count, string unit, string field) => new(CheckpointCodes.Truncated, string.Create(CultureInfo.InvariantCulture,
        $"'{file.Path}': {field} needs {count} {unit} at byte {Position}, and {_end - Position} bytes are left of the file's {file.Length} (at most {LargestHeadBytes} are read as metadata): it is cut short or damaged; copy or download it again."));
}
