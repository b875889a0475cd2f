using System.Runtime.InteropServices;
using Keyhole.Engine.Models;
using Keyhole.Studies;

namespace Keyhole.Mining;

/// <summary>Token ids of the texts to be mined, in order, in a file: a corpus of any size is tokenised once.</summary>
internal sealed class TokenSpool : IDisposable
{
    private const int BosFlag = 1 << 31;

    private readonly FileStream _file;
    private readonly int _longest;
    private readonly List<int> _starts = [];
    private readonly List<int> _units = [];
    private readonly List<bool> _bos = [];
    private int[] _ids = [];   // of the chunk that was read last: chunk after chunk the same memory

    /// <param name="path">The file; what it holds beyond <paramref name="length"/> is dropped.</param>
    /// <param name="length">Bytes of whole texts to keep.</param>
    /// <param name="longest">Tokens that no text has more of: the model's context.</param>
    /// <exception cref="IOException">The file cannot be written, or is shorter.</exception>
    public TokenSpool(string path, long length, int longest)
    {
        _longest = longest;
        _file = AppendedFile.Open(path, length);
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

    /// <summary>Reads texts as a batch of up to <paramref name="mostTokens"/> tokens, at least one text; null at the end. Its ids hold until the next reading.</summary>
    /// <param name="offset">Where the first text begins, in bytes.</param>
    /// <param name="mostTokens">Tokens of the batch.</param>
    /// <param name="mostTexts">Texts of the batch.</param>
    /// <exception cref="InvalidDataException">The file is not what was written.</exception>
    /// <exception cref="EndOfStreamException">It ends early.</exception>
    public MiningChunk? Read(long offset, int mostTokens, int mostTexts)
    {
        int tokens = 0;
        _starts.Clear();
        _starts.Add(0);
        _units.Clear();
        _bos.Clear();
        Seek(offset);
        while (offset < Length && _units.Count < mostTexts)
        {
            (int length, int unit, bool startsWithBos) = ReadHead();
            if (tokens > 0 && (long)tokens + length > mostTokens)
            {
                break;
            }

            if (_ids.Length < tokens + length)
            {
                Array.Resize(ref _ids, Math.Max(tokens + length, 2 * _ids.Length));
            }

            _file.ReadExactly(MemoryMarshal.AsBytes(_ids.AsSpan(tokens, length)));
            tokens += length;
            _starts.Add(tokens);
            _units.Add(unit);
            _bos.Add(startsWithBos);
            offset += sizeof(int) * (2L + length);
        }

        return tokens == 0 ? null : new MiningChunk(new TokenBatch(_ids.AsMemory(0, tokens), [.. _starts]), [.. _units], [.. _bos], offset);
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
