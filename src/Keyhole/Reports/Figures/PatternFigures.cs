using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Keyhole.Patterns;
using Keyhole.Statistics;

namespace Keyhole.Reports.Figures;

/// <summary>Figure 2, and what of it decoys have.</summary>
internal static class PatternFigures
{
    private const string Section = "patterns";
    private static readonly string[] NullColours = [Palette.Grey, Palette.Brown, Palette.Purple, Palette.Orange, Palette.Sky];

    public static Figure Classes(ImmutableArray<LayerPatterns>? patterns)
    {
        (string Name, string Colour, PatternMeasure Measure)[] parts =
        [
            ("shallow", Palette.Blue, PatternMeasure.Shallow),
            ("both", Palette.Sky, PatternMeasure.Both),
            ("semantic", Palette.Vermilion, PatternMeasure.Semantic),
            ("syntactic", Palette.Orange, PatternMeasure.Syntactic),
        ];
        var table = new FigureTable("layer", "part", "order", "share", "lower", "upper", "n");
        foreach (LayerPatterns layer in patterns?.Where(layer => layer.Source == LayerPatterns.Real && layer.Prefixes > 0) ?? [])
        {
            for (int i = 0; i < parts.Length; i++)
            {
                Estimate share = layer.Of(parts[i].Measure);
                table.Add(layer.Layer, parts[i].Name, i, 100 * share.Value, 100 * share.Interval.Lower, 100 * share.Interval.Upper, layer.Prefixes);
            }
        }

        Dictionary<string, JsonNode> parameters = Palette.Series([.. parts.Select(part => (part.Name, part.Colour))]);
        parameters["title"] = "prefixes (%)";
        parameters["what"] = "patterns";
        return new Figure
        {
            Key = "fig-02-patterns",
            Number = "Fig. 2",
            Title = "Trigger prefixes by the kind of pattern that they belong to",
            Caption = "Share of the trigger prefixes in a shallow pattern (a token, an n-gram, a word), a semantic one (a field of words), both, or a syntactic one alone, by layer; the rest is in none. Patterns are an algorithm's, held against decoy lists, at a false-discovery rate of 5% over lists. Intervals (in the data): bootstrap over memories.",
            Published = "65% to 80% of the prefixes belong to a pattern that annotators saw; in layers 1 to 9 these are mostly shallow, from 10 on ever more semantic.",
            Section = Section,
            Table = table,
            Template = "stack",
            Parameters = parameters,
        };
    }

    public static Figure Decoys(ImmutableArray<LayerPatterns>? patterns)
    {
        string[] sources = [.. patterns?.Select(layer => layer.Source).Distinct() ?? []];
        var table = new FigureTable("layer", "series", "value", "lower", "upper", "n");
        foreach (LayerPatterns layer in patterns?.Where(layer => layer.Prefixes > 0) ?? [])
        {
            Estimate covered = layer.Of(PatternMeasure.Covered);
            table.Add(layer.Layer, Name(layer.Source), 100 * covered.Value, 100 * covered.Interval.Lower, 100 * covered.Interval.Upper, covered.N);
        }

        Dictionary<string, JsonNode> parameters = Palette.Series([.. sources.Select((source, i) => (Name(source), i == 0 ? Palette.Blue : NullColours[(i - 1) % NullColours.Length]))]);
        parameters["title"] = "prefixes in a pattern (%)";
        return new Figure
        {
            Key = "fig-02-decoys",
            Title = "Prefixes in a pattern, beside nulls",
            Caption = "Share of the prefixes in any pattern, by layer: of the memories' triggers, and by the same procedure at the same level of random prefixes of the same lengths and last tokens, of shuffled triggers of the layer, and of memories of random directions or rotations where they were mined. Bars and bands: 95% bootstrap intervals over memories.",
            Section = Section,
            Table = table,
            Template = "bands",
            Parameters = parameters,
        };
    }

    private static string Name(string source) => source switch
    {
        LayerPatterns.Real => "memories",
        LayerPatterns.Random => "random prefixes",
        LayerPatterns.Shuffled => "shuffled triggers",
        _ => source,
    };
}
