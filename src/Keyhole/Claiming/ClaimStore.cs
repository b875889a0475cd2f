using System.Collections.Immutable;
using System.Text.Json;
using Keyhole.Studies;
using Microsoft.Data.Sqlite;

namespace Keyhole.Claiming;

/// <summary>The tested claims of a study: tables of their own, written by <c>keyhole claim</c> alone (docs/formats/study.md).</summary>
public static class ClaimStore
{
    private const string Claims = "tested_claim";
    private const string Run = "tested_claim_run";

    /// <summary>The claims that were tested last; null where none ever were.</summary>
    /// <param name="study">The study.</param>
    /// <exception cref="Engine.InputRefusedException">KH5105: damaged.</exception>
    public static ClaimRun? Read(Study study)
    {
        ArgumentNullException.ThrowIfNull(study);
        if (!study.HasTable(Run) || !study.HasTable(Claims))
        {
            return null;
        }

        return study.Query($"SELECT options FROM {Run}", row => Parse<ImmutableSortedDictionary<string, string>>(row.GetString(0))).SingleOrDefault() is not { } options ? null : new ClaimRun
        {
            Options = options,
            Claims = [.. study.Query($"SELECT result FROM {Claims} ORDER BY number", row => Parse<ClaimResult>(row.GetString(0)))],
        };
    }

    /// <summary>Puts claims in place of earlier ones.</summary>
    internal static void Write(StudyEditor editor, ClaimRun run)
    {
        editor.Execute($"""
            DROP TABLE IF EXISTS {Run};
            DROP TABLE IF EXISTS {Claims};
            CREATE TABLE {Run} (id INTEGER PRIMARY KEY CHECK (id = 1), options TEXT NOT NULL);
            CREATE TABLE {Claims} (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, result TEXT NOT NULL);
            """);
        using SqliteCommand options = editor.Prepare($"INSERT INTO {Run} (id, options) VALUES (1, $a)");
        editor.Run(options, JsonSerializer.Serialize(run.Options, ClaimJson.Options));
        using SqliteCommand claim = editor.Prepare($"INSERT INTO {Claims} (number, name, result) VALUES ($a, $b, $c)");
        foreach ((int number, ClaimResult result) in run.Claims.Index())
        {
            editor.Run(claim, number, result.Name, JsonSerializer.Serialize(result, ClaimJson.Options));
        }
    }

    private static T Parse<T>(string json)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json, ClaimJson.Options) ?? throw new InvalidDataException("a tested claim is null");
        }
        catch (Exception cause) when (cause is JsonException or NotSupportedException or ArgumentException)
        {
            throw new InvalidDataException($"a tested claim cannot be read ({cause.Message.TrimEnd('.')})", cause);
        }
    }
}
