using System.Text.Json;
using Keyhole.Exports;

namespace Keyhole.Studies.Analysis;

/// <summary>What the sections of an analysis were made with: table <c>analysis</c>, one row a section, its options as a JSON object of strings.</summary>
internal static class AnalysisSections
{
    /// <summary>Section of <c>ValueTable</c>.</summary>
    public const string Values = "values";

    /// <summary>Section of <c>PrefixTable</c>.</summary>
    public const string Prefixes = "prefixes";

    /// <summary>Section of <c>PromptTable</c>.</summary>
    public const string Prompts = "prompts";

    /// <summary>Section of <c>MutationTable</c>.</summary>
    public const string Mutations = "mutations";

    /// <summary>Section of <c>ReachTable</c>.</summary>
    public const string Reach = "reach";

    /// <summary>Section of <c>CompatTable</c>.</summary>
    public const string Compat = "compat";

    /// <summary>Section of <c>ReadWriteTable</c>.</summary>
    public const string ReadWrite = "read-write";

    /// <summary>Section of <c>FeatureTable</c>.</summary>
    public const string Features = "features";

    /// <summary>Section of <c>PatternTable</c>; made by <c>keyhole patterns</c>.</summary>
    public const string Patterns = "patterns";

    /// <summary>All sections that figures are made of.</summary>
    public static IReadOnlyList<string> All { get; } = [Values, Prefixes, Prompts, Mutations, Reach, ReadWrite, Features];

    /// <summary>These, the numbers of the paper's released code, and patterns.</summary>
    public static IReadOnlyList<string> WithCompat { get; } = [.. All, Compat, Patterns];

    private const string Table = "analysis";

    /// <summary>Puts down the options of a section, in place of earlier ones.</summary>
    /// <param name="study">The study.</param>
    /// <param name="section">Its name.</param>
    /// <param name="options">Every option that decides the result; written in order of names, so that the same options give the same bytes.</param>
    /// <exception cref="StudyNotWrittenException">KH5112.</exception>
    public static void Write(StudyEditor study, string section, IReadOnlyDictionary<string, string> options)
    {
        ArgumentException.ThrowIfNullOrEmpty(section);
        study.Execute($"CREATE TABLE IF NOT EXISTS {Table} (section TEXT PRIMARY KEY NOT NULL, options TEXT NOT NULL) WITHOUT ROWID");
        using var insert = study.Prepare($"INSERT OR REPLACE INTO {Table} (section, options) VALUES ($a, $b)");
        study.Run(insert, section, Json(options));
    }

    /// <summary>The options of a section; null where the study does not have it.</summary>
    /// <param name="study">The study.</param>
    /// <param name="section">Its name.</param>
    /// <exception cref="Engine.InputRefusedException">KH5105: damaged.</exception>
    public static IReadOnlyDictionary<string, string>? Read(Study study, string section)
        => study.HasTable(Table)
            ? study.Query($"SELECT options FROM {Table} WHERE section = $a", row => Options(section, row.GetString(0)), section).SingleOrDefault()
            : null;

    private static string Json(IReadOnlyDictionary<string, string> options)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter writer = new(bytes, new JsonWriterOptions { Encoder = new JsonTextEncoder() }))
        {
            writer.WriteStartObject();
            foreach ((string name, string value) in options.OrderBy(option => option.Key, StringComparer.Ordinal))
            {
                writer.WriteString(name, value);
            }

            writer.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(bytes.ToArray());
    }

    private static SortedDictionary<string, string> Options(string section, string json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            SortedDictionary<string, string> options = new(StringComparer.Ordinal);
            foreach (JsonProperty option in document.RootElement.EnumerateObject())
            {
                options[option.Name] = option.Value.GetString() ?? throw new InvalidDataException($"option '{option.Name}' of section '{section}' is null");
            }

            return options;
        }
        catch (Exception cause) when (cause is JsonException or InvalidOperationException)
        {
            throw new InvalidDataException($"the options of section '{section}' are no JSON object of strings", cause);
        }
    }
}
