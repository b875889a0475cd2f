using Keyhole.Annotations;
using Keyhole.Engine;
using Microsoft.Data.Sqlite;

namespace Keyhole.Studies;

/// <summary>The file of a study that is being written: begun beside its place, put there when it is whole, removed when it is given up.</summary>
internal sealed class PartialStudy : IDisposable
{
    private const int SqliteBusy = 5;
    private const int SqliteFull = 13;

    private readonly string _path;
    private readonly string _partial;
    private readonly bool _overwrite;
    private SqliteConnection? _connection;
    private bool _begun;

    private PartialStudy(string path, bool overwrite)
    {
        _path = path;
        _partial = path + ".partial";
        _overwrite = overwrite;
    }

    /// <summary>Begins the file with empty tables; <paramref name="maxPages"/> bounds it so that tests can fill the disk.</summary>
    /// <exception cref="InputRefusedException">KH5110, KH5111 or KH5113.</exception>
    /// <exception cref="StudyNotWrittenException">KH5112.</exception>
    public static PartialStudy Create(string path, bool overwrite, int? maxPages)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        RequireFree(path, overwrite);
        PartialStudy study = new(Path.GetFullPath(path), overwrite);
        try
        {
            study.Begin(maxPages);
            return study;
        }
        catch
        {
            study.Dispose();
            throw;
        }
    }

    /// <summary>Refuses a place where the study could not be put at the end.</summary>
    /// <exception cref="InputRefusedException">KH5110 or KH5111.</exception>
    public static void RequireFree(string path, bool overwrite)
    {
        OutputTarget.Require(path, "KH5111");
        RefuseExisting(path, overwrite);
    }

    /// <summary>Throws where the study is complete or given up.</summary>
    public void RequireOpen() => _ = Connection();

    /// <summary>A command over the study.</summary>
    public SqliteCommand Prepare(string sql)
    {
        SqliteCommand command = Connection().CreateCommand();
        command.CommandText = sql;
        return command;
    }

    /// <summary>Runs a command once.</summary>
    /// <exception cref="StudyNotWrittenException">KH5112.</exception>
    public void Execute(string sql)
    {
        using SqliteCommand command = Prepare(sql);
        Run(command);
    }

    /// <summary>Runs a command with values bound to $a, $b, ... in order.</summary>
    /// <exception cref="StudyNotWrittenException">KH5112.</exception>
    public void Run(SqliteCommand command, params ReadOnlySpan<object> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (command.Parameters.Count <= i)
            {
                command.Parameters.AddWithValue("$" + (char)('a' + i), values[i]);
            }
            else
            {
                command.Parameters[i].Value = values[i];
            }
        }

        try
        {
            command.ExecuteNonQuery();
        }
        catch (SqliteException cause)
        {
            throw NotWritten(cause);
        }
    }

    /// <summary>Flushes the file to the disk and puts it in its place.</summary>
    /// <exception cref="InputRefusedException">KH5110.</exception>
    /// <exception cref="StudyNotWrittenException">KH5112.</exception>
    public void Complete()
    {
        Execute("COMMIT");
        Close();
        try
        {
            using (FileStream file = new(_partial, FileMode.Open, FileAccess.ReadWrite))
            {
                file.Flush(flushToDisk: true);
            }

            RefuseExisting(_path, _overwrite);
            AnnotationRescue.Save(_path);   // people's work is not thrown away with a study that is mined again
            File.Move(_partial, _path, _overwrite);
            _begun = false;
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw NotWritten(cause);
        }
    }

    /// <summary>Removes the file unless it is complete.</summary>
    public void Dispose()
    {
        Close();
        if (_begun)
        {
            _begun = false;
            File.Delete(_partial);
        }
    }

    private void Begin(int? maxPages)
    {
        if (File.Exists(_partial) && IsLocked(_partial))
        {
            throw new InputRefusedException("KH5113", $"{_path}: another run is writing this study ('{_partial}' is locked); wait for it or give another path.");
        }

        try
        {
            File.Delete(_partial);
            using (new FileStream(_partial, FileMode.CreateNew))
            {
                _begun = true;   // only what this run made is ever removed by it
            }

            _connection = Open(_partial);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException or SqliteException)
        {
            throw NotWritten(cause);
        }

        // No journal: a study that fails is removed as a whole. One transaction, so that pages stream to the file as the cache fills.
        Execute("PRAGMA page_size = 8192");
        Execute("PRAGMA journal_mode = OFF");
        Execute("PRAGMA synchronous = OFF");
        Execute("PRAGMA locking_mode = EXCLUSIVE");
        Execute($"PRAGMA application_id = {StudySchema.ApplicationId}");
        if (maxPages is { } pages)
        {
            Execute($"PRAGMA max_page_count = {pages}");
        }

        Execute("BEGIN EXCLUSIVE");
        Execute(StudySchema.Create);
    }

    // A partial file that a process holds locked is alive; any other is what a killed run left.
    private static bool IsLocked(string path)
    {
        try
        {
            using SqliteConnection probe = Open(path);
            using SqliteCommand begin = probe.CreateCommand();
            begin.CommandTimeout = 1;
            begin.CommandText = "BEGIN EXCLUSIVE";
            begin.ExecuteNonQuery();
            return false;
        }
        catch (SqliteException cause)
        {
            return cause.SqliteErrorCode == SqliteBusy;
        }
    }

    private static SqliteConnection Open(string path)
    {
        SQLitePCL.Batteries_V2.Init();
        SqliteConnection connection = new(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString());
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private SqliteConnection Connection()
        => _connection ?? throw new InvalidOperationException("The study is complete or was given up: nothing more can be written.");

    private void Close()
    {
        _connection?.Dispose();
        _connection = null;
    }

    private static void RefuseExisting(string path, bool overwrite)
    {
        if (!overwrite && File.Exists(path))
        {
            throw new InputRefusedException("KH5110", $"{path}: a file of this name exists already; give another path, or --overwrite to replace it.");
        }
    }

    private StudyNotWrittenException NotWritten(Exception cause)
    {
        bool full = cause is SqliteException { SqliteErrorCode: SqliteFull };
        return new StudyNotWrittenException("KH5112", full
            ? $"{_path}: the disk is full, so the study was not written; free some space or give a path on another disk."
            : $"{_path}: the study could not be written ({cause.Message.TrimEnd('.')}); check the folder's permissions and space or give another path.", cause);
    }
}
