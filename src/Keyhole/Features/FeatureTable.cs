using System.Collections.Immutable;
using System.Globalization;
using Keyhole.Statistics;
using Keyhole.Studies;
using Keyhole.Studies.Analysis;

namespace Keyhole.Features;

/// <summary>Tables <c>feature</c>, one row a number, and <c>feature_task</c>; made when they are first written.</summary>
internal static class FeatureTable
{
    private const string Columns = "layer, source, measure, task, k, value, lower, upper, n";
    private const string TaskColumns = "name, positive, negative, training, held_out";

    /// <summary>Writes the section in place of an earlier one.</summary>
    /// <exception cref="StudyNotWrittenException">KH5112.</exception>
    public static void Write(StudyEditor study, FeatureResult result)
    {
        study.Execute("""
            DROP TABLE IF EXISTS feature;
            DROP TABLE IF EXISTS feature_task;
            CREATE TABLE feature (
                id INTEGER PRIMARY KEY, layer INTEGER NOT NULL, source TEXT NOT NULL, measure TEXT NOT NULL, task TEXT NOT NULL, k INTEGER NOT NULL,
                value REAL, lower REAL, upper REAL, n INTEGER NOT NULL);
            CREATE TABLE feature_task (
                id INTEGER PRIMARY KEY, name TEXT NOT NULL, positive INTEGER NOT NULL, negative INTEGER NOT NULL, training INTEGER NOT NULL, held_out INTEGER NOT NULL);
            """);
        using var insert = study.Prepare($"INSERT INTO feature ({Columns}) VALUES ($a, $b, $c, $d, $e, $f, $g, $h, $i)");
        foreach (FeatureRow row in result.Rows)
        {
            study.Run(insert, row.Layer, NameOf(row.Source), NameOf(row.Measure), row.Task, row.K, row.Estimate.Value, row.Estimate.Interval.Lower, row.Estimate.Interval.Upper, row.Estimate.N);
        }

        using var task = study.Prepare($"INSERT INTO feature_task ({TaskColumns}) VALUES ($a, $b, $c, $d, $e)");
        foreach (FeatureTask one in result.Tasks)
        {
            study.Run(task, one.Name, one.Positive, one.Negative, one.Training, one.HeldOut);
        }

        AnalysisSections.Write(study, AnalysisSections.Features, result.Options);
    }

    /// <summary>What was measured; null where the study has none.</summary>
    /// <exception cref="Engine.InputRefusedException">KH5105: damaged.</exception>
    public static FeatureResult? Read(Study study)
    {
        if (AnalysisSections.Read(study, AnalysisSections.Features) is not { } options)
        {
            return null;
        }

        return new FeatureResult(
            options.ToImmutableSortedDictionary(StringComparer.Ordinal),
            [.. study.Query($"SELECT {TaskColumns} FROM feature_task ORDER BY id", row => new FeatureTask(row.GetString(0), row.GetInt32(1), row.GetInt32(2), row.GetInt32(3), row.GetInt32(4)))],
            [.. study.Query($"SELECT {Columns} FROM feature ORDER BY id", row => new FeatureRow(
                row.GetInt32(0), Parse<FeatureSource>(row.GetString(1)), Parse<FeatureMeasure>(row.GetString(2)), row.GetString(3), row.GetInt32(4),
                new Estimate(row.Number(5), new Interval(row.Number(6), row.Number(7)), row.GetInt64(8))))]);
    }

    /// <summary>The name of a source or measure, as it stands in the study and in JSON.</summary>
    public static string NameOf<T>(T value)
        where T : struct, Enum
    {
        string name = value.ToString();
        return string.Create(CultureInfo.InvariantCulture, $"{char.ToLowerInvariant(name[0])}{name.AsSpan(1)}");
    }

    private static T Parse<T>(string name)
        where T : struct, Enum
        => Enum.TryParse(name, ignoreCase: true, out T value) && Enum.IsDefined(value) ? value : throw new InvalidDataException($"'{name}' is not one of {string.Join(", ", Enum.GetNames<T>())}");
}
