using System.Collections.Immutable;
using System.Globalization;
using Keyhole.Engine;
using Keyhole.Memories;

namespace Keyhole.Claiming.Files;

/// <summary>Reads a file of claims (docs/claims.md): everything that can be told without the model is checked.</summary>
internal static class ClaimFile
{
    /// <summary>Most claims of a file.</summary>
    public const int MostClaims = 1000;

    private const int MostEntries = 100_000;
    private const int LongestName = 100;
    private const int LongestPattern = 2000;
    private const int MostTop = 1000;
    private const string All = "all";

    private static readonly string[] s_predicates = ["tokens", "regex", "ngram", "words", "label", "valueTop"];
    private static readonly string[] s_fields = ["name", "memory", "memories", "on", .. s_predicates, "ignoreCase", "threshold", "levels"];

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InputRefusedException">KH7801: it cannot be read; KH7802: it is no YAML, or no list; KH7803: a claim says what cannot be.</exception>
    public static ImmutableArray<MemoryClaim> Read(string path) => Claims(path, YamlFile.Read(path));

    /// <summary>Reads a text.</summary>
    /// <param name="path">What it is called in messages.</param>
    /// <param name="text">The text.</param>
    /// <exception cref="InputRefusedException">KH7802, KH7803.</exception>
    public static ImmutableArray<MemoryClaim> Parse(string path, string text) => Claims(path, YamlFile.Parse(path, text));

    private static ImmutableArray<MemoryClaim> Claims(string path, YamlPart root)
    {
        if (root is not YamlList { Items.Count: > 0 and <= MostClaims } list)
        {
            throw new InputRefusedException("KH7802", string.Create(CultureInfo.InvariantCulture, $"{path}: {(root is YamlList found ? $"a list of {found.Items.Count} claims" : root.Kind)} stands where a list of 1 to {MostClaims} claims is expected."));
        }

        var claims = ImmutableArray.CreateBuilder<MemoryClaim>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach ((int i, YamlPart item) in list.Items.Index())
        {
            if (item is not YamlMap map)
            {
                throw new InputRefusedException("KH7802", string.Create(CultureInfo.InvariantCulture, $"{path}, line {item.Line}: claim {i + 1} is {item.Kind}; a claim is a mapping of fields."));
            }

            var fields = new ClaimFields(path, map, i + 1);
            MemoryClaim claim = Claim(fields);
            claims.Add(names.Add(claim.Name) ? claim : throw fields.Bad("another claim has the same name"));
        }

        return claims.DrainToImmutable();
    }

    private static MemoryClaim Claim(ClaimFields fields)
    {
        fields.RequireKnown(s_fields);
        string name = fields.Text("name") ?? throw fields.Bad("the field 'name' is missing");
        if (name.Length > LongestName)
        {
            throw fields.Bad("name", string.Create(CultureInfo.InvariantCulture, $"has {name.Length} characters"), string.Create(CultureInfo.InvariantCulture, $"up to {LongestName}"));
        }

        (NeuronId? memory, Pole pole) = Memory(fields);
        ClaimThreshold threshold = ClaimThreshold.Default;
        if (fields.Text("threshold") is { } rule && !ClaimThreshold.TryParse(rule, out threshold))
        {
            throw fields.Bad("threshold", $"is '{ClaimFields.Shortened(rule)}'", $"one of these, each with a number of yours: {ClaimThreshold.Forms}");
        }

        return new MemoryClaim { Name = name, Memory = memory, Pole = pole, Predicate = Predicate(fields), Threshold = threshold, Levels = Levels(fields) };
    }

    private static (NeuronId? Memory, Pole Pole) Memory(ClaimFields fields)
    {
        if (fields.Has("memory") == fields.Has("memories"))
        {
            throw fields.Bad("one of the fields 'memory' and 'memories' is expected");
        }

        if (fields.Text("memories") is { } all)
        {
            return all == All ? (null, Pole.Positive) : throw fields.Bad("memories", $"is '{ClaimFields.Shortened(all)}'", "all; one memory is named with 'memory'");
        }

        string text = fields.Text("memory")!;
        string plain = text.TrimEnd();
        bool suffixed = plain.Length > 0 && plain[^1] is '+' or '-';
        return NeuronId.TryParse(suffixed ? plain[..^1] : plain, out NeuronId id)
            ? (id, suffixed && plain[^1] == '-' ? Pole.Negative : Pole.Positive)
            : throw fields.Bad("memory", $"is '{ClaimFields.Shortened(text)}'", "a memory such as L12N3456, 12/3456 or L3E2N77, and - behind it for its negative pole");
    }

    private static ClaimPredicate Predicate(ClaimFields fields)
    {
        string[] given = [.. s_predicates.Where(fields.Has)];
        if (given.Length != 1)
        {
            throw fields.Bad($"{(given.Length == 0 ? "no predicate stands here" : $"{string.Join(" and ", given)} stand here")}; exactly one of {string.Join(", ", s_predicates)} is expected");
        }

        PredicateKind kind = Enum.Parse<PredicateKind>(given[0], ignoreCase: true);
        bool ignoreCase = fields.Truth("ignoreCase");
        if (ignoreCase && kind is not (PredicateKind.Tokens or PredicateKind.Regex or PredicateKind.Ngram))
        {
            throw fields.Bad("ignoreCase", "is true", $"nothing beside {given[0]}: it speaks of tokens, regex and ngram");
        }

        var predicate = new ClaimPredicate { Kind = kind, On = Place(fields, kind), IgnoreCase = ignoreCase };
        switch (kind)
        {
            case PredicateKind.Regex:
                string pattern = fields.Text("regex")!;
                return pattern.Length <= LongestPattern
                    ? predicate with { Text = pattern }
                    : throw fields.Bad("regex", string.Create(CultureInfo.InvariantCulture, $"has {pattern.Length} characters"), string.Create(CultureInfo.InvariantCulture, $"up to {LongestPattern}"));
            case PredicateKind.Label:
                return predicate with { Text = fields.Text("label") };
            case PredicateKind.ValueTop:
                return predicate with { Top = fields.Whole("valueTop", 1, MostTop)!.Value };
            case PredicateKind.Ngram when fields.Part("ngram") is YamlScalar:
                return predicate with { Text = fields.Text("ngram") };
            case PredicateKind.Words:
                return predicate with { Entries = [.. fields.Scalars("words", MostEntries).Select(word => new PredicateEntry(word.Text))] };
            default:
                return predicate with { Entries = [.. fields.Scalars(given[0], MostEntries).Select(Token)] };
        }
    }

    // A number without quotes is an id.
    private static PredicateEntry Token(YamlScalar token)
        => token.IsPlain && int.TryParse(token.Text, NumberStyles.None, CultureInfo.InvariantCulture, out int id) ? new PredicateEntry(null, id) : new PredicateEntry(token.Text);

    private static ClaimPlace Place(ClaimFields fields, PredicateKind kind)
    {
        string? on = fields.Text("on");
        if (kind == PredicateKind.ValueTop)
        {
            return on is null or "target" ? ClaimPlace.Target : throw fields.Bad("on", $"is '{ClaimFields.Shortened(on)}'", "target beside valueTop, or nothing");
        }

        return on switch
        {
            null or "last" => ClaimPlace.Last,
            "prefix" => ClaimPlace.Prefix,
            "target" => ClaimPlace.Target,
            _ => throw fields.Bad("on", $"is '{ClaimFields.Shortened(on)}'", "prefix, last or target"),
        };
    }

    private static ClaimLevels Levels(ClaimFields fields)
    {
        switch (fields.Part("levels"))
        {
            case null:
                return ClaimLevels.Default;
            case YamlMap map when map.Entries.Keys.All(key => key is "precision" or "recall"):
                return new ClaimLevels(Level(map, "precision", ClaimLevels.Default.Precision), Level(map, "recall", ClaimLevels.Default.Recall));
            default:
                throw fields.Bad("levels", "is something else", "a mapping of precision and recall, each from 0 to 1");
        }

        double Level(YamlMap map, string name, double otherwise) => map.Entries.GetValueOrDefault(name) switch
        {
            null => otherwise,
            YamlScalar { IsPlain: true } scalar when double.TryParse(scalar.Text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double level) && level <= 1 => level,
            _ => throw fields.Bad("levels", $"has a '{name}' that is no number from 0 to 1", "such as 0.8"),
        };
    }
}
