using System.Text.Json.Nodes;
using Keyhole.Mutations;
using Keyhole.Reports.Contents;

namespace Keyhole.Reports.Figures;

/// <summary>Figure 3, and how far back memories read.</summary>
internal static class MutationFigures
{
    public static Figure Mutations(MutationSummary? mutations)
    {
        var table = new FigureTable("layer", "series", "value", "lower", "upper", "median", "q1", "q3", "n");
        foreach (LayerMutations layer in mutations?.Layers ?? [])
        {
            foreach ((Dropped kind, MutationEffect effect) in ((Dropped, MutationEffect)[])[(Dropped.Last, layer.Last), (Dropped.First, layer.First), (Dropped.Random, layer.Random)])
            {
                if (effect.Mean.N > 0)
                {
                    table.Add(layer.Layer, Name(kind), effect.Mean.Value, effect.Mean.Interval.Lower, effect.Mean.Interval.Upper, effect.Median.Value, effect.Quartiles.Lower, effect.Quartiles.Upper, effect.Mean.N);
                }
            }
        }

        Dictionary<string, JsonNode> parameters = Palette.Series((Name(Dropped.Last), Palette.Vermilion), (Name(Dropped.First), Palette.Blue), (Name(Dropped.Random), Palette.Grey));
        parameters["title"] = "change of the coefficient (%)";
        parameters["references"] = Palette.References((0, "no change"));
        return new Figure
        {
            Key = "fig-03-mutations",
            Number = "Fig. 3",
            Title = "How the coefficient changes when a token is dropped",
            Caption = "Mean relative change of the coefficient over sampled triggers, by layer, without the first, the last or a random token of the prefix. Bars and bands: 95% bootstrap intervals over triggers. Medians and quartiles are in the data.",
            Published = "Without the last token coefficients fall by about 65% to 70% in layer 1, ever less further up, and by 20% in layer 16. The first token matters least everywhere (10% to 15%), a random one little more (15% to 20%): lower layers look at the end of the prefix.",
            Section = "mutations",
            Table = table,
            Template = "bands",
            Parameters = parameters,
        };
    }

    public static Figure Reach(ReachSummary? reach)
    {
        var table = new FigureTable("layer", "series", "value", "lower", "upper", "median", "q1", "q3", "n");
        foreach (LayerReach layer in reach?.Layers.Where(layer => layer.Median.N > 0) ?? [])
        {
            table.Add(layer.Layer, "distance", layer.Mean.Value, layer.Mean.Interval.Lower, layer.Mean.Interval.Upper, layer.Distance.Median, layer.Distance.Lower, layer.Distance.Upper, layer.Mean.N);
        }

        Dictionary<string, JsonNode> parameters = Palette.Series(("distance", Palette.Blue));
        parameters["title"] = "tokens back from the prefix's end";
        parameters["references"] = Palette.References((0, "the last token"));
        return new Figure
        {
            Key = "reach",
            Title = "How far back memories read",
            Caption = "Mean distance from the end of the prefix to the token whose loss lowers the coefficient most (0: the last token), over sampled triggers. Bars and bands: 95% bootstrap intervals over triggers. Medians and quartiles are in the data.",
            Section = "reach",
            Table = table,
            Template = "bands",
            Parameters = parameters,
        };
    }

    private static string Name(Dropped kind) => kind switch
    {
        Dropped.First => "first token dropped",
        Dropped.Last => "last token dropped",
        _ => "random token dropped",
    };
}
