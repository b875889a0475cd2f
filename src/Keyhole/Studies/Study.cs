using System.Collections.Immutable;
using System.Data;
using Keyhole.Engine;
using Keyhole.Memories;
using Microsoft.Data.Sqlite;

namespace Keyhole.Studies;

/// <summary>Reads a study: one SQLite file with the trigger examples, statistics and texts of a mined model.</summary>
/// <remarks>Not safe for several threads at once: open one for each. Damaged content is refused where it is met (KH5105).</remarks>
public sealed class Study : IDisposable
{
    private const int SqliteBusy = 5;

    private readonly string _path;
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _selectBlock;
    private readonly SqliteCommand _selectMemory;
    private readonly SqliteCommand _selectToken;
    private readonly UnitBlockCache _blocks = new();
    private readonly Dictionary<int, string?> _pieces = [];   // values name the same tokens over and over
    private ImmutableArray<NeuronId> _names;

    private Study(string path, SqliteConnection connection, IReadOnlyDictionary<string, string> rows, ImmutableArray<StudyFile> files)
    {
        _path = path;
        _connection = connection;
        Files = files;
        Provenance = ProvenanceRows.Read(rows);
        UnitCount = ProvenanceRows.Number(rows, "count.units");
        TokenCount = ProvenanceRows.Number(rows, "count.tokens");
        _selectBlock = Prepare("SELECT first_unit, units, raw_bytes, zlib FROM unit_block WHERE first_unit <= $a ORDER BY first_unit DESC LIMIT 1", 1);
        _selectMemory = Prepare("SELECT layer, expert, neuron, positive, negative, statistics FROM memory WHERE layer = $a AND expert = $b AND neuron = $c", 3);
        _selectToken = Prepare("SELECT text FROM token WHERE id = $a", 1);
    }

    /// <summary>The file, as it was given.</summary>
    internal string FilePath => _path;

    /// <summary>Where the study comes from.</summary>
    public StudyProvenance Provenance { get; }

    /// <summary>The model's shape.</summary>
    public ModelShape Shape => Provenance.Shape;

    /// <summary>Files of the corpus, by index.</summary>
    public ImmutableArray<StudyFile> Files { get; }

    /// <summary>Number of text units.</summary>
    public long UnitCount { get; }

    /// <summary>Number of tokens of all units.</summary>
    public long TokenCount { get; }

    /// <summary>The names of all memories in order, read once: searches count memories by their numbers.</summary>
    /// <exception cref="InputRefusedException">KH5105: damaged.</exception>
    internal ImmutableArray<NeuronId> Names
    {
        get
        {
            if (_names.IsDefault)
            {
                // Unordered, they come from SQLite's index of names; ordered, from rows that hold all triggers.
                _names = [.. Query("SELECT id, layer, expert, neuron FROM memory", row => (Row: row.GetInt64(0), Id: new NeuronId(row.GetInt32(1), row.GetInt32(3), row.GetInt32(2))))
                    .OrderBy(name => name.Row).Select(name => name.Id)];
            }

            return _names;
        }
    }

    /// <summary>Opens a study for reading.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InputRefusedException">
    /// KH5101: no such file; KH5102: no study; KH5103: half-written; KH5104: of a newer version; KH5105: damaged; KH5113: another run is writing it.
    /// </exception>
    public static Study Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        StudyHeader.Check(path);
        SQLitePCL.Batteries_V2.Init();
        SqliteConnection connection = new(new SqliteConnectionStringBuilder { DataSource = Path.GetFullPath(path), Mode = SqliteOpenMode.ReadOnly, Pooling = false, DefaultTimeout = 5 }.ToString());
        try
        {
            connection.Open();
            HashSet<string> tables = [.. Rows(connection, "SELECT name FROM sqlite_master WHERE type = 'table'", reader => reader.GetString(0))];
            if (StudySchema.Tables.FirstOrDefault(table => !tables.Contains(table)) is { } missing)
            {
                throw new InvalidDataException($"table '{missing}' is missing");
            }

            Dictionary<string, string> rows = Rows(connection, "SELECT key, value FROM provenance", reader => (reader.GetString(0), reader.GetString(1)))
                .ToDictionary(row => row.Item1, row => row.Item2, StringComparer.Ordinal);
            ImmutableArray<StudyFile> files = [.. Rows(connection, "SELECT id, path, bytes, sha256 FROM file ORDER BY id",
                reader => new StudyFile(reader.GetInt32(0), reader.GetString(1), reader.GetInt64(2), reader.GetString(3)))];
            return new Study(path, connection, rows, files);
        }
        catch (Exception cause) when (IsDamage(cause))
        {
            connection.Dispose();
            throw Damaged(path, cause);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>A unit by its index.</summary>
    /// <param name="index">Its number in corpus order.</param>
    /// <exception cref="ArgumentOutOfRangeException">The study has no such unit.</exception>
    /// <exception cref="InputRefusedException">KH5105: damaged.</exception>
    public StudyUnit Unit(int index) => UnitOrNull(index)
        ?? throw new ArgumentOutOfRangeException(nameof(index), index, $"The study has no unit of this number (it has {UnitCount}).");

    /// <summary>All units in corpus order.</summary>
    /// <exception cref="InputRefusedException">KH5105: damaged.</exception>
    public IEnumerable<StudyUnit> Units()
    {
        using SqliteCommand select = Prepare("SELECT first_unit, units, raw_bytes, zlib FROM unit_block ORDER BY first_unit", 0);
        using SqliteDataReader reader = Guarded(select, command => command.ExecuteReader());
        while (Guarded(reader, rows => rows.Read()))
        {
            UnitBlock block = Guarded(reader, ReadBlock);
            foreach (int index in block.Indices)
            {
                yield return Guarded((block, index), at => at.block.Unit(at.index)!);
            }
        }
    }

    /// <summary>The number and the tokens of every unit in corpus order, without its text.</summary>
    /// <exception cref="InputRefusedException">KH5105: damaged.</exception>
    internal IEnumerable<(int Index, int Tokens)> UnitSizes()
        => Query("SELECT first_unit, units, raw_bytes, zlib FROM unit_block ORDER BY first_unit", ReadBlock).SelectMany(block => block.Sizes);

    /// <summary>A memory by its name; null where the study does not have it.</summary>
    /// <param name="id">The name.</param>
    /// <exception cref="InputRefusedException">KH5105: damaged.</exception>
    public MemoryRecord? Memory(NeuronId id) => Guarded(id, ReadMemory);

    /// <summary>All memories in order (layer, expert, index).</summary>
    /// <exception cref="InputRefusedException">KH5105: damaged.</exception>
    public IEnumerable<MemoryRecord> Memories()
    {
        using SqliteCommand select = Prepare("SELECT layer, expert, neuron, positive, negative, statistics FROM memory ORDER BY id", 0);
        using SqliteDataReader reader = Guarded(select, command => command.ExecuteReader());
        while (Guarded(reader, rows => rows.Read()))
        {
            yield return Guarded(reader, ReadMemory);
        }
    }

    /// <summary>The decoded text of one token id; null where the study does not have it.</summary>
    /// <param name="token">The id.</param>
    /// <exception cref="InputRefusedException">KH5105: damaged.</exception>
    public string? TokenPiece(int token) => Guarded(token, id =>
    {
        if (!_pieces.TryGetValue(id, out string? piece))
        {
            _selectToken.Parameters[0].Value = id;
            _pieces[id] = piece = (string?)_selectToken.ExecuteScalar();
        }

        return piece;
    });

    /// <summary>Counts what the study holds.</summary>
    /// <exception cref="InputRefusedException">KH5105: damaged.</exception>
    public StudyCounts Counts() => Guarded(_connection, connection => Rows(connection,
        "SELECT count(*), count(*) FILTER (WHERE positive_count + negative_count = 0), coalesce(sum(positive_count + negative_count), 0) FROM memory",
        reader => new StudyCounts(UnitCount, TokenCount, Provenance.Candidates, reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2))).Single());

    /// <summary>Whether the study has a table: those of an analysis come later than the study.</summary>
    /// <param name="table">Its name.</param>
    internal bool HasTable(string table) => Query("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = $a", _ => true, table).Any();

    /// <summary>Rows of a query, read one by one; what cannot be read is damage (KH5105).</summary>
    /// <param name="sql">With parameters $a, $b, ... in order.</param>
    /// <param name="read">Reads a row.</param>
    /// <param name="values">Values of the parameters.</param>
    internal IEnumerable<T> Query<T>(string sql, Func<SqliteDataReader, T> read, params object[] values)
    {
        using SqliteCommand select = Prepare(sql, values.Length);
        for (int i = 0; i < values.Length; i++)
        {
            select.Parameters[i].Value = values[i];
        }

        using SqliteDataReader reader = Guarded(select, command => command.ExecuteReader());
        while (Guarded(reader, rows => rows.Read()))
        {
            yield return Guarded(reader, read);
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        _selectBlock.Dispose();
        _selectMemory.Dispose();
        _selectToken.Dispose();
        _connection.Dispose();
    }

    /// <summary>The unit that a trigger names.</summary>
    /// <exception cref="InputRefusedException">KH5105: the study does not have it, or the unit has no such token.</exception>
    internal StudyUnit UnitOf(NeuronId id, in Trigger trigger)
    {
        StudyUnit? unit = UnitOrNull(trigger.Unit);
        return unit is not null && trigger.Position < unit.Tokens.Length
            ? unit
            : throw Damaged(_path, new InvalidDataException($"a trigger of {id} names unit {trigger.Unit}, position {trigger.Position}, which the study does not have"));
    }

    /// <summary>The relative path of a unit's file.</summary>
    /// <exception cref="InputRefusedException">KH5105: the study does not name the file.</exception>
    internal string FileOf(StudyUnit unit) => unit.File < Files.Length
        ? Files[unit.File].Path
        : throw Damaged(_path, new InvalidDataException($"unit {unit.Index} names file {unit.File}, which the study does not have"));

    /// <summary>A unit by its index; null where the study does not have it.</summary>
    /// <exception cref="InputRefusedException">KH5105: damaged.</exception>
    internal StudyUnit? UnitOrNull(int index) => Guarded(index, at =>
    {
        if (_blocks.Find(at)?.Unit(at) is { } cached)
        {
            return cached;
        }

        _selectBlock.Parameters[0].Value = at;
        using SqliteDataReader reader = _selectBlock.ExecuteReader();
        if (!reader.Read())
        {
            return null;
        }

        UnitBlock block = ReadBlock(reader);
        _blocks.Add(block);
        return block.Unit(at);
    });

    private static UnitBlock ReadBlock(SqliteDataReader reader)
        => UnitBlock.Read(reader.GetFieldValue<byte[]>(3), reader.GetInt32(0), reader.GetInt32(1), reader.GetInt64(2));

    private MemoryRecord? ReadMemory(NeuronId id)
    {
        _selectMemory.Parameters[0].Value = id.Layer;
        _selectMemory.Parameters[1].Value = id.Expert;
        _selectMemory.Parameters[2].Value = id.Index;
        using SqliteDataReader reader = _selectMemory.ExecuteReader();
        return reader.Read() ? ReadMemory(reader) : null;
    }

    private static MemoryRecord ReadMemory(SqliteDataReader reader)
    {
        NeuronId id = new(reader.GetInt32(0), reader.GetInt32(2), reader.GetInt32(1));
        using MemoryStream bytes = new(reader.GetFieldValue<byte[]>(5), writable: false);
        using BinaryReader statistics = new(bytes);
        MemoryRecord memory = new()
        {
            Id = id,
            Positive = TriggerBlob.Read(reader.GetFieldValue<byte[]>(3), id.Expert >= 0),
            Negative = TriggerBlob.Read(reader.GetFieldValue<byte[]>(4), id.Expert >= 0),
            Statistics = NeuronStatistics.Read(statistics),
        };
        return bytes.Position == bytes.Length ? memory : throw new InvalidDataException($"bytes follow the statistics of {id}");
    }

    private SqliteCommand Prepare(string sql, int parameters)
    {
        SqliteCommand command = _connection.CreateCommand();
        command.CommandText = sql;
        for (int i = 0; i < parameters; i++)
        {
            command.Parameters.AddWithValue("$" + (char)('a' + i), 0);
        }

        return command;
    }

    private static List<T> Rows<T>(SqliteConnection connection, string sql, Func<SqliteDataReader, T> read)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        using SqliteDataReader reader = command.ExecuteReader();
        List<T> rows = [];
        while (reader.Read())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    private TResult Guarded<T, TResult>(T argument, Func<T, TResult> read)
    {
        ObjectDisposedException.ThrowIf(_connection.State != ConnectionState.Open, this);
        try
        {
            return read(argument);
        }
        catch (Exception cause) when (IsDamage(cause))
        {
            throw Damaged(_path, cause);
        }
    }

    // What SQLite, the blob readers and typed columns (InvalidOperationException: a NULL) throw for a file that is not what it says.
    internal static bool IsDamage(Exception cause) => cause is SqliteException or InvalidDataException or EndOfStreamException or FormatException
        or InvalidCastException or OverflowException or (InvalidOperationException and not ObjectDisposedException);

    internal static InputRefusedException Damaged(string path, Exception cause) => cause is SqliteException { SqliteErrorCode: SqliteBusy }
        ? new("KH5113", $"{path}: another run is writing this study; wait until it is done.", cause)
        : new("KH5105", $"{path}: the study is damaged: {cause.Message.TrimEnd('.')}; mine it again or take it from a backup.", cause);
}
