using System.Text.Json.Nodes;
using Keyhole.Composition;
using Keyhole.Reports.Contents;
using Keyhole.Statistics;

namespace Keyhole.Reports.Figures;

/// <summary>Figures 7 to 11.</summary>
internal static class CompositionFigures
{
    public static Figure Active(CompositionContent? composition)
    {
        const string Active = "active memories";
        const string Positive = "memories with m > 0";
        var table = new FigureTable("layer", "series", "q1", "median", "q3", "mean", "lower", "upper", "n");
        foreach (LayerComposition layer in composition?.Layers.Where(layer => layer.ActiveShare.N > 0) ?? [])
        {
            table.Add(layer.Layer, Active, 100 * layer.ActiveQuartiles.Lower, 100 * layer.ActiveQuartiles.Median, 100 * layer.ActiveQuartiles.Upper,
                100 * layer.ActiveShare.Value, 100 * layer.ActiveShare.Interval.Lower, 100 * layer.ActiveShare.Interval.Upper, layer.ActiveShare.N);
            table.Add(layer.Layer, Positive, null, null, null,
                100 * layer.PositiveShare.Value, 100 * layer.PositiveShare.Interval.Lower, 100 * layer.PositiveShare.Interval.Upper, layer.PositiveShare.N);
        }

        Dictionary<string, JsonNode> parameters = Palette.Series((Active, Palette.Blue), (Positive, Palette.Orange));
        parameters["title"] = "memories of the layer (%)";
        parameters["scale"] = new JsonObject { ["domainMin"] = 0 };
        return new Figure
        {
            Key = "fig-07-active",
            Number = "Fig. 7",
            Title = "How many memories are active at a position",
            Caption = "Boxes: quartiles over the prefixes, line: median; diamonds: means with 95% bootstrap intervals. Active: m > 0 for ReLU, else |m| above 1% of the memory's largest in the study; the share with m > 0 stands beside it.",
            Published = "Between 10% and 50% of a layer's 4,096 memories are active, fewest around layer 10.",
            Section = "prefixes",
            Table = table,
            Template = "boxes",
            Parameters = parameters,
        };
    }

    public static Figure Zero(CompositionContent? composition)
    {
        const string Active = "over active memories";
        const string All = "over all memories (the paper's formula)";
        const string Products = "over active memories, at m v";
        var table = new FigureTable("layer", "series", "value", "lower", "upper", "n");
        foreach (LayerComposition layer in composition?.Layers ?? [])
        {
            Add(table, layer.Layer, Active, layer.ZeroAgreement);
            Add(table, layer.Layer, All, layer.ZeroAgreementOverAll);
            if (layer.ZeroAgreementOfProducts is { } products)
            {
                Add(table, layer.Layer, Products, products);
            }
        }

        Dictionary<string, JsonNode> parameters = composition?.Layers.Any(layer => layer.ZeroAgreementOfProducts is not null) == true
            ? Palette.Series((Active, Palette.Blue), (All, Palette.Orange), (Products, Palette.Green))
            : Palette.Series((Active, Palette.Blue), (All, Palette.Orange));
        parameters["title"] = "prefixes where no memory agrees (%)";
        parameters["scale"] = new JsonObject { ["domain"] = new JsonArray(0, 100) };
        parameters["references"] = Palette.References((68, "the paper: at least 68%"));
        return new Figure
        {
            Key = "fig-08-zero-agreement",
            Number = "Fig. 8",
            Title = "How often a layer predicts what none of its memories does",
            Caption = "Share of the prefixes where the layer's update has a top token that is the top token of no single memory. Bars and bands: 95% Wilson intervals.",
            Published = "At least 68% in every layer. Where some memory does agree, 60% of the predictions are stop words and 43% of the prefixes have fewer than 5 tokens.",
            Section = "prefixes",
            Table = table,
            Template = "bands",
            Parameters = parameters,
        };
    }

    public static Figure Final(CompositionContent? composition)
    {
        const string Name = "the residual's top token is the final prediction";
        var table = new FigureTable("layer", "series", "value", "lower", "upper", "n");
        foreach (LayerComposition layer in composition?.Layers ?? [])
        {
            Add(table, layer.Layer, Name, layer.FinalInResidual);
        }

        Dictionary<string, JsonNode> parameters = Palette.Series((Name, Palette.Blue));
        parameters["title"] = "prefixes (%)";
        parameters["scale"] = new JsonObject { ["domain"] = new JsonArray(0, 100) };
        parameters["references"] = Palette.References((100.0 / 3, "the paper's lowest layers: about a third"), (95, "the paper's last layer: about 95%"));
        return new Figure
        {
            Key = "fig-09-final-prediction",
            Number = "Fig. 9",
            Title = "How early the residual holds the final prediction",
            Caption = "Share of the prefixes where the residual before the layer's feed-forward part has the model's final prediction on top. Bars and bands: 95% Wilson intervals.",
            Published = "About a third of the predictions stand in the residual in the lowest layers; the share grows from layer 10 on, to about 95% in the last.",
            Section = "prefixes",
            Table = table,
            Template = "bands",
            Parameters = parameters,
        };
    }

    public static Figure Probability(CompositionContent? composition)
    {
        const string Name = "probability of the final prediction";
        var table = new FigureTable("layer", "series", "q1", "median", "q3", "mean", "lower", "upper", "n");
        foreach (LayerComposition layer in composition?.Layers.Where(layer => layer.FinalProbability.N > 0) ?? [])
        {
            table.Add(layer.Layer, Name, layer.FinalProbabilityQuartiles.Lower, layer.FinalProbabilityQuartiles.Median, layer.FinalProbabilityQuartiles.Upper,
                layer.FinalProbability.Value, layer.FinalProbability.Interval.Lower, layer.FinalProbability.Interval.Upper, layer.FinalProbability.N);
        }

        Dictionary<string, JsonNode> parameters = Palette.Series((Name, Palette.Blue));
        parameters["title"] = "probability in the residual";
        parameters["scale"] = new JsonObject { ["domainMin"] = 0 };
        return new Figure
        {
            Key = "fig-10-probability",
            Number = "Fig. 10",
            Title = "How sure the residual is of the final prediction",
            Caption = "Probability that the residual gives to the model's final prediction. Boxes: quartiles over the prefixes, line: median; diamonds: means with 95% bootstrap intervals.",
            Published = "The probability grows with depth, little in the lower layers and steeply in the upper ones.",
            Section = "prefixes",
            Table = table,
            Template = "boxes",
            Parameters = parameters,
        };
    }

    public static Figure Breakdown(CompositionContent? composition, bool linear)
    {
        (string Name, string Colour, Func<Breakdown, long> Count)[] parts =
        [
            ("residual", Palette.Blue, breakdown => breakdown.Residual),
            ("agreement", Palette.Sky, breakdown => breakdown.Agreement),
            ("composition", Palette.Vermilion, breakdown => breakdown.Composition),
            ("ffn", Palette.Orange, breakdown => breakdown.Ffn),
            ("overruled", Palette.Grey, breakdown => breakdown.Overruled),
        ];
        var table = new FigureTable("layer", "part", "order", "share", "lower", "upper", "count", "n");
        foreach (LayerComposition layer in composition?.Layers ?? [])
        {
            Breakdown breakdown = linear ? layer.LinearBreakdown : layer.Breakdown;
            for (int i = 0; breakdown.Total > 0 && i < parts.Length; i++)
            {
                Share share = breakdown.Of(parts[i].Count(breakdown));
                Interval interval = share.Wilson();
                table.Add(layer.Layer, parts[i].Name, i, 100 * share.Value, 100 * interval.Lower, 100 * interval.Upper, share.Count, share.Total);
            }
        }

        Dictionary<string, JsonNode> parameters = Palette.Series([.. parts.Select(part => (part.Name, part.Colour))]);
        parameters["title"] = "prefixes (%)";
        parameters["what"] = "top(o) is of";
        return new Figure
        {
            Key = linear ? "fig-11-breakdown-linear" : "fig-11-breakdown",
            Number = linear ? string.Empty : "Fig. 11",
            Title = linear ? "The same with one linear readout for all three vectors" : "Where a layer's output prediction comes from",
            Caption = linear
                ? "As in figure 11, but residual, update and output are all read by the folded readout, so that contributions add up."
                : "Whose the top token after the layer is: the residual's alone, the feed-forward layer's alone (ffn), both (agreement), neither (composition); overruled: residual and layer agree, yet the output differs, which cannot happen in the paper's model.",
            Published = linear ? string.Empty : "In most cases the output is the residual's prediction. Where the layer changes it, the new prediction is mostly a composition, neither the residual's nor the layer's; the feed-forward layer alone decides rarely.",
            Section = "prefixes",
            Table = table,
            Template = "stack",
            Parameters = parameters,
        };
    }

    internal static void Add(FigureTable table, int layer, string series, Share share)
    {
        if (share.Total > 0)
        {
            Interval interval = share.Wilson();
            table.Add(layer, series, 100 * share.Value, 100 * interval.Lower, 100 * interval.Upper, share.Total);
        }
    }
}
