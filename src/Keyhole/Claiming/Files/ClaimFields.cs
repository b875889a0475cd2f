using System.Globalization;
using Keyhole.Engine;

namespace Keyhole.Claiming.Files;

/// <summary>The fields of one claim, and refusals that name the file, the line, the claim and the field.</summary>
internal sealed class ClaimFields
{
    private const int LongestShown = 80;

    private readonly string _path;
    private readonly YamlMap _map;
    private readonly string _claim;

    /// <param name="path">The file.</param>
    /// <param name="map">The fields.</param>
    /// <param name="number">Which claim of the file it is, from 1.</param>
    public ClaimFields(string path, YamlMap map, int number)
    {
        (_path, _map) = (path, map);
        _claim = map.Entries.GetValueOrDefault("name") is YamlScalar { Text: { Length: > 0 } name }
            ? $"claim '{Shortened(name)}'"
            : string.Create(CultureInfo.InvariantCulture, $"claim {number}");
    }

    /// <summary>What is not as long as a hostile file may make it.</summary>
    public static string Shortened(string text) => text.Length > LongestShown ? string.Concat(text.AsSpan(0, LongestShown), "...") : text;

    /// <summary>Whether a field is there.</summary>
    public bool Has(string field) => _map.Entries.ContainsKey(field);

    /// <summary>A field, or null.</summary>
    public YamlPart? Part(string field) => _map.Entries.GetValueOrDefault(field);

    /// <summary>A text that is not empty; null where the field is missing.</summary>
    public string? Text(string field) => Part(field) switch
    {
        null => null,
        YamlScalar { Text.Length: > 0 } scalar => scalar.Text,
        YamlScalar => throw Bad(field, "is empty", "a text"),
        { } other => throw Bad(field, $"is {other.Kind}", "a text"),
    };

    /// <summary>A whole number within bounds; null where the field is missing.</summary>
    public int? Whole(string field, int least, int most)
    {
        return Part(field) is not { } part ? null
            : part is YamlScalar { IsPlain: true } scalar && int.TryParse(scalar.Text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= least && value <= most ? value
            : throw Bad(field, $"is {Shown(part)}", string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}"));
    }

    /// <summary>true or false; false where the field is missing.</summary>
    public bool Truth(string field) => Part(field) switch
    {
        null or YamlScalar { IsPlain: true, Text: "false" } => false,
        YamlScalar { IsPlain: true, Text: "true" } => true,
        { } other => throw Bad(field, $"is {Shown(other)}", "true or false"),
    };

    /// <summary>One scalar, or each of a list; empty where the field is missing.</summary>
    public IReadOnlyList<YamlScalar> Scalars(string field, int most)
    {
        if (Part(field) is not { } part)
        {
            return [];
        }

        YamlPart[] items = part is YamlList list ? [.. list.Items] : [part];
        if (items.Length == 0 || items.Length > most)
        {
            throw Bad(field, string.Create(CultureInfo.InvariantCulture, $"has {items.Length} entries"), string.Create(CultureInfo.InvariantCulture, $"1 to {most}"));
        }

        return [.. items.Select(item => item is YamlScalar { Text.Length: > 0 } scalar ? scalar : throw Bad(field, $"holds {(item is YamlScalar ? "an empty text" : item.Kind)}", "texts"))];
    }

    /// <summary>Refuses fields that nobody knows.</summary>
    public void RequireKnown(IReadOnlyCollection<string> known)
    {
        if (_map.Entries.Keys.FirstOrDefault(field => !known.Contains(field)) is { } unknown)
        {
            string near = known.MinBy(field => EditDistance.Between(Shortened(unknown), field))!;
            throw Bad(Shortened(unknown), "is unknown", $"did you mean '{near}'? Known are {string.Join(", ", known)}", _map.Entries[unknown].Line);
        }
    }

    /// <summary>A refusal of the claim.</summary>
    public InputRefusedException Bad(string found) => new("KH7803", string.Create(CultureInfo.InvariantCulture, $"{_path}, line {_map.Line}: {_claim}: {found}."));

    /// <summary>A refusal of a field.</summary>
    public InputRefusedException Bad(string field, string found, string expected) => Bad(field, found, $"expected is {expected}", Part(field)?.Line ?? _map.Line);

    private InputRefusedException Bad(string field, string found, string advice, long line)
        => new("KH7803", string.Create(CultureInfo.InvariantCulture, $"{_path}, line {line}: {_claim}: the field '{field}' {found}; {advice}."));

    private static string Shown(YamlPart part) => part is YamlScalar scalar ? $"'{Shortened(scalar.Text)}'" : part.Kind;
}
