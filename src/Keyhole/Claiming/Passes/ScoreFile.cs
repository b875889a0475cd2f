using System.Runtime.InteropServices;
using Keyhole.Studies;
using Microsoft.Win32.SafeHandles;

namespace Keyhole.Claiming.Passes;

/// <summary>Columns of numbers, put aside chunk by chunk in a file that goes away when it is closed, and read column by column: memory holds one column, whatever the corpus.</summary>
internal sealed class ScoreFile : IDisposable
{
    private readonly FileStream _stream;
    private readonly SafeFileHandle _file;
    private readonly List<(long Offset, int First, int Count, int Columns)> _chunks = [];
    private long _length;

    /// <exception cref="StudyNotWrittenException">KH7809: no file can be made in the temporary folder.</exception>
    public ScoreFile()
    {
        try
        {
            _stream = new FileStream(Path.Combine(Path.GetTempPath(), $".keyhole-{Guid.NewGuid():N}.scores"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);
            _file = _stream.SafeFileHandle;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw NotWritten(cause);
        }
    }

    /// <summary>Adds a chunk.</summary>
    /// <param name="first">Its first position.</param>
    /// <param name="positions">Its positions, which follow those before.</param>
    /// <param name="scores">Shape [columns, positions].</param>
    /// <exception cref="StudyNotWrittenException">KH7809: the disk is full.</exception>
    public void Add(int first, int positions, ReadOnlySpan<float> scores)
    {
        if (positions == 0 || scores.IsEmpty)
        {
            return;
        }

        _chunks.Add((_length, first, positions, scores.Length / positions));
        try
        {
            RandomAccess.Write(_file, MemoryMarshal.AsBytes(scores), _length);
        }
        catch (IOException cause)
        {
            throw NotWritten(cause);
        }

        _length += sizeof(float) * (long)scores.Length;
    }

    /// <summary>A column at the positions [from, to), all of which have it.</summary>
    /// <param name="column">The column.</param>
    /// <param name="from">A chunk begins there.</param>
    /// <param name="to">A chunk ends there.</param>
    public float[] Read(int column, int from, int to)
    {
        float[] scores = new float[to - from];
        foreach ((long offset, int first, int count, int columns) in _chunks)
        {
            if (first < from || first >= to)
            {
                continue;
            }

            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(column, columns);
            Read(MemoryMarshal.AsBytes(scores.AsSpan(first - from, count)), offset + (sizeof(float) * (long)column * count));
        }

        return scores;
    }

    public void Dispose() => _stream.Dispose();

    private void Read(Span<byte> bytes, long at)
    {
        try
        {
            for (int got = 0; got < bytes.Length;)
            {
                int more = RandomAccess.Read(_file, bytes[got..], at + got);
                got += more > 0 ? more : throw new EndOfStreamException("what was put aside ends early");
            }
        }
        catch (IOException cause)
        {
            throw NotWritten(cause);
        }
    }

    private static StudyNotWrittenException NotWritten(Exception cause)
        => new("KH7809", $"the coefficients that a test has to count cannot be put aside in the temporary folder ({cause.Message.TrimEnd('.')}); free some space there, or name another folder with TMPDIR.", cause);
}
