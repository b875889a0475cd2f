using Keyhole.Analyses;
using Keyhole.Annotations;
using Keyhole.Engine;
using Keyhole.Memories;
using Keyhole.Patterns;
using Keyhole.Studies;
using static Keyhole.Exports.CsvLines;

namespace Keyhole.Exports;

/// <summary>Exports a study as tables for spreadsheets and notebooks (docs/formats/export.md): <c>triggers.csv</c>, <c>statistics.csv</c>, and what the study's analysis has.</summary>
/// <remarks>What is missing or NaN is an empty field; the bytes depend on the model, the corpus and the options alone.</remarks>
public static class CsvExport
{
    /// <summary>Name of the file of triggers.</summary>
    public const string TriggersFile = "triggers.csv";

    /// <summary>Name of the file of statistics.</summary>
    public const string StatisticsFile = "statistics.csv";

    /// <summary>Name of the file of values.</summary>
    public const string ValuesFile = "values.csv";

    /// <summary>Name of the file of prefixes.</summary>
    public const string PrefixesFile = "prefixes.csv";

    /// <summary>Name of the file of mutated prefixes.</summary>
    public const string MutationsFile = "mutations.csv";

    /// <summary>Name of the figures by layer.</summary>
    public const string LayersFile = "layers.csv";

    /// <summary>Name of the file of labels.</summary>
    public const string LabelsFile = "labels.csv";

    /// <summary>Name of the file of patterns.</summary>
    public const string PatternsFile = "patterns.csv";

    /// <summary>Name of the file of patterns by layer.</summary>
    public const string PatternLayersFile = "pattern-layers.csv";

    private const double TriggersShare = 0.7;
    private const double StatisticsShare = 0.9;

    /// <summary>Writes the files of the whole study; they replace older ones together, when all are whole.</summary>
    /// <param name="study">The study.</param>
    /// <param name="directory">Folder, made where it is missing.</param>
    /// <param name="cancellationToken">Stops the export; nothing is left behind.</param>
    /// <returns>Names of the files.</returns>
    /// <exception cref="StudyNotWrittenException">KH5120: the folder cannot be written.</exception>
    /// <exception cref="InputRefusedException">KH5105: the study is damaged.</exception>
    /// <exception cref="OperationCanceledException">The export was stopped.</exception>
    public static IReadOnlyList<string> Write(Study study, string directory, CancellationToken cancellationToken = default)
        => Write(study, directory, new ExportOptions(), cancellationToken);

    /// <summary>Writes the files; they replace older ones together, when all are whole.</summary>
    /// <param name="study">The study.</param>
    /// <param name="directory">Folder, made where it is missing.</param>
    /// <param name="options">Which memories.</param>
    /// <param name="cancellationToken">Stops the export; nothing is left behind.</param>
    /// <returns>Names of the files.</returns>
    /// <exception cref="StudyNotWrittenException">KH5120: the folder cannot be written.</exception>
    /// <exception cref="InputRefusedException">KH5105: the study is damaged; KH5133: the selection does not fit it.</exception>
    /// <exception cref="OperationCanceledException">The export was stopped.</exception>
    public static IReadOnlyList<string> Write(Study study, string directory, ExportOptions options, CancellationToken cancellationToken = default)
    {
        ExportRun run = new(study, options, cancellationToken);
        StudyAnalysis analysis = StudyAnalysis.Read(study);
        using ExportFolder folder = new(directory);
        folder.Write(TriggersFile, stream => WriteTriggers(run, stream));
        folder.Write(StatisticsFile, stream => WriteStatistics(run, stream));
        if (analysis.Values is not null)
        {
            folder.Write(ValuesFile, stream => CsvAnalysis.WriteValues(run, analysis, stream));
        }

        if (analysis.Prefixes is { } prefixes)
        {
            folder.Write(PrefixesFile, stream => CsvAnalysis.WritePrefixes(run, prefixes, stream));
        }

        if (analysis.Mutations is { } mutations)
        {
            folder.Write(MutationsFile, stream => CsvAnalysis.WriteMutations(run, mutations, stream));
        }

        if (analysis.Any)
        {
            folder.Write(LayersFile, stream => CsvAnalysis.WriteLayers([.. LayerFigures.Of(study, analysis)], stream));
        }

        if (LabelTable.Any(study))
        {
            folder.Write(LabelsFile, stream => WriteLabels(run, stream));
        }

        if (StudyPatterns.Layers(study) is { } patternLayers)
        {
            folder.Write(PatternsFile, stream => CsvPatterns.Write(run, stream));
            folder.Write(PatternLayersFile, stream => CsvPatterns.WriteLayers(patternLayers, stream));
        }

        run.Report(LayersFile, 1);
        return folder.Complete();
    }

    private static void WriteTriggers(ExportRun run, Stream stream)
    {
        using CsvLines csv = new(stream);
        csv.Line("layer", "expert", "index", "pole", "rank", "unit", "position", "coefficient", "gate", "routerWeight", "target", "prefix", "targetText");
        foreach (MemoryRecord memory in run.Memories(TriggersFile, 0, TriggersShare))
        {
            NeuronId id = memory.Id;
            foreach (Pole pole in MemoryJson.Poles(run.Study.Shape))
            {
                int rank = 0;
                foreach (Trigger trigger in memory.Triggers(pole))
                {
                    StudyUnit unit = run.Study.UnitOf(id, trigger);
                    csv.Line(Number(id.Layer), Id(id.Expert), Number(id.Index), MemoryJson.Name(pole), Number(rank++),
                        Number(trigger.Unit), Number(trigger.Position), Number(trigger.Coefficient), Number(trigger.Gate), id.Expert < 0 ? string.Empty : Number(trigger.RouterWeight), Id(trigger.Target),
                        TriggerText.Prefix(unit, trigger.Position), TriggerText.Target(unit, trigger, run.Study.TokenPiece) ?? string.Empty);
                }
            }
        }
    }

    private static void WriteStatistics(ExportRun run, Stream stream)
    {
        using CsvLines csv = new(stream);
        string[] cases = run.Study.Shape.Gated ? [.. default(SignCases).Named().Select(named => named.Name)] : [];
        csv.Line(["layer", "expert", "index", "n", "mean", "variance", "skewness", "excessKurtosis", "min", "max", "sharePositive", .. cases]);
        foreach (MemoryRecord memory in run.Memories(StatisticsFile, TriggersShare, StatisticsShare))
        {
            NeuronId id = memory.Id;
            NeuronStatistics statistics = memory.Statistics;
            IEnumerable<string> shares = statistics.SignCases is { } counted
                ? counted.Named().Select(named => Number((double)named.Count / statistics.Count))
                : cases.Select(_ => string.Empty);
            csv.Line(
            [
                Number(id.Layer), Id(id.Expert), Number(id.Index), Number(statistics.Count),
                Number(statistics.Mean), Number(statistics.Variance), Number(statistics.Skewness), Number(statistics.ExcessKurtosis),
                Number(statistics.Min), Number(statistics.Max), Number(statistics.SharePositive), .. shares,
            ]);
        }
    }

    private static void WriteLabels(ExportRun run, Stream stream)
    {
        using CsvLines csv = new(stream);
        csv.Line("layer", "expert", "index", "pole", "text", "kind", "annotator", "blind", "covered", "prefixes");
        foreach (Label label in LabelTable.Read(run.Study).Where(label => run.Writes(label.Memory)))
        {
            csv.Line(Number(label.Memory.Layer), Id(label.Memory.Expert), Number(label.Memory.Index), label.Pole is { } pole ? MemoryJson.Name(pole) : string.Empty,
                label.Text, LabelJson.Name(label.Kind), label.Annotator, Answer(label.IsBlind), label.Covered is var (covered, _) ? Number(covered) : string.Empty, label.Covered is var (_, prefixes) ? Number(prefixes) : string.Empty);
        }
    }
}
