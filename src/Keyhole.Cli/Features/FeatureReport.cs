using System.Globalization;
using Keyhole.Features;

namespace Keyhole.Cli.Features;

/// <summary>Memories as features, as tables or as a JSON document.</summary>
internal static class FeatureReport
{
    private const int SchemaVersion = 1;

    /// <summary>Writes the results.</summary>
    public static void Write(CommandConsole console, string study, FeatureResult result)
    {
        if (console.Json)
        {
            console.WriteJson(SchemaVersion, json =>
            {
                json.WriteString("study", study);
                FeatureJson.Write(json, result);
            });
            return;
        }

        int[] layers = [.. result.Rows.Select(row => row.Layer).Distinct()];
        int[] topK = [.. Sizes(result, FeatureMeasure.ExplainedVariance)];
        WriteTable(console, result, layers, "memories / the same with permuted weights",
        [
            ("alive", FeatureMeasure.Alive, 0), ("L0", FeatureMeasure.L0, 0),
            .. topK.Select(k => (Name("variance", k), FeatureMeasure.ExplainedVariance, k)),
            .. Sizes(result, FeatureMeasure.SaeBenchExplainedVariance).Select(k => (Name("saebench", k), FeatureMeasure.SaeBenchExplainedVariance, k)),
        ]);
        int[] probes = [.. Sizes(result, FeatureMeasure.MeanProbeAccuracy).Where(k => k > 0)];
        FeatureTask[] asked = [.. result.Tasks.Where(task => task.Training > 0)];
        if (asked.Length > 0)
        {
            console.Output.Write("\nprobes: mean accuracy on held-out texts (chance 0.5), memories / permuted; all dimensions of the residual\n");
            console.WriteTable([">layer", .. probes.Select(k => ">" + Name("accuracy", k)), ">residual"], layers.Select(layer => (IReadOnlyList<string>)
            [
                Number(layer), .. probes.Select(k => Pair(result, layer, FeatureMeasure.MeanProbeAccuracy, k)),
                Text(result.Find(layer, FeatureSource.Residual, FeatureMeasure.MeanProbeAccuracy)),
            ]));
        }

        console.Output.Write("\ntasks: texts of each class, best layer of a probe on one memory / permuted / residual\n");
        console.WriteTable(["task", ">true", ">false", ">fitted on", ">held out", ">k=1"], result.Tasks.Select(task => (IReadOnlyList<string>)
        [
            task.Name, Number(task.Positive), Number(task.Negative), Number(2 * task.Training), Number(2 * task.HeldOut),
            task.Training == 0 ? "too few" : string.Join(" / ", Best(result, FeatureSource.Memories, task.Name, 1), Best(result, FeatureSource.Permuted, task.Name, 1), Best(result, FeatureSource.Residual, task.Name, 0)),
        ]));
        if (result.Rows.Any(row => row.Measure == FeatureMeasure.Absorbed))
        {
            WriteTable(console, result, layers, "first letters, memories / permuted",
            [
                ("probe AUROC", FeatureMeasure.LetterProbeAuroc, 0), ("main memory AUROC", FeatureMeasure.LetterMemoryAuroc, 0), ("silent", FeatureMeasure.Silent, 0),
                ("absorbed", FeatureMeasure.Absorbed, 0), ("missed", FeatureMeasure.Missed, 0), ("missed, absorbed", FeatureMeasure.MissedAbsorbed, 0),
            ]);
        }
    }

    private static void WriteTable(CommandConsole console, FeatureResult result, int[] layers, string title, IReadOnlyList<(string Heading, FeatureMeasure Measure, int K)> columns)
    {
        console.Output.Write($"\n{title}\n");
        console.WriteTable([">layer", .. columns.Select(column => ">" + column.Heading)],
            layers.Select(layer => (IReadOnlyList<string>)[Number(layer), .. columns.Select(column => Pair(result, layer, column.Measure, column.K))]));
    }

    private static IEnumerable<int> Sizes(FeatureResult result, FeatureMeasure measure) => result.Rows.Where(row => row.Measure == measure).Select(row => row.K).Distinct().Order();

    private static string Name(string what, int k) => string.Create(CultureInfo.InvariantCulture, $"{what} k={k}");

    private static string Pair(FeatureResult result, int layer, FeatureMeasure measure, int k)
        => $"{Text(result.Find(layer, FeatureSource.Memories, measure, k))} / {Text(result.Find(layer, FeatureSource.Permuted, measure, k))}";

    private static string Best(FeatureResult result, FeatureSource source, string task, int k)
        => Text(result.Rows.Where(row => row.Source == source && row.Measure == FeatureMeasure.ProbeAccuracy && row.Task == task && row.K == k).MaxBy(row => row.Estimate.Value));

    private static string Text(FeatureRow? row) => row is null || double.IsNaN(row.Estimate.Value) ? "-"
        : row.Measure == FeatureMeasure.L0 ? row.Estimate.Value.ToString("N1", CultureInfo.InvariantCulture)
        : row.Estimate.Value.ToString("F3", CultureInfo.InvariantCulture);

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
