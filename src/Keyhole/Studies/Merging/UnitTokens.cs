using System.Runtime.InteropServices;
using Keyhole.Engine;
using Keyhole.Mining;
using Microsoft.Win32.SafeHandles;

namespace Keyhole.Studies.Merging;

/// <summary>The tokens of all units in a temporary file, for targets and for the endings of which <c>--distinct</c> keeps one: a corpus of any size takes 8 bytes a unit.</summary>
internal sealed class UnitTokens : IDisposable
{
    private const int MostOnStack = 256;

    private readonly FileStream _file;
    private readonly int _distinct;
    private long[] _starts = [];
    private SafeFileHandle? _handle;

    /// <param name="path">Where the file stands until it is disposed of.</param>
    /// <param name="distinct">Tokens of an ending.</param>
    /// <exception cref="InputRefusedException">KH5003: it cannot be created.</exception>
    public UnitTokens(string path, int distinct)
    {
        _distinct = distinct;
        try
        {
            _file = new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 20, FileOptions.DeleteOnClose);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new InputRefusedException("KH5003", $"{path}: cannot be created ({failure.Message}) The tokens of the corpus are kept there for a while; choose a folder that can be written to.", failure);
        }
    }

    /// <summary>Adds the next unit's tokens.</summary>
    public void Add(ReadOnlySpan<int> ids) => _file.Write(MemoryMarshal.AsBytes(ids));

    /// <summary>Ends adding.</summary>
    public void Complete(UnitTable units)
    {
        _file.Flush();
        _handle = _file.SafeFileHandle;
        _starts = units.Starts();
    }

    /// <summary>The key of an ending (<see cref="TriggerEnding"/>). Several threads may ask at once.</summary>
    /// <param name="row">The unit's row in the table.</param>
    /// <param name="position">Last position of the prefix.</param>
    public ulong Key(int row, int position)
    {
        int count = (int)Math.Min(_distinct, position + 1L);
        Span<int> ids = count <= MostOnStack ? stackalloc int[count] : new int[count];
        Read(ids, _starts[row] + position + 1 - count);
        return TriggerEnding.Key(ids, count - 1, _distinct);
    }

    /// <summary>One token. Several threads may ask at once.</summary>
    /// <param name="row">The unit's row in the table.</param>
    /// <param name="position">A position that the unit has.</param>
    public int Token(int row, int position)
    {
        int id = 0;
        Read(new Span<int>(ref id), _starts[row] + position);
        return id;
    }

    /// <summary>All tokens of a unit. Several threads may ask at once.</summary>
    /// <param name="row">The unit's row in the table.</param>
    /// <param name="ids">Takes them; as many as the unit has.</param>
    public void Copy(int row, Span<int> ids) => Read(ids, _starts[row]);

    public void Dispose() => _file.Dispose();

    private void Read(Span<int> ids, long first)
    {
        Span<byte> bytes = MemoryMarshal.AsBytes(ids);
        long at = sizeof(int) * first;
        while (bytes.Length > 0)
        {
            int read = RandomAccess.Read(_handle!, bytes, at);
            if (read == 0)
            {
                throw new EndOfStreamException("The file of tokens ends early.");
            }

            bytes = bytes[read..];
            at += read;
        }
    }
}
