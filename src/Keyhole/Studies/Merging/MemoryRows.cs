using System.Runtime.InteropServices;
using Keyhole.Engine;
using Keyhole.Memories;
using SQLitePCL;

namespace Keyhole.Studies.Merging;

/// <summary>Reads a piece's memories one after the other, without a copy: of millions of rows most bytes are never looked at.</summary>
/// <remarks>For one thread; what a row shows is valid until the next.</remarks>
internal sealed unsafe class MemoryRows : IDisposable
{
    private const int FewPages = 16;

    private readonly MergePiece _piece;
    private readonly bool _samples;
    private readonly sqlite3 _connection;
    private readonly sqlite3_stmt _select;

    /// <param name="piece">The piece.</param>
    /// <param name="rules">What it was mined by.</param>
    /// <exception cref="InputRefusedException">KH5105: the file cannot be read.</exception>
    public MemoryRows(MergePiece piece, ListRules rules)
    {
        _piece = piece;
        _samples = rules.SampleQuantiles;
        Cases = new Blob[rules.SignCases ? StudySchema.CaseColumns.Length : 0];
        Require(raw.sqlite3_open_v2(Path.GetFullPath(piece.Path), out _connection, raw.SQLITE_OPEN_READONLY | raw.SQLITE_OPEN_NOMUTEX, null));
        try
        {
            raw.sqlite3_busy_timeout(_connection, 5000);
            Require(raw.sqlite3_exec(_connection, $"PRAGMA cache_size = {FewPages}"));
            Require(raw.sqlite3_prepare_v2(_connection, Select(), out _select));
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

    /// <summary>Its sample of the positive pole; no bytes where none is kept.</summary>
    public Blob PositiveSample { get; private set; }

    /// <summary>Its sample of the negative pole; no bytes where none is kept.</summary>
    public Blob NegativeSample { get; private set; }

    /// <summary>Its coefficients at the random positions; no bytes where none are kept.</summary>
    public Blob Random { get; private set; }

    /// <summary>The lists of its sign cases; none where they are not kept.</summary>
    public Blob[] Cases { get; }

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
        int column = 6;
        Ranks = _piece.HasRanks ? Column(column++) : default;
        if (_samples)
        {
            (PositiveSample, NegativeSample, Random) = (Column(column++), Column(column++), Column(column++));
        }

        for (int i = 0; i < Cases.Length; i++)
        {
            Cases[i] = Column(column++);
        }
    }

    /// <summary>Lets the file go until the next <see cref="Seek"/>.</summary>
    public void Rest() => raw.sqlite3_reset(_select);

    public void Dispose()
    {
        _select.Dispose();
        _connection.Dispose();
    }

    // Rows of the tables beside a memory stand under its number.
    private string Select()
    {
        string columns = "m.layer, m.expert, m.neuron, m.positive, m.negative, m.statistics";
        string tables = "memory m";
        if (_piece.HasRanks)
        {
            columns += ", r.positive";
            tables += $" LEFT JOIN {StudySchema.RankTable} r ON r.id = m.id";
        }

        if (_samples)
        {
            columns += ", s.positive, s.negative, s.random";
            tables += $" LEFT JOIN {StudySchema.SampleTable} s ON s.id = m.id";
        }

        if (Cases.Length > 0)
        {
            columns += string.Concat(StudySchema.CaseColumns.Select(column => ", c." + column));
            tables += $" LEFT JOIN {StudySchema.CaseTable} c ON c.id = m.id";
        }

        return $"SELECT {columns} FROM {tables} WHERE m.id >= ? AND m.id < ? ORDER BY m.id";
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
