using System.Text.Json.Nodes;
using Keyhole.Reports.Contents;

namespace Keyhole.Reports.Figures;

/// <summary>Activation histograms of single memories.</summary>
internal static class HistogramFigures
{
    public static Figure Of(HistogramContent histogram)
    {
        var table = new FigureTable("from", "to", "positions");
        foreach ((double lower, double upper, long positions) in histogram.Columns)
        {
            table.Add(Numbers.Plain(lower, 2), Numbers.Plain(upper, 2), positions);
        }

        return new Figure
        {
            Key = $"histogram-{histogram.Id}",
            Title = $"{histogram.Id}, excess kurtosis {Numbers.Plain(histogram.Kurtosis)}",
            Caption = string.Empty,
            Section = string.Empty,
            Table = table,
            Template = "histogram",
            Parameters = new Dictionary<string, JsonNode> { ["colour"] = histogram.IsPeaked ? Palette.Vermilion : Palette.Blue },
        };
    }
}
