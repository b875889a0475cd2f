using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Keyhole.ReadWrite;
using Keyhole.Statistics;
using Keyhole.Studies.Analysis;

namespace Keyhole.Reports.Figures;

/// <summary>What memories write beside what they read, by layer.</summary>
internal static class ReadWriteFigures
{
    private const string InOut = "cos(in, out)";
    private const string GateOut = "cos(gate, out)";
    private const string GateIn = "cos(gate, in)";

    /// <summary>The classes, and the cosines that they come from.</summary>
    public static ImmutableArray<Figure> Of(ReadWriteSummary? summary) => [Classes(summary), Cosines(summary)];

    private static Figure Classes(ReadWriteSummary? summary)
    {
        IReadOnlyList<ReadWriteClass> parts = ReadWriteNames.Possible(summary?.IsGated != false);
        var table = new FigureTable("layer", "part", "order", "share", "lower", "upper", "count", "n", "null");
        foreach (LayerReadWrite layer in summary?.Layers.Where(layer => layer.N > 0) ?? [])
        {
            foreach ((int order, ReadWriteClass one) in parts.Index())
            {
                Share share = layer.Of(one);
                Interval interval = share.Wilson();
                table.Add(layer.Layer, ReadWriteNames.Of(one), order, 100 * share.Value, 100 * interval.Lower, 100 * interval.Upper, share.Count, share.Total, 100 * summary!.Null.Share(one, summary.IsGated));
            }
        }

        Dictionary<string, JsonNode> parameters = Palette.Series([.. parts.Select(one => (ReadWriteNames.Of(one), Colour(one)))]);
        parameters["title"] = "memories of the layer (%)";
        parameters["what"] = "class";
        return new Figure
        {
            Key = "read-write-classes",
            Title = "What memories do to what they read",
            Caption = $"Classes by cosines beyond ±{Numbers.Plain(ReadWriteRecord.Threshold)}, which count as the same direction.{Chance(summary)}",
            Published = summary?.IsGated == false ? string.Empty : "In 12 gated models of Gerstner and Schütze (2025): conditional enrichment dominates the early-middle layers, depletion grows towards the last ones; most memories are of orthogonal output.",
            Section = AnalysisSections.ReadWrite,
            Table = table,
            Template = "stack",
            Parameters = parameters,
        };
    }

    private static string Colour(ReadWriteClass one) => one switch
    {
        ReadWriteClass.Enrichment => Palette.Vermilion,
        ReadWriteClass.ConditionalEnrichment => Palette.Orange,
        ReadWriteClass.ProportionalChange => Palette.Green,
        ReadWriteClass.ConditionalDepletion => Palette.Sky,
        ReadWriteClass.Depletion => Palette.Blue,
        _ => Palette.Grey,
    };

    private static string Chance(ReadWriteSummary? summary)
    {
        if (summary is null)
        {
            return string.Empty;
        }

        IEnumerable<string> shares = ReadWriteNames.Possible(summary.IsGated).Select(one => $"{ReadWriteNames.Of(one)} {Numbers.Percent(summary.Null.Share(one, summary.IsGated))}");
        return $" Independent random directions in {Numbers.Count(summary.Null.Dimension)} dimensions would give exactly: {string.Join(", ", shares)}.";
    }

    private static Figure Cosines(ReadWriteSummary? summary)
    {
        var table = new FigureTable("layer", "series", "q1", "median", "q3", "mean", "lower", "upper", "n");
        foreach (LayerReadWrite layer in summary?.Layers.Where(layer => layer.N > 0) ?? [])
        {
            foreach ((string series, Quartiles box) in ((string, Quartiles)[])[(InOut, layer.InOut), (GateOut, layer.GateOut), (GateIn, layer.GateIn)])
            {
                if (double.IsFinite(box.Median))
                {
                    table.Add(layer.Layer, series, box.Lower, box.Median, box.Upper, null, null, null, layer.N);
                }
            }
        }

        Dictionary<string, JsonNode> parameters = summary?.IsGated == true
            ? Palette.Series((InOut, Palette.Blue), (GateOut, Palette.Orange), (GateIn, Palette.Green))
            : Palette.Series((InOut, Palette.Blue));
        double likely = summary?.Null.Likely ?? double.NaN;
        parameters["title"] = "cosine";
        parameters["references"] = Palette.References((likely, "random directions: 97.5%"), (-likely, "2.5%"));
        string turned = summary?.IsGated == true ? " Linear key (in) and value (out) are turned so that cos(gate, in) is not negative, which changes nothing that is computed." : string.Empty;
        string beyond = summary is null ? string.Empty : $" Beyond what 95% of random directions show lie {Numbers.Percent(Beyond(summary).Value)} of all memories by cos(in, out), where chance gives 5%.";
        return new Figure
        {
            Key = "read-write-cosines",
            Title = "Cosines between what memories read and write",
            Caption = $"Boxes: quartiles over the memories of a layer, line: median.{turned}{beyond}",
            Section = AnalysisSections.ReadWrite,
            Table = table,
            Template = "boxes",
            Parameters = parameters,
        };
    }

    private static Share Beyond(ReadWriteSummary summary)
        => new(summary.Layers.Sum(layer => layer.BeyondChance.Count), summary.Layers.Sum(layer => layer.BeyondChance.Total));
}
