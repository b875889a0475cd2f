using Keyhole.Engine;
using Keyhole.Studies;

namespace Keyhole.Mining;

/// <summary>What must be the same for a run to go on where another one stopped: model, tokenizer, options and program, as rows of a study's provenance. The corpus is compared by itself.</summary>
internal sealed class RunIdentity
{
    private const int LongestShown = 60;

    private readonly SortedDictionary<string, string> _rows;

    private RunIdentity(SortedDictionary<string, string> rows) => _rows = rows;

    /// <summary>The identity of a run that makes a study of this provenance.</summary>
    public static RunIdentity Of(StudyProvenance provenance) => new(ProvenanceRows.Where(provenance, key => !IsOutcome(key)));

    /// <summary>A row; null where it is missing.</summary>
    public string? this[string key] => _rows.GetValueOrDefault(key);

    /// <summary>Writes the rows.</summary>
    public void Save(BinaryWriter writer)
    {
        writer.Write(_rows.Count);
        foreach ((string key, string value) in _rows)
        {
            writer.Write(key);
            writer.Write(value);
        }
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="EndOfStreamException">The bytes end early.</exception>
    public static RunIdentity Restore(BinaryReader reader)
    {
        var rows = new SortedDictionary<string, string>(StringComparer.Ordinal);
        for (int left = reader.ReadInt32(); left > 0; left--)
        {
            rows[reader.ReadString()] = reader.ReadString();
        }

        return new RunIdentity(rows);
    }

    /// <summary>Refuses to go on with the work of another identity.</summary>
    /// <param name="before">That of the work that is there.</param>
    /// <param name="what">The work, for the message: a path.</param>
    /// <exception cref="InputRefusedException">KH5011; names the first row that differs.</exception>
    public void RequireSame(RunIdentity before, string what)
    {
        if (ProvenanceRows.FirstDifference(before._rows, _rows) is { } row)
        {
            throw Changed(what, $"{NameOf(row.Key)} was {Shown(row.First)} and is {Shown(row.Second)} now");
        }
    }

    /// <summary>The refusal to go on because something has changed.</summary>
    /// <param name="what">The work that is there: a path.</param>
    /// <param name="change">What has changed, as a clause.</param>
    public static InputRefusedException Changed(string what, string change)
        => new("KH5011", $"{what}: --resume cannot go on with this work: {change}. Put that back as it was, or begin anew with --overwrite.");

    // Rows that a run finds out, and where things are.
    private static bool IsOutcome(string key)
        => key is "model.path" || ProvenanceRows.IsOfRun(key) || key.StartsWith("corpus.", StringComparison.Ordinal) || key.StartsWith("count.", StringComparison.Ordinal)
            || key.StartsWith("shard.corpus_", StringComparison.Ordinal);

    private static string NameOf(string key) => key switch
    {
        "program.version" => "the version of keyhole",
        "model.weights_sha256" => "the SHA-256 of the model's weights",
        "model.tokenizer_sha256" => "the hash of the model's tokenizer",
        "shard.count" => "the number of shards (--shard)",
        "shard.parts" => "the shard (--shard)",
        _ when key.StartsWith("option.", StringComparison.Ordinal) => $"the option '{key["option.".Length..]}'",
        _ => $"'{key}'",
    };

    private static string Shown(string? value) => value is null ? "not given" : $"'{(value.Length <= LongestShown ? value : value[..LongestShown] + "...")}'";
}
