using System.Runtime.InteropServices;
using Keyhole.Engine.Models;

namespace Keyhole.Mining;

/// <summary>Token ids of the texts to be mined, in order, in a file: a corpus of any size is tokenised once.</summary>
internal sealed class TokenSpool : IDisposable
{
    private const int BosFlag = 1 << 31;
    private const int BufferBytes = 1 << 20;

    private readonly FileStream _file;
    private readonly int _longest;

    /// <param name="path">The file; what it holds beyond <paramref name="length"/> is dropped.</param>
    /// <param name="length">Bytes of whole texts to keep.</param>
    /// <param name="longest">Tokens that no text has more of: the model's context.</param>
    /// <exception cref="IOException">The file cannot be written, or is shorter.</exception>
    public TokenSpool(string path, long length, int longest)
    {
        _longest = longest;
        _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, BufferBytes);
        if (_file.Length < length)
        {
            _file.Dispose();
            throw new EndOfStreamException($"{path} has fewer than {length} bytes");
        }

        _file.SetLength(length);
        _file.Position = length;
        Length = length;
    }

    /// <summary>Bytes so far.</summary>
    public long Length { get; private set; }

    /// <summary>Adds a text that has at least one token.</summary>
    /// <param name="unit">Its number as a unit of the corpus.</param>
    /// <param name="ids">Shape [T].</param>
    /// <param name="startsWithBos">Whether token 0 is BOS.</param>
    public void Add(int unit, ReadOnlySpan<int> ids, bool startsWithBos)
    {
        ReadOnlySpan<int> head = [ids.Length | (startsWithBos ? BosFlag : 0), unit];
        _file.Write(MemoryMarshal.AsBytes(head));
        _file.Write(MemoryMarshal.AsBytes(ids));
        Length += sizeof(int) * (2L + ids.Length);
    }

    /// <summary>Hands everything to the disk.</summary>
    public void Flush() => _file.Flush(flushToDisk: true);

    /// <summary>Tokens of the text at a place; 0 at the end.</summary>
    /// <param name="offset">Where a text begins, in bytes.</param>
    /// <exception cref="InvalidDataException">The file is not what was written.</exception>
    public int TextLength(long offset)
    {
        Seek(offset);
        return offset < Length ? ReadHead().Length : 0;
    }

    /// <summary>Reads texts as a batch of up to <paramref name="mostTokens"/> tokens, at least one text; null at the end.</summary>
    /// <param name="offset">Where the first text begins, in bytes.</param>
    /// <param name="mostTokens">Tokens of the batch.</param>
    /// <param name="mostTexts">Texts of the batch.</param>
    /// <exception cref="InvalidDataException">The file is not what was written.</exception>
    /// <exception cref="EndOfStreamException">It ends early.</exception>
    public MiningChunk? Read(long offset, int mostTokens, int mostTexts)
    {
        var ids = new List<int>();
        var starts = new List<int> { 0 };
        var units = new List<int>();
        var bos = new List<bool>();
        int[] text = [];
        Seek(offset);
        while (offset < Length && units.Count < mostTexts)
        {
            (int length, int unit, bool startsWithBos) = ReadHead();
            if (ids.Count > 0 && (long)ids.Count + length > mostTokens)
            {
                break;
            }

            if (text.Length < length)
            {
                text = new int[length];
            }

            _file.ReadExactly(MemoryMarshal.AsBytes(text.AsSpan(0, length)));
            ids.AddRange(text.AsSpan(0, length));
            starts.Add(ids.Count);
            units.Add(unit);
            bos.Add(startsWithBos);
            offset += sizeof(int) * (2L + length);
        }

        return units.Count == 0 ? null : new MiningChunk(new TokenBatch([.. ids], [.. starts]), [.. units], [.. bos], offset);
    }

    public void Dispose() => _file.Dispose();

    private void Seek(long offset)
    {
        _file.Flush();
        _file.Position = offset;
    }

    private (int Length, int Unit, bool StartsWithBos) ReadHead()
    {
        Span<int> head = stackalloc int[2];
        _file.ReadExactly(MemoryMarshal.AsBytes(head));
        int length = head[0] & ~BosFlag;
        return length > 0 && length <= _longest && head[1] >= 0
            ? (length, head[1], head[0] < 0)
            : throw new InvalidDataException($"unit {head[1]} has {length} tokens where up to {_longest} are possible");
    }
}
