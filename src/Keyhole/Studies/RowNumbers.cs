using Microsoft.Data.Sqlite;

namespace Keyhole.Studies;

/// <summary>Numbers of rows as <see cref="StudyEditor.Run"/> writes them.</summary>
internal static class RowNumbers
{
    /// <summary>A number; NaN, which stands there as NULL.</summary>
    /// <param name="row">The row.</param>
    /// <param name="column">The column.</param>
    public static double Number(this SqliteDataReader row, int column) => row.IsDBNull(column) ? double.NaN : row.GetDouble(column);
}
