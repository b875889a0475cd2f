using Microsoft.Data.Sqlite;
using Xunit;

namespace Keyhole.Tests.Studies.Merging;

/// <summary>All rows of all tables of a study, but for those of the provenance that may differ between two runs.</summary>
internal static class StudyTables
{
    /// <summary>Fails where two studies differ in a row, and says in which.</summary>
    public static void Same(string expected, string actual)
    {
        SortedDictionary<string, List<string>> first = Read(expected);
        SortedDictionary<string, List<string>> second = Read(actual);
        Assert.Equal(first.Keys, second.Keys);
        foreach ((string table, List<string> rows) in first)
        {
            List<string> others = second[table];
            int different = Enumerable.Range(0, Math.Min(rows.Count, others.Count)).FirstOrDefault(i => rows[i] != others[i], -1);
            Assert.True(different < 0, different < 0 ? string.Empty : $"{table}: {rows[different]} became {others[different]}");
            Assert.True(rows.Count == others.Count, $"{table}: {rows.Count} rows became {others.Count}");
        }
    }

    private static SortedDictionary<string, List<string>> Read(string path)
    {
        SQLitePCL.Batteries_V2.Init();
        using var connection = new SqliteConnection($"Data Source={path};Mode=ReadOnly;Pooling=False");
        connection.Open();
        var tables = new SortedDictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (string table in Rows(connection, "SELECT name FROM sqlite_master WHERE type = 'table'").ToArray())
        {
            tables.Add(table, [.. Rows(connection, $"SELECT * FROM {table} ORDER BY 1").Where(row => !row.StartsWith("run.", StringComparison.Ordinal))]);
        }

        return tables;
    }

    private static IEnumerable<string> Rows(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        using SqliteDataReader reader = command.ExecuteReader();
        while (reader.Read())
        {
            yield return string.Join(" | ", Enumerable.Range(0, reader.FieldCount).Select(i => reader.GetValue(i) is byte[] bytes ? Convert.ToHexString(bytes) : reader.GetValue(i).ToString()));
        }
    }
}
