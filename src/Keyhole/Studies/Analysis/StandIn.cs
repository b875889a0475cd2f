using System.Text.Json;
using System.Text.Json.Serialization;

namespace Keyhole.Studies.Analysis;

/// <summary>Rows as JSON text.</summary>
internal static class StandIn
{
    private static readonly JsonSerializerOptions Options = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>Writes.</summary>
    public static void Write<T>(StudyEditor study, string section, IReadOnlyDictionary<string, string> options, IReadOnlyList<T> rows)
    {
        study.Execute($"DROP TABLE IF EXISTS standin_{section}");
        study.Execute($"CREATE TABLE standin_{section} (rows TEXT NOT NULL)");
        using Microsoft.Data.Sqlite.SqliteCommand insert = study.Prepare($"INSERT INTO standin_{section} VALUES ($a)");
        study.Run(insert, JsonSerializer.Serialize(rows, Options));
        AnalysisSections.Write(study, section, options);
    }

    /// <summary>Reads.</summary>
    public static IReadOnlyList<T>? Read<T>(Study study, string section) => study.HasTable("standin_" + section)
        ? JsonSerializer.Deserialize<List<T>>(study.Query($"SELECT rows FROM standin_{section}", row => row.GetString(0)).Single(), Options)
        : null;
}
