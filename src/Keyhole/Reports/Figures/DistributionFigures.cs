using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Keyhole.Distributions;
using Keyhole.Memories;
using Keyhole.Statistics;

namespace Keyhole.Reports.Figures;

/// <summary>How coefficients are spread over positions, by layer.</summary>
internal static class DistributionFigures
{
    /// <summary>Kurtosis, activity, dead and always-on memories and, where gated, sign cases: those that there is something to draw of.</summary>
    public static ImmutableArray<Figure> Of(ImmutableArray<LayerDistribution> layers)
        => [.. ((Figure[])[Kurtosis(layers), Activity(layers), Extremes(layers), SignCases(layers)]).Where(figure => figure.IsDrawn)];

    private static Figure Kurtosis(ImmutableArray<LayerDistribution> layers)
    {
        FigureTable table = Boxes(layers.Where(layer => layer.Varying > 0), "excess kurtosis", layer => layer.Kurtosis, 1, layer => layer.Varying);
        Dictionary<string, JsonNode> parameters = Palette.Series(("excess kurtosis", Palette.Blue));
        parameters["title"] = "excess kurtosis of m";
        parameters["scale"] = new JsonObject { ["type"] = "symlog" };
        parameters["references"] = Palette.References((0, "a normal distribution"));
        return Figure("distribution-kurtosis", "How peaked coefficients are",
            "Boxes: quartiles over the memories of a layer, line: median, on a scale that is logarithmic but for the part near zero. A memory that is silent but for rare, strong moments has a large kurtosis; one that never varies has none.", table, "boxes", parameters);
    }

    private static Figure Activity(ImmutableArray<LayerDistribution> layers)
    {
        FigureTable table = Boxes(layers, "active", layer => layer.Active, 100, layer => layer.Memories);
        Dictionary<string, JsonNode> parameters = Palette.Series(("active", Palette.Blue));
        parameters["title"] = "positions where a memory is active (%)";
        parameters["scale"] = new JsonObject { ["domain"] = new JsonArray(0, 100) };
        return Figure("distribution-activity", "How often memories are active (sparsity)",
            "Boxes: quartiles over the memories of a layer of the share of all positions where the memory is active, line: median. Active: m > 0 for plain ReLU, else |m| above 1% of the memory's largest in the study (from the histogram, to a quarter of an octave).", table, "boxes", parameters);
    }

    private static Figure Extremes(ImmutableArray<LayerDistribution> layers)
    {
        const string Dead = "dead";
        const string AlwaysOn = "always on";
        var table = new FigureTable("layer", "series", "value", "lower", "upper", "n");
        foreach (LayerDistribution layer in layers)
        {
            CompositionFigures.Add(table, layer.Layer, Dead, layer.Dead);
            CompositionFigures.Add(table, layer.Layer, AlwaysOn, layer.AlwaysOn);
        }

        Dictionary<string, JsonNode> parameters = Palette.Series((Dead, Palette.Grey), (AlwaysOn, Palette.Orange));
        parameters["title"] = "memories of the layer (%)";
        parameters["scale"] = new JsonObject { ["domainMin"] = 0 };
        return Figure("distribution-extremes", "Memories that never fire, and that nearly always do",
            $"Dead: no trigger in the study. Always on: active at {Numbers.Percent(LayerDistributions.AlwaysOn)} of the positions or more, by the same rule as above. Bars and bands: 95% Wilson intervals.", table, "bands", parameters);
    }

    private static Figure SignCases(ImmutableArray<LayerDistribution> layers)
    {
        string[] colours = [Palette.Vermilion, Palette.Orange, Palette.Sky, Palette.Blue];
        var table = new FigureTable("layer", "part", "order", "share", "lower", "upper", "n");
        foreach (LayerDistribution layer in layers)
        {
            foreach ((int order, (string name, Estimate share)) in layer.SignCases.Index())
            {
                table.Add(layer.Layer, name, order, 100 * share.Value, 100 * share.Interval.Lower, 100 * share.Interval.Upper, share.N);
            }
        }

        Dictionary<string, JsonNode> parameters = Palette.Series([.. default(SignCases).Named().Select(named => named.Name).Zip(colours)]);
        parameters["title"] = "positions (%)";
        parameters["what"] = "signs";
        return Figure("distribution-sign-cases", "Signs of gate and linear part",
            "Mean over the memories of a layer of the share of positions where gate and linear part are above zero (+) or not (−), with 1.96 standard errors over memories. m is positive where the signs agree, and small where the gate is negative.", table, "stack", parameters);
    }

    private static FigureTable Boxes(IEnumerable<LayerDistribution> layers, string series, Func<LayerDistribution, Quartiles> of, double scale, Func<LayerDistribution, long> n)
    {
        var table = new FigureTable("layer", "series", "q1", "median", "q3", "mean", "lower", "upper", "n");
        foreach (LayerDistribution layer in layers)
        {
            Quartiles box = of(layer);
            table.Add(layer.Layer, series, scale * box.Lower, scale * box.Median, scale * box.Upper, null, null, null, n(layer));
        }

        return table;
    }

    private static Figure Figure(string key, string title, string caption, FigureTable table, string template, Dictionary<string, JsonNode> parameters)
        => new() { Key = key, Title = title, Caption = caption, Section = string.Empty, Table = table, Template = template, Parameters = parameters };
}
