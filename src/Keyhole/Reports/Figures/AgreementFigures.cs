using System.Text.Json.Nodes;
using Keyhole.Reports.Contents;
using Keyhole.Statistics;
using Keyhole.Values;

namespace Keyhole.Reports.Figures;

/// <summary>Figures 4 to 6.</summary>
internal static class AgreementFigures
{
    private const string NextToken = "next token";
    private const string CurrentToken = "current token";

    public static Figure Agreement(AgreementContent agreement)
    {
        const string Target = "the token that follows (agreement)";
        const string Current = "the current token";
        const string Model = "the model's own top token";
        const string Shuffled = "agreement, values shuffled";
        var table = new FigureTable("layer", "series", "value", "lower", "upper", "n");
        foreach (LayerAgreement layer in agreement.Layers)
        {
            Add(table, layer.Layer, Target, layer.Agreement);
            Add(table, layer.Layer, Current, layer.WithCurrent);
            Add(table, layer.Layer, Model, layer.WithModel);
            if (!double.IsNaN(layer.Shuffled.Value))
            {
                table.Add(layer.Layer, Shuffled, 100 * layer.Shuffled.Value, 100 * layer.Shuffled.Interval.Lower, 100 * layer.Shuffled.Interval.Upper, layer.Agreement.Total);
            }
        }

        Dictionary<string, JsonNode> parameters = Palette.Series((Target, Palette.Vermilion), (Current, Palette.Green), (Model, Palette.Purple), (Shuffled, Palette.Grey));
        double chance = agreement.Layers.Length == 0 ? double.NaN : 100 * agreement.Layers[0].Chance;
        parameters["title"] = "values whose top token is … (%)";
        parameters["scale"] = new JsonObject { ["type"] = "symlog", ["constant"] = 0.05 };
        parameters["axis"] = new JsonObject { ["values"] = new JsonArray(0, 0.1, 0.3, 1, 3, 10, 30, 100), ["format"] = "~g" };
        parameters["references"] = Palette.References((chance, $"chance, 1/V = {Numbers.Plain(chance, 2)}%"));
        return new Figure
        {
            Key = "fig-04-agreement",
            Number = "Fig. 4",
            Title = "How often a value's top token is the token that follows its best trigger",
            Caption = "Share of the memories of a layer, on a scale that is logarithmic but for the part near zero. Beside agreement: the same for the token just read, for the model's own prediction at that prefix, with values paired to the layer's keys at random, and chance. Bars and bands: 95% Wilson intervals; of the shuffled ones where 95% of the random pairings fall.",
            Published = "Near 0 in layers 1 to 10, then rising to 3.5% in the upper layers, against a chance of 0.0004%.",
            Section = "values",
            Table = table,
            Template = "bands",
            Parameters = parameters,
        };
    }

    public static Figure Ranks(AgreementContent agreement, int vocabulary)
    {
        var table = new FigureTable("layer", "series", "q1", "median", "q3", "mean", "lower", "upper", "n");
        foreach (LayerAgreement layer in agreement.Layers.Where(layer => layer.Agreement.Total > 0))
        {
            table.Add(layer.Layer, NextToken, layer.TargetRank.Lower + 1, layer.TargetRank.Median + 1, layer.TargetRank.Upper + 1, null, null, null, layer.Agreement.Total);
            table.Add(layer.Layer, CurrentToken, layer.CurrentRank.Lower + 1, layer.CurrentRank.Median + 1, layer.CurrentRank.Upper + 1, null, null, null, layer.WithCurrent.Total);
        }

        Dictionary<string, JsonNode> parameters = Palette.Series((NextToken, Palette.Vermilion), (CurrentToken, Palette.Green));
        parameters["title"] = "rank in the value's distribution (1 = top)";
        parameters["scale"] = new JsonObject { ["type"] = "log" };
        parameters["axis"] = new JsonObject { ["values"] = new JsonArray(1, 10, 100, 1000, 10000, 100000), ["format"] = "~s" };
        parameters["references"] = Palette.References(((vocabulary + 1) / 2.0, "median of a random token"));
        return new Figure
        {
            Key = "fig-05-ranks",
            Number = "Fig. 5",
            Title = "Where the token that follows the best trigger ranks in the value",
            Caption = "Boxes: quartiles over the memories of a layer; line: median. Ranks are counted from 1 here so that a logarithmic scale can show them. Beside the next token, the prefix's own last token.",
            Published = "The rank of the next token falls through the upper layers (11 to 16): their values give it more probability than those of the lower layers.",
            Section = "values",
            Table = table,
            Template = "boxes",
            Parameters = parameters,
        };
    }

    public static Figure Confidence(AgreementContent agreement)
    {
        var table = new FigureTable("bin", "from", "to", "value", "lower", "upper", "n");
        foreach (ConfidenceBin bin in agreement.ByConfidence)
        {
            Interval interval = bin.Agreement.Wilson();
            table.Add($"{Numbers.Plain(100 * bin.Lower, 2)}–{Numbers.Plain(100 * bin.Upper, 2)}", bin.Lower, bin.Upper, 100 * bin.Agreement.Value, 100 * interval.Lower, 100 * interval.Upper, bin.Agreement.Total);
        }

        return new Figure
        {
            Key = "fig-06-confidence",
            Number = "Fig. 6",
            Title = "Agreement by the value's largest probability",
            Caption = "Values of all layers in ten bins of equal size by their largest probability. Lines: 95% Wilson intervals.",
            Published = "The higher the largest probability of a value, the more often it agrees with its best trigger; among the 100 most confident, 97 lie in layers 11 to 16 and 46 have a trigger that their top token follows.",
            Section = "values",
            Table = table,
            Template = "confidence",
        };
    }

    private static void Add(FigureTable table, int layer, string series, Share share)
    {
        if (share.Total > 0)
        {
            Interval interval = share.Wilson();
            table.Add(layer, series, 100 * share.Value, 100 * interval.Lower, 100 * interval.Upper, share.Total);
        }
    }
}
