using System.Text.Json;

namespace Keyhole.Studies.Analysis;

/// <summary>The options of each section of an analysis.</summary>
internal static class AnalysisSections
{
    /// <summary>Writes.</summary>
    public static void Write(StudyEditor study, string section, IReadOnlyDictionary<string, string> options)
    {
        study.Execute("CREATE TABLE IF NOT EXISTS analysis (section TEXT PRIMARY KEY, options TEXT NOT NULL)");
        using Microsoft.Data.Sqlite.SqliteCommand insert = study.Prepare("INSERT OR REPLACE INTO analysis VALUES ($a, $b)");
        study.Run(insert, section, JsonSerializer.Serialize(options));
    }

    /// <summary>Reads.</summary>
    public static IReadOnlyDictionary<string, string>? Read(Study study, string section) => !study.HasTable("analysis") ? null
        : study.Query("SELECT options FROM analysis WHERE section = $a", row => row.GetString(0), section).Select(text => JsonSerializer.Deserialize<Dictionary<string, string>>(text)).FirstOrDefault();
}
