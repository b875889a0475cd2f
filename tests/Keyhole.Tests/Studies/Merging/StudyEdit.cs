using Microsoft.Data.Sqlite;

namespace Keyhole.Tests.Studies.Merging;

/// <summary>Changes a study behind the program's back.</summary>
internal static class StudyEdit
{
    /// <summary>Runs a statement with values bound to $a, $b, ... in order.</summary>
    public static void Execute(string path, string sql, params object[] values)
    {
        using SqliteConnection connection = Open(path);
        using SqliteCommand command = Command(connection, sql, values);
        command.ExecuteNonQuery();
    }

    /// <summary>The first value of a query.</summary>
    public static T Scalar<T>(string path, string sql, params object[] values)
    {
        using SqliteConnection connection = Open(path);
        using SqliteCommand command = Command(connection, sql, values);
        return (T)command.ExecuteScalar()!;
    }

    private static SqliteConnection Open(string path)
    {
        SQLitePCL.Batteries_V2.Init();
        var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        return connection;
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql, object[] values)
    {
        SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        for (int i = 0; i < values.Length; i++)
        {
            command.Parameters.AddWithValue("$" + (char)('a' + i), values[i]);
        }

        return command;
    }
}
