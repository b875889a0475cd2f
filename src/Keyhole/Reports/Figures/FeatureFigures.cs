using System.Globalization;
using System.Text.Json.Nodes;
using Keyhole.Features;

namespace Keyhole.Reports.Figures;

/// <summary>Memories as features, by layer, beside the null.</summary>
internal static class FeatureFigures
{
    private const string Null = "permuted";
    private static readonly (string Real, string Permuted)[] s_colours = [(Palette.Blue, Palette.Grey), (Palette.Green, Palette.Brown), (Palette.Purple, Palette.Orange)];

    /// <summary>The figures; none where nothing was measured.</summary>
    public static IEnumerable<Figure> Of(FeatureResult? features)
    {
        if (features is null)
        {
            yield break;
        }

        int[] kept = Sizes(features, FeatureMeasure.ExplainedVariance);
        int[] shown = [.. new[] { kept.FirstOrDefault(k => k >= 10, kept.LastOrDefault()), kept.LastOrDefault() }.Distinct()];
        yield return Draw(features, "features-variance", "How much of a layer's output its strongest memories make up",
            "Share of the output's variance over positions and dimensions that is explained by the k memories with the largest |m| |v| at each position. Bands: 95% bootstrap intervals over texts. Every k is in the study.",
            "explained variance", [.. shown.SelectMany((k, place) => Both(FeatureMeasure.ExplainedVariance, k, Size(k), s_colours[place]))]);
        yield return Draw(features, "features-l0", "How many memories are active at a position",
            "Mean number of active memories (L0): m > 0 for ReLU, else |m| above 1% of the memory's largest over the measured positions. Bands: 95% bootstrap intervals over texts.",
            "active memories", [.. Both(FeatureMeasure.L0, 0, "L0", s_colours[0])]);
        int[] probes = [.. Sizes(features, FeatureMeasure.MeanProbeAccuracy).Where(k => k > 0)];
        yield return Draw(features, "features-probing", "What single memories tell of a text",
            "Mean accuracy over tasks of probes on the k memories whose class means differ most, on held-out texts, classes of equal size. Beside it a probe on all dimensions of the residual. Bands: 95% bootstrap intervals over texts.",
            "accuracy", [.. probes.SelectMany((k, place) => Both(FeatureMeasure.MeanProbeAccuracy, k, Size(k), s_colours[place % s_colours.Length])), new Series("residual, all dimensions", FeatureSource.Residual, FeatureMeasure.MeanProbeAccuracy, 0, Palette.Vermilion)],
            (0.5, "chance"));
        yield return Draw(features, "features-absorption", "First letters that another memory carries",
            "Of the held-out words whose first letter a probe finds in the layer's output: the share at which the letter's main memory does not fire and another memory carries the letter (absorbed), and the share that the main memory does not tell and another carries. Bands: 95% Wilson intervals over words.",
            "share of words", [.. Both(FeatureMeasure.Absorbed, 0, "absorbed", s_colours[0]), .. Both(FeatureMeasure.MissedAbsorbed, 0, "not told, absorbed", s_colours[1])]);
    }

    private static Figure Draw(FeatureResult features, string key, string title, string caption, string axis, Series[] series, params (double At, string Label)[] references)
    {
        var table = new FigureTable("layer", "series", "value", "lower", "upper", "n");
        foreach (Series one in series)
        {
            foreach (FeatureRow row in features.Rows.Where(row => row.Source == one.Source && row.Measure == one.Measure && row.K == one.K && row.Estimate.N > 0))
            {
                table.Add(row.Layer, one.Name, row.Estimate.Value, row.Estimate.Interval.Lower, row.Estimate.Interval.Upper, row.Estimate.N);
            }
        }

        Dictionary<string, JsonNode> parameters = Palette.Series([.. series.Select(one => (one.Name, one.Colour))]);
        parameters["title"] = axis;
        parameters["references"] = Palette.References(references);
        return new Figure { Key = key, Title = title, Caption = caption, Section = "features", Table = table, Template = "bands", Parameters = parameters };
    }

    private static Series[] Both(FeatureMeasure measure, int k, string name, (string Real, string Permuted) colours) =>
    [
        new Series(name, FeatureSource.Memories, measure, k, colours.Real),
        new Series($"{name}, {Null}", FeatureSource.Permuted, measure, k, colours.Permuted),
    ];

    private static string Size(int k) => string.Create(CultureInfo.InvariantCulture, $"k = {k}");

    private static int[] Sizes(FeatureResult features, FeatureMeasure measure)
        => [.. features.Rows.Where(row => row.Measure == measure).Select(row => row.K).Distinct().Order()];

    private readonly record struct Series(string Name, FeatureSource Source, FeatureMeasure Measure, int K, string Colour);
}
