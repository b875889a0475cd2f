using Keyhole.Engine;
using Microsoft.Data.Sqlite;

namespace Keyhole.Studies;

/// <summary>Adds tables to a finished study in one transaction: all of it stands after <see cref="Commit"/>, nothing of it before or without.</summary>
/// <remarks>Not safe for several threads at once.</remarks>
internal sealed class StudyEditor : IDisposable
{
    private const int SqliteBusy = 5;
    private const int SqliteFull = 13;

    private readonly string _path;
    private readonly SqliteConnection _connection;
    private SqliteTransaction? _transaction;

    private StudyEditor(string path, SqliteConnection connection)
    {
        _path = path;
        _connection = connection;
    }

    /// <summary>Opens a finished study for writing; no other process may write it meanwhile.</summary>
    /// <param name="path">The study.</param>
    /// <exception cref="InputRefusedException">KH5101 to KH5105: no study; KH5113: another run writes it.</exception>
    /// <exception cref="StudyNotWrittenException">KH5112: it cannot be written.</exception>
    public static StudyEditor Open(string path) => Open(path, spills: false);

    /// <summary>Refuses a study that cannot be written, before there is any work for it.</summary>
    /// <param name="path">The study.</param>
    /// <exception cref="InputRefusedException">KH5101 to KH5105: no study; KH5113: another run writes it.</exception>
    /// <exception cref="StudyNotWrittenException">KH5112: it cannot be written.</exception>
    public static void RequireWritable(string path) => Open(path).Dispose();

    /// <summary>As the other method; a test lets pages that do not fit the cache go to the file before the commit, as those of a large study may.</summary>
    internal static StudyEditor Open(string path, bool spills)
    {
        StudyHeader.Check(path);
        SQLitePCL.Batteries_V2.Init();
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.GetFullPath(path), Mode = SqliteOpenMode.ReadWrite, Pooling = false, DefaultTimeout = 5 }.ToString());
        var editor = new StudyEditor(path, connection);
        try
        {
            editor.Guard(() =>
            {
                connection.Open();
                using (SqliteCommand keepInMemory = connection.CreateCommand())
                {
                    keepInMemory.CommandText = spills ? "PRAGMA cache_spill = ON" : "PRAGMA cache_spill = OFF";   // pages written before the commit would lock out the reader that the content comes from
                    keepInMemory.ExecuteNonQuery();
                }

                editor._transaction = connection.BeginTransaction(deferred: false);
            });
            return editor;
        }
        catch
        {
            editor.Dispose();
            throw;
        }
    }

    /// <summary>A command inside the transaction; give its parameters with <see cref="Run"/>.</summary>
    /// <param name="sql">With parameters $a, $b, ... in order.</param>
    public SqliteCommand Prepare(string sql)
    {
        SqliteCommand command = _connection.CreateCommand();
        command.Transaction = _transaction;
        command.CommandText = sql;
        return command;
    }

    /// <summary>Runs statements without parameters.</summary>
    public void Execute(string sql)
    {
        using SqliteCommand command = Prepare(sql);
        Guard(() => command.ExecuteNonQuery());
    }

    /// <summary>Runs a prepared command with values for $a, $b, ...; a NaN or a null becomes NULL.</summary>
    public void Run(SqliteCommand command, params ReadOnlySpan<object?> values) => Change(command, values);

    /// <summary>As <see cref="Run"/>; gives the number of rows that were changed.</summary>
    public int Change(SqliteCommand command, params ReadOnlySpan<object?> values)
    {
        Bind(command, values);
        int changed = 0;
        Guard(() => changed = command.ExecuteNonQuery());
        return changed;
    }

    /// <summary>Reads the first row of a query; the default where there is none.</summary>
    /// <param name="sql">With parameters $a, $b, ... in order.</param>
    /// <param name="read">Reads a row.</param>
    /// <param name="values">Values of the parameters.</param>
    /// <exception cref="InputRefusedException">KH5105: what is there is damaged.</exception>
    public T? First<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<object?> values) => All(sql, read, values).FirstOrDefault();

    /// <summary>Reads all rows of a query.</summary>
    /// <param name="sql">With parameters $a, $b, ... in order.</param>
    /// <param name="read">Reads a row.</param>
    /// <param name="values">Values of the parameters.</param>
    /// <exception cref="InputRefusedException">KH5105: what is there is damaged.</exception>
    public List<T> All<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<object?> values)
    {
        using SqliteCommand command = Prepare(sql);
        Bind(command, values);
        try
        {
            using SqliteDataReader reader = command.ExecuteReader();
            List<T> rows = [];
            while (reader.Read())
            {
                rows.Add(read(reader));
            }

            return rows;
        }
        catch (Exception cause) when (Study.IsDamage(cause))
        {
            throw Study.Damaged(_path, cause);
        }
    }

    /// <summary>Makes everything since <see cref="Open(string)"/> part of the study.</summary>
    public void Commit() => Guard(() => _transaction!.Commit());

    /// <summary>Closes the study; without <see cref="Commit"/> it is as it was.</summary>
    public void Dispose()
    {
        _transaction?.Dispose();
        _connection.Dispose();
    }

    private static void Bind(SqliteCommand command, ReadOnlySpan<object?> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            object value = values[i] is null or double.NaN or float.NaN ? DBNull.Value : values[i]!;
            if (command.Parameters.Count <= i)
            {
                command.Parameters.AddWithValue("$" + (char)('a' + i), value);
            }
            else
            {
                command.Parameters[i].Value = value;
            }
        }
    }

    private void Guard(Action write)
    {
        try
        {
            write();
        }
        catch (SqliteException cause) when (cause.SqliteErrorCode == SqliteBusy)
        {
            throw new InputRefusedException("KH5113", $"{_path}: another run is writing this study; wait until it is done.", cause);
        }
        catch (SqliteException cause)
        {
            throw new StudyNotWrittenException("KH5112", cause.SqliteErrorCode == SqliteFull
                ? $"{_path}: the disk is full; the study is as it was. Free some space and run it again."
                : $"{_path}: the study could not be written ({cause.Message.TrimEnd('.')}) and is as it was; check the permissions of the file and its folder.", cause);
        }
    }
}
