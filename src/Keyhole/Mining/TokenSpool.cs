using System.Runtime.InteropServices;
using Keyhole.Engine;
using Keyhole.Engine.Models;

namespace Keyhole.Mining;

/// <summary>Token ids of all texts, in order, in a temporary file that goes away with the spool: a corpus of any size is tokenised once.</summary>
internal sealed class TokenSpool : IDisposable
{
    private const int BosFlag = 1 << 31;
    private const int BufferBytes = 1 << 20;

    private readonly FileStream _file;

    public TokenSpool(string path)
    {
        try
        {
            _file = new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.None, BufferBytes, FileOptions.DeleteOnClose);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new InputRefusedException("KH5003", $"{path}: cannot be created ({failure.Message}) The tokens of the corpus are kept beside the study while it is mined; choose a folder that can be written to.", failure);
        }
    }

    /// <summary>Texts so far.</summary>
    public int Texts { get; private set; }

    /// <summary>Tokens so far.</summary>
    public long Tokens { get; private set; }

    /// <summary>Tokens of the longest text.</summary>
    public int Longest { get; private set; }

    /// <summary>Adds a text that has at least one token.</summary>
    public void Add(ReadOnlySpan<int> ids, bool startsWithBos)
    {
        Span<int> head = [ids.Length | (startsWithBos ? BosFlag : 0)];
        _file.Write(MemoryMarshal.AsBytes(head));
        _file.Write(MemoryMarshal.AsBytes(ids));
        Texts++;
        Tokens += ids.Length;
        Longest = Math.Max(Longest, ids.Length);
    }

    /// <summary>Reads the texts back as batches of up to <paramref name="chunkTokens"/> tokens, at least one text each.</summary>
    public IEnumerable<MiningChunk> Chunks(int chunkTokens)
    {
        _file.Flush();
        _file.Position = 0;
        var ids = new List<int>(chunkTokens);
        var starts = new List<int> { 0 };
        var bos = new List<bool>();
        int firstUnit = 0;
        int[] text = new int[Longest];
        for (int read = 0; read < Texts; read++)
        {
            int head = 0;
            _file.ReadExactly(MemoryMarshal.AsBytes(new Span<int>(ref head)));
            int length = head & ~BosFlag;
            _file.ReadExactly(MemoryMarshal.AsBytes(text.AsSpan(0, length)));
            if (ids.Count > 0 && ids.Count + length > chunkTokens)
            {
                yield return Chunk(ids, starts, bos, firstUnit);
                firstUnit = read;
            }

            ids.AddRange(text.AsSpan(0, length));
            starts.Add(ids.Count);
            bos.Add(head < 0);
        }

        if (ids.Count > 0)
        {
            yield return Chunk(ids, starts, bos, firstUnit);
        }
    }

    public void Dispose() => _file.Dispose();

    private static MiningChunk Chunk(List<int> ids, List<int> starts, List<bool> bos, int firstUnit)
    {
        var chunk = new MiningChunk(new TokenBatch([.. ids], [.. starts]), [.. Enumerable.Range(firstUnit, bos.Count)], [.. bos]);
        ids.Clear();
        starts.Clear();
        starts.Add(0);
        bos.Clear();
        return chunk;
    }
}
