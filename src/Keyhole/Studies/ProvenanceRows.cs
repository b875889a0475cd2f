using System.Collections.Immutable;
using System.Globalization;

namespace Keyhole.Studies;

/// <summary>Provenance as rows of key and value. Rows whose key begins with <c>run.</c> may differ between equal studies; no other may.</summary>
internal static class ProvenanceRows
{
    private const string Option = "option.";
    private const string RunOption = "run.option.";
    private const string ShardCount = "shard.count";

    public static IEnumerable<(string Key, string Value)> Write(StudyProvenance provenance)
    {
        ModelShape shape = provenance.Shape;
        StudyRun run = provenance.Run;
        yield return ("program.version", provenance.ProgramVersion);
        yield return ("model.path", provenance.ModelPath);
        yield return ("model.family", provenance.ModelFamily);
        yield return ("model.weights_sha256", provenance.WeightsSha256);
        yield return ("model.tokenizer_sha256", provenance.TokenizerSha256);
        yield return ("model.widths", string.Join(',', shape.Widths.Select(Text)));
        yield return ("model.d_model", Text(shape.ModelWidth));
        yield return ("model.gated", shape.Gated ? "true" : "false");
        yield return ("model.activation", shape.Activation);
        yield return ("model.vocabulary", Text(shape.VocabularySize));
        yield return ("model.experts", Text(shape.Experts));
        yield return ("corpus.sha256", provenance.CorpusSha256);
        yield return ("count.candidates", Text(provenance.Candidates));
        if (provenance.Shard is { } shard)
        {
            yield return (ShardCount, Text(shard.Count));
            yield return ("shard.parts", string.Join(',', shard.Parts.Select(Text)));
            yield return ("shard.corpus_units", Text(shard.CorpusUnits));
            yield return ("shard.corpus_tokens", Text(shard.CorpusTokens));
        }

        yield return ("run.started", run.Started.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
        yield return ("run.finished", run.Finished.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
        yield return ("run.threads", Text(run.Threads));
        yield return ("run.instruction_set", run.InstructionSet);
        yield return ("run.processor", run.Processor);
        yield return ("run.operating_system", run.OperatingSystem);
        yield return ("run.framework", run.Framework);
        foreach ((string name, string value) in provenance.Options)
        {
            yield return (Option + name, value);
        }

        foreach ((string name, string value) in run.Options)
        {
            yield return (RunOption + name, value);
        }
    }

    /// <summary>Some of the rows, by key.</summary>
    /// <param name="provenance">Where a study comes from.</param>
    /// <param name="wanted">Which rows.</param>
    public static SortedDictionary<string, string> Where(StudyProvenance provenance, Func<string, bool> wanted)
        => new(Write(provenance).Where(row => wanted(row.Key)).ToDictionary(row => row.Key, row => row.Value), StringComparer.Ordinal);

    /// <summary>Whether a row is of the run alone, so that it may differ between equal studies.</summary>
    public static bool IsOfRun(string key) => key.StartsWith("run.", StringComparison.Ordinal);

    /// <summary>The first row, by key, that is not the same in both; null where all are.</summary>
    public static (string Key, string? First, string? Second)? FirstDifference(IReadOnlyDictionary<string, string> first, IReadOnlyDictionary<string, string> second)
    {
        foreach (string key in first.Keys.Union(second.Keys).Order(StringComparer.Ordinal))
        {
            (string? one, string? other) = (first.GetValueOrDefault(key), second.GetValueOrDefault(key));
            if (!string.Equals(one, other, StringComparison.Ordinal))
            {
                return (key, one, other);
            }
        }

        return null;
    }

    /// <summary>A row's value for people.</summary>
    public static string Quoted(string? value) => value is null ? "missing" : $"'{value}'";

    /// <exception cref="InvalidDataException">A row is missing or is not what it should be.</exception>
    public static StudyProvenance Read(IReadOnlyDictionary<string, string> rows) => new()
    {
        ProgramVersion = Row(rows, "program.version"),
        ModelPath = Row(rows, "model.path"),
        ModelFamily = Row(rows, "model.family"),
        WeightsSha256 = Row(rows, "model.weights_sha256"),
        TokenizerSha256 = Row(rows, "model.tokenizer_sha256"),
        CorpusSha256 = Row(rows, "corpus.sha256"),
        Candidates = Number(rows, "count.candidates"),
        Shard = rows.ContainsKey(ShardCount) ? Shard(rows) : null,
        Shape = new ModelShape
        {
            Widths = [.. Integers(rows, "model.widths")],
            ModelWidth = Integer(rows, "model.d_model"),
            Gated = Truth(rows, "model.gated"),
            Activation = Row(rows, "model.activation"),
            VocabularySize = Integer(rows, "model.vocabulary"),
            Experts = Integer(rows, "model.experts"),
        },
        Options = Options(rows, Option),
        Run = new StudyRun
        {
            Started = Time(rows, "run.started"),
            Finished = Time(rows, "run.finished"),
            Threads = Integer(rows, "run.threads"),
            InstructionSet = Row(rows, "run.instruction_set"),
            Processor = Row(rows, "run.processor"),
            OperatingSystem = Row(rows, "run.operating_system"),
            Framework = Row(rows, "run.framework"),
            Options = Options(rows, RunOption),
        },
    };

    /// <summary>A number of a row.</summary>
    /// <exception cref="InvalidDataException">The row is missing or no number.</exception>
    public static long Number(IReadOnlyDictionary<string, string> rows, string key) => Number(key, Row(rows, key), long.MaxValue);

    /// <summary>A number as a row's text.</summary>
    public static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Text(int number) => Text((long)number);

    private static StudyShard Shard(IReadOnlyDictionary<string, string> rows)
    {
        int count = Integer(rows, ShardCount);
        ImmutableArray<int> parts = [.. Integers(rows, "shard.parts")];
        bool ascending = parts.Zip(parts.Skip(1)).All(pair => pair.First < pair.Second);
        return parts.Length > 0 && ascending && parts[^1] < count
            ? new StudyShard { Count = count, Parts = parts, CorpusUnits = Number(rows, "shard.corpus_units"), CorpusTokens = Number(rows, "shard.corpus_tokens") }
            : throw new InvalidDataException($"provenance row 'shard.parts' is '{Row(rows, "shard.parts")}' where some of the numbers 0 to {count - 1} are expected, ascending");
    }

    private static IEnumerable<int> Integers(IReadOnlyDictionary<string, string> rows, string key)
        => Row(rows, key).Split(',', StringSplitOptions.RemoveEmptyEntries).Select(number => (int)Number(key, number, int.MaxValue));

    private static int Integer(IReadOnlyDictionary<string, string> rows, string key) => (int)Number(key, Row(rows, key), int.MaxValue);

    private static long Number(string key, string text, long largest)
        => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) && number <= largest
            ? number
            : throw new InvalidDataException($"provenance row '{key}' is '{text}' where a number is expected");

    private static bool Truth(IReadOnlyDictionary<string, string> rows, string key) => Row(rows, key) switch
    {
        "true" => true,
        "false" => false,
        var text => throw new InvalidDataException($"provenance row '{key}' is '{text}' where true or false is expected"),
    };

    private static DateTimeOffset Time(IReadOnlyDictionary<string, string> rows, string key)
    {
        string text = Row(rows, key);
        return DateTimeOffset.TryParseExact(text, "O", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time)
            ? time
            : throw new InvalidDataException($"provenance row '{key}' is '{text}' where a time is expected");
    }

    private static string Row(IReadOnlyDictionary<string, string> rows, string key)
        => rows.TryGetValue(key, out string? value) ? value : throw new InvalidDataException($"provenance row '{key}' is missing");

    private static ImmutableSortedDictionary<string, string> Options(IReadOnlyDictionary<string, string> rows, string prefix) => rows
        .Where(row => row.Key.StartsWith(prefix, StringComparison.Ordinal))
        .ToImmutableSortedDictionary(row => row.Key[prefix.Length..], row => row.Value, StringComparer.Ordinal);
}
