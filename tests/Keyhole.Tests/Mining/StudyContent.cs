using System.Globalization;
using Keyhole.Studies;
using Microsoft.Data.Sqlite;
using Xunit;

namespace Keyhole.Tests.Mining;

/// <summary>All rows of all tables of a study but those that may differ between equal runs (<c>run.*</c>), as text.</summary>
internal sealed class StudyContent
{
    private readonly string[] _rows;

    private StudyContent(string[] rows) => _rows = rows;

    /// <summary>Reads an open study and closes it.</summary>
    public static StudyContent Of(Study study)
    {
        string path = study.FilePath;
        study.Dispose();
        return Of(path);
    }

    /// <summary>Reads a study.</summary>
    public static StudyContent Of(string path)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        connection.Open();
        var rows = new List<string>();
        foreach (string table in Read(connection, "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").Select(row => row[(row.IndexOf('|') + 1)..]).ToArray())
        {
            rows.AddRange(Read(connection, $"SELECT * FROM \"{table.Trim('\'')}\"").Select(row => table + row).Where(row => !row.Contains("'run.", StringComparison.Ordinal)));
        }

        return new StudyContent([.. rows]);
    }

    /// <summary>Fails where the other has other rows, and names the first.</summary>
    public void AssertSame(StudyContent other)
    {
        foreach ((int index, string row) in _rows.Index())
        {
            Assert.True(index < other._rows.Length, $"the row {row} is missing");
            Assert.Equal(row, other._rows[index]);
        }

        Assert.Equal(_rows.Length, other._rows.Length);
    }

    private static List<string> Read(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        using SqliteDataReader reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
        {
            rows.Add(string.Concat(Enumerable.Range(0, reader.FieldCount).Select(field => "|" + Text(reader.GetValue(field)))));
        }

        return rows;
    }

    private static string Text(object value) => value switch
    {
        byte[] bytes => Convert.ToHexString(bytes),
        string text => $"'{text}'",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? string.Empty,
    };
}
