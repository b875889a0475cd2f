using Keyhole.Engine;
using Microsoft.Data.Sqlite;

namespace Keyhole.Studies;

/// <summary>The journal that SQLite keeps beside a study while <see cref="StudyEditor"/> changes it: the pages as they were.</summary>
internal static class StudyJournal
{
    private const int SqliteBusy = 5;

    /// <summary>Where a journal stands that no living run holds, puts the old pages back; a reader alone may not. Gives whether there was a journal.</summary>
    /// <param name="path">A study.</param>
    /// <exception cref="InputRefusedException">KH5101: the file or its folder may not be written, so that it cannot be done.</exception>
    public static bool RollBack(string path)
    {
        if (!File.Exists(path + "-journal"))
        {
            return false;
        }

        SQLitePCL.Batteries_V2.Init();
        try
        {
            using SqliteConnection connection = new(new SqliteConnectionStringBuilder { DataSource = Path.GetFullPath(path), Mode = SqliteOpenMode.ReadWrite, Pooling = false, DefaultTimeout = 5 }.ToString());
            connection.Open();
            using SqliteCommand read = connection.CreateCommand();
            read.CommandText = "SELECT count(*) FROM sqlite_master";   // SQLite rolls back before the first read
            read.ExecuteScalar();
        }
        catch (SqliteException cause) when (cause.SqliteErrorCode != SqliteBusy)
        {
            throw new InputRefusedException("KH5101", $"{path}: a run that changed this study was stopped halfway, and it cannot be put back as it was ({cause.Message.TrimEnd('.')}); make the file and its folder writable and try again.", cause);
        }
        catch (SqliteException)
        {
            // A living run writes the study: the journal is its own.
        }

        return true;
    }
}
