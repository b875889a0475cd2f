using System.Globalization;
using Keyhole.Cli.Verifying;
using Keyhole.Exports;
using Keyhole.Memories;
using Keyhole.Patterns;
using Keyhole.Statistics;
using Keyhole.Studies.Analysis;

namespace Keyhole.Cli.PatternFinding;

/// <summary>Patterns as tables or as a JSON document.</summary>
internal static class PatternReport
{
    private const int SchemaVersion = 1;

    /// <summary>Figure 2 by layer beside nulls, and what was found in a sentence.</summary>
    public static void WriteText(CommandConsole console, PatternResult result)
    {
        string[] sources = [.. result.Layers.Select(layer => layer.Source).Distinct().Where(source => source != LayerPatterns.Real)];
        ILookup<int, LayerPatterns> layers = result.Layers.ToLookup(layer => layer.Layer);
        console.WriteTable(
            ["layer", ">lists", ">with a pattern", ">a list", ">shallow", ">both", ">semantic", ">syntactic", ">covered", "", .. sources.Select(source => $">{source}"), .. sources.Select(source => $">less {source}")],
            layers.Select(layer =>
            {
                LayerPatterns real = layer.First();
                LayerPatterns?[] nulls = [.. sources.Select(source => layer.FirstOrDefault(other => other.Source == source))];
                return (IReadOnlyList<string>)
                [
                    layer.Key.ToString(CultureInfo.InvariantCulture),
                    real.Lists.ToString("N0", CultureInfo.InvariantCulture),
                    Percent(real.Of(PatternMeasure.WithPattern).Value),
                    Digits(real.Of(PatternMeasure.PerList).Value),
                    Percent(real.Of(PatternMeasure.Shallow).Value),
                    Percent(real.Of(PatternMeasure.Both).Value),
                    Percent(real.Of(PatternMeasure.Semantic).Value),
                    Percent(real.Of(PatternMeasure.Syntactic).Value),
                    Percent(real.Of(PatternMeasure.Covered).Value),
                    Range(real.Of(PatternMeasure.Covered).Interval),
                    .. nulls.Select(other => Percent(other?.Of(PatternMeasure.Covered).Value ?? double.NaN)),
                    .. nulls.Select(other => other is null ? "-" : $"{Percent(other.Of(PatternMeasure.CoveredAbove).Value)} {Range(other.Of(PatternMeasure.CoveredAbove).Interval)}"),
                ];
            }));
        console.Output.WriteLine(Sentence(result, sources));
    }

    /// <summary>The patterns of one memory.</summary>
    public static void WriteText(CommandConsole console, NeuronId id, IReadOnlyList<MemoryPatterns> lists)
    {
        if (lists.Count == 0)
        {
            console.Output.WriteLine($"{id}: its layer was not looked at, or it never fires");
        }

        foreach (MemoryPatterns list in lists)
        {
            console.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{id}, {PoleName.Of(list.Pole)} pole: {list.Prefixes} prefixes, {list.Evidence} of them no copies, p {list.P:G2}, q {list.Q:G2}"));
            if (list.Patterns.Length > 0)
            {
                console.WriteTable(["pattern", "class", "kind", ">prefixes", ">lift", ">p", ">q"], list.Patterns.Select(pattern => (IReadOnlyList<string>)
                [
                    VisibleText.Of(pattern.Text),
                    PatternClasses.NameOf(pattern.Class),
                    LabelJson.Name(pattern.Kind),
                    string.Create(CultureInfo.InvariantCulture, $"{pattern.Ranks.Length} of {list.Prefixes}"),
                    Digits(pattern.Lift),
                    Digits(pattern.P),
                    Digits(pattern.Q),
                ]));
            }
        }
    }

    /// <summary>The document of <c>patterns --json</c> (docs/formats/results.md).</summary>
    public static void WriteJson(CommandConsole console, PatternResult result) => console.WriteJson(SchemaVersion, json => PatternJson.Write(json, result));

    /// <summary>The document of <c>patterns --memory --json</c>.</summary>
    public static void WriteJson(CommandConsole console, NeuronId id, IReadOnlyList<MemoryPatterns> lists) => console.WriteJson(SchemaVersion, json => PatternJson.Write(json, id, lists));

    private static string Sentence(PatternResult result, string[] sources)
    {
        int tested = result.Lists.Count(list => !double.IsNaN(list.P));
        int found = result.Lists.Count(list => list.Patterns.Length > 0);
        IEnumerable<string> nulls = sources.Select(source => $"{Percent(Pooled(result, source))} of {source}");
        string patterns = string.Join(", ", result.Lists.SelectMany(list => list.Patterns).GroupBy(pattern => pattern.Class).OrderByDescending(kind => kind.Count())
            .Select(kind => string.Create(CultureInfo.InvariantCulture, $"{PatternClasses.NameOf(kind.Key)} {kind.Count():N0}")));
        return string.Create(CultureInfo.InvariantCulture,
            $"In {found:N0} of {tested:N0} lists something is shared beyond decoys (false-discovery rate {result.Options["rate"]}, p at most {double.Parse(result.Options["level"], CultureInfo.InvariantCulture):G2}): {Percent(Pooled(result, LayerPatterns.Real))} of their prefixes, against {string.Join(" and ", nulls)}.")
            + (patterns.Length == 0 ? string.Empty : $" Patterns: {patterns}.");
    }

    private static double Pooled(PatternResult result, string source)
    {
        LayerPatterns[] layers = [.. result.Layers.Where(layer => layer.Source == source && layer.Prefixes > 0)];
        return layers.Sum(layer => layer.Of(PatternMeasure.Covered).Value * layer.Prefixes) / layers.Sum(layer => layer.Prefixes);
    }

    private static string Range(Interval interval) => double.IsNaN(interval.Lower) ? string.Empty : string.Create(CultureInfo.InvariantCulture, $"{100 * interval.Lower:F1}..{100 * interval.Upper:F1}");

    private static string Percent(double share) => double.IsNaN(share) ? "-" : (100 * share).ToString("F1", CultureInfo.InvariantCulture) + "%";

    private static string Digits(double value) => double.IsNaN(value) ? "-" : value.ToString("G3", CultureInfo.InvariantCulture);
}
