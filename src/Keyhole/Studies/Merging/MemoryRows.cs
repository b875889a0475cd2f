using System.Runtime.InteropServices;
using Keyhole.Engine;
using Keyhole.Memories;
using SQLitePCL;

namespace Keyhole.Studies.Merging;

/// <summary>Reads a piece's memories one after the other, without a copy: of millions of rows most bytes are never looked at.</summary>
/// <remarks>For one thread; what a row shows is valid until the next.</remarks>
internal sealed unsafe class MemoryRows : IDisposable
{
    private const string Select = "SELECT m.layer, m.expert, m.neuron, m.positive, m.negative, m.statistics FROM memory m WHERE m.id >= ? AND m.id < ? ORDER BY m.id";
    private const string SelectRanked = $"SELECT m.layer, m.expert, m.neuron, m.positive, m.negative, m.statistics, r.positive FROM memory m LEFT JOIN {StudySchema.RankTable} r ON r.id = m.id WHERE m.id >= ? AND m.id < ? ORDER BY m.id";
    private const int FewPages = 16;

    private readonly MergePiece _piece;
    private readonly sqlite3 _connection;
    private readonly sqlite3_stmt _select;

    /// <exception cref="InputRefusedException">KH5105: the file cannot be read.</exception>
    public MemoryRows(MergePiece piece)
    {
        _piece = piece;
        Require(raw.sqlite3_open_v2(Path.GetFullPath(piece.Path), out _connection, raw.SQLITE_OPEN_READONLY | raw.SQLITE_OPEN_NOMUTEX, null));
        try
        {
            raw.sqlite3_busy_timeout(_connection, 5000);
            Require(raw.sqlite3_exec(_connection, $"PRAGMA cache_size = {FewPages}"));
            Require(raw.sqlite3_prepare_v2(_connection, piece.HasRanks ? SelectRanked : Select, out _select));
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    /// <summary>The memory of the row.</summary>
    public NeuronId Id { get; private set; }

    /// <summary>Its positive list.</summary>
    public Blob Positive { get; private set; }

    /// <summary>Its negative list.</summary>
    public Blob Negative { get; private set; }

    /// <summary>Its statistics.</summary>
    public Blob Statistics { get; private set; }

    /// <summary>What its positive list is ordered by; empty where that is not kept.</summary>
    public Blob Ranks { get; private set; }

    /// <summary>Goes to just before a row.</summary>
    /// <param name="first">Number of the first row that is read next.</param>
    /// <param name="count">Rows that will be read.</param>
    public void Seek(long first, int count)
    {
        raw.sqlite3_reset(_select);
        raw.sqlite3_bind_int64(_select, 1, first);
        raw.sqlite3_bind_int64(_select, 2, first + count);
    }

    /// <summary>Reads the next row.</summary>
    /// <exception cref="InputRefusedException">KH5105: there is none, or the file is damaged.</exception>
    public void Read()
    {
        int result = raw.sqlite3_step(_select);
        if (result != raw.SQLITE_ROW)
        {
            Require(result == raw.SQLITE_DONE ? raw.SQLITE_CORRUPT : result);
        }

        Id = new NeuronId(raw.sqlite3_column_int(_select, 0), raw.sqlite3_column_int(_select, 2), raw.sqlite3_column_int(_select, 1));
        Positive = Column(3);
        Negative = Column(4);
        Statistics = Column(5);
        Ranks = _piece.HasRanks ? Column(6) : default;
    }

    /// <summary>Lets the file go until the next <see cref="Seek"/>.</summary>
    public void Rest() => raw.sqlite3_reset(_select);

    public void Dispose()
    {
        _select.Dispose();
        _connection.Dispose();
    }

    private Blob Column(int column)
    {
        ReadOnlySpan<byte> bytes = raw.sqlite3_column_blob(_select, column);
        return new Blob((byte*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref MemoryMarshal.GetReference(bytes)), bytes.Length);   // SQLite's memory does not move
    }

    private void Require(int result)
    {
        if (result is not (raw.SQLITE_OK or raw.SQLITE_ROW))
        {
            string message = result == raw.SQLITE_CORRUPT ? "a memory is missing, or its page is damaged" : raw.sqlite3_errmsg(_connection).utf8_to_string();
            throw result == raw.SQLITE_BUSY
                ? Study.Damaged(_piece.Path, new Microsoft.Data.Sqlite.SqliteException(message, result))
                : _piece.Damaged(message);
        }
    }
}
