using System.Globalization;
using Keyhole.Analyses;
using Keyhole.Composition;
using Keyhole.Exports;
using Keyhole.Mutations;
using Keyhole.ReadWrite;
using Keyhole.Studies;
using Keyhole.Values;

namespace Keyhole.Cli.Analyses;

/// <summary>Runs an analysis with its progress on the console, and shows its figures layer by layer.</summary>
internal static class AnalysisRun
{
    /// <summary>Version of the result as JSON (docs/formats/results.md).</summary>
    public const int SchemaVersion = 1;

    /// <summary>Analyses.</summary>
    public static AnalysisResult Analyze(AnalysisOptions options, CommandConsole console, CancellationToken stop)
    {
        using (Study study = Study.Open(options.Study))
        {
            if (study.Provenance.Shard is { } shard)
            {
                console.Note($"{options.Study}: a part of its corpus only, {StudyShardText.Of(shard)}; its figures are those of that part, and a merge drops them.");
            }
        }

        return console.WithProgress(progress => Analyzer.Run(options, new SectionProgress(progress), stop));
    }

    /// <summary>The result as a JSON document.</summary>
    public static void WriteJson(CommandConsole console, AnalysisResult result) => console.WriteJson(SchemaVersion, json =>
    {
        json.WriteString("study", result.Study);
        json.WriteStartObject("seconds");
        foreach ((AnalysisSection section, double seconds) in result.Sections)
        {
            json.WriteNumber(section.Name(), Math.Round(seconds, 3));
        }

        json.WriteEndObject();
    });

    /// <summary>A table of the paper's headline figures by layer, as far as the study has them.</summary>
    public static void WriteLayers(CommandConsole console, string path)
    {
        using Study study = Study.Open(path);
        StudyAnalysis analysis = StudyAnalysis.Read(study);
        int layers = study.Shape.Layers;
        List<(string Heading, Func<int, string> Cell)> columns = [(">layer", layer => layer.ToString(CultureInfo.InvariantCulture))];
        if (analysis.Agreement is { } agreement)
        {
            Dictionary<int, LayerAgreement> known = agreement.Layers.ToDictionary(layer => layer.Layer);
            columns.Add((">agreement", layer => known.TryGetValue(layer, out LayerAgreement? of) ? Percent(of.Agreement.Value) : "-"));
            columns.Add((">shuffled", layer => known.TryGetValue(layer, out LayerAgreement? of) ? Percent(of.Shuffled.Value) : "-"));
            columns.Add((">with current", layer => known.TryGetValue(layer, out LayerAgreement? of) ? Percent(of.WithCurrent.Value) : "-"));
        }

        if (analysis.Composition is { } composition)
        {
            columns.Add((">active", layer => Percent(composition.Layers[layer].ActiveShare.Value)));
            columns.Add((">zero agreement", layer => Percent(composition.Layers[layer].ZeroAgreement.Value)));
            columns.Add((">final in r", layer => Percent(composition.Layers[layer].FinalInResidual.Value)));
            columns.Add((">residual", layer => Part(composition.Layers[layer].Breakdown, breakdown => breakdown.Residual)));
            columns.Add((">ffn", layer => Part(composition.Layers[layer].Breakdown, breakdown => breakdown.Ffn)));
            columns.Add((">both", layer => Part(composition.Layers[layer].Breakdown, breakdown => breakdown.Agreement)));
            columns.Add((">composition", layer => Part(composition.Layers[layer].Breakdown, breakdown => breakdown.Composition)));
            columns.Add((">target rank", layer => composition.Layers[layer].MedianTargetRank.ToString("N0", CultureInfo.InvariantCulture)));
        }

        if (analysis.MutationEffects is { } mutations)
        {
            Dictionary<int, LayerMutations> known = mutations.Layers.ToDictionary(layer => layer.Layer);
            columns.Add((">last dropped", layer => known.TryGetValue(layer, out LayerMutations? of) ? of.Last.Mean.Value.ToString("F0", CultureInfo.InvariantCulture) + "%" : "-"));
        }

        if (analysis.ReadWriteClasses is { } classes)
        {
            Dictionary<int, LayerReadWrite> known = classes.Layers.ToDictionary(layer => layer.Layer);
            columns.Add((">enriches", layer => known.TryGetValue(layer, out LayerReadWrite? of) ? Percent(of.Of(ReadWriteClass.Enrichment).Value + of.Of(ReadWriteClass.ConditionalEnrichment).Value) : "-"));
            columns.Add((">depletes", layer => known.TryGetValue(layer, out LayerReadWrite? of) ? Percent(of.Of(ReadWriteClass.Depletion).Value + of.Of(ReadWriteClass.ConditionalDepletion).Value) : "-"));
        }

        console.WriteTable([.. columns.Select(column => column.Heading)], Enumerable.Range(0, layers).Select(layer => (IReadOnlyList<string>)[.. columns.Select(column => column.Cell(layer))]));
    }

    private static string Part(Breakdown breakdown, Func<Breakdown, long> part) => Percent(breakdown.Of(part(breakdown)).Value);

    private static string Percent(double share) => double.IsNaN(share) ? "-" : (100 * share).ToString(share < 0.1 ? "F2" : "F1", CultureInfo.InvariantCulture) + "%";
}
