using Keyhole.Analyses;
using Keyhole.Annotations;
using Keyhole.Claiming;
using Keyhole.Engine;
using Keyhole.Features;
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

    /// <summary>Name of the file of examples beyond the triggers.</summary>
    public const string ExamplesFile = "examples.csv";

    /// <summary>Name of the file of read-write classes.</summary>
    public const string ReadWriteFile = "read-write.csv";

    /// <summary>Name of the file of features.</summary>
    public const string FeaturesFile = "features.csv";

    /// <summary>Name of the file of the tasks of their probes.</summary>
    public const string FeatureTasksFile = "feature-tasks.csv";

    /// <summary>Name of the file of tested claims.</summary>
    public const string ClaimsFile = "claims.csv";

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
        folder.Write(TriggersFile, stream => CsvExamples.WriteTriggers(run, stream, TriggersShare));
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

        if (CsvExamples.HasMore(study))
        {
            folder.Write(ExamplesFile, stream => CsvExamples.WriteMore(run, stream, StatisticsShare));
        }

        if (analysis.ReadWrite is { } readWrite)
        {
            folder.Write(ReadWriteFile, stream => CsvResults.WriteReadWrite(run, readWrite, stream));
        }

        if (FeatureAnalyzer.Read(study) is { } features)
        {
            folder.Write(FeaturesFile, stream => CsvResults.WriteFeatures(features, stream));
            folder.Write(FeatureTasksFile, stream => CsvResults.WriteTasks(features, stream));
        }

        if (ClaimStore.Read(study) is { } claims)
        {
            folder.Write(ClaimsFile, stream => CsvResults.WriteClaims(run, claims, stream));
        }

        run.Report(LayersFile, 1);
        return folder.Complete();
    }

    private static void WriteStatistics(ExportRun run, Stream stream)
    {
        using CsvLines csv = new(stream);
        string[] cases = run.Study.Shape.Gated ? [.. default(SignCases).Named().Select(named => named.Name)] : [];
        Pole[] poles = run.Study.HasTable(StudySchema.SampleTable) ? [.. MemoryJson.Poles(run.Study.Shape)] : [];
        csv.Line(["layer", "expert", "index", "n", "mean", "variance", "skewness", "excessKurtosis", "min", "max", "sharePositive", .. cases, .. poles.Select(pole => $"topShare.{MemoryJson.Name(pole)}")]);
        foreach (MemoryRecord memory in run.Memories(StatisticsFile, TriggersShare, StatisticsShare))
        {
            NeuronId id = memory.Id;
            NeuronStatistics statistics = memory.Statistics;
            IEnumerable<string> caseShares = statistics.SignCases is { } counted
                ? counted.Named().Select(named => Number((double)named.Count / statistics.Count))
                : cases.Select(_ => string.Empty);
            csv.Line(
            [
                Number(id.Layer), Id(id.Expert), Number(id.Index), Number(statistics.Count),
                Number(statistics.Mean), Number(statistics.Variance), Number(statistics.Skewness), Number(statistics.ExcessKurtosis),
                Number(statistics.Min), Number(statistics.Max), Number(statistics.SharePositive), .. caseShares,
                .. poles.Select(pole => Number(memory.TopShare(pole))),
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
