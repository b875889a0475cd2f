using Keyhole.Analyses;
using Keyhole.Annotations;
using Keyhole.Claiming;
using Keyhole.Engine;
using Keyhole.Features;
using Keyhole.Memories;
using Keyhole.Patterns;
using Keyhole.Studies;
using Keyhole.Values;

namespace Keyhole.Exports;

/// <summary>
/// Exports a study as JSON lines (docs/formats/export.md): <c>neurons.jsonl</c>, one line per memory and pole, <c>units.jsonl</c>, and what the study's analysis has.
/// </summary>
/// <remarks>The bytes depend on the model, the corpus and the options alone: no time, no machine and no absolute path is in them.</remarks>
public static class JsonlExport
{
    /// <summary>Name of the file of memories.</summary>
    public const string NeuronsFile = "neurons.jsonl";

    /// <summary>Name of the file of units.</summary>
    public const string UnitsFile = "units.jsonl";

    /// <summary>Name of the figures by layer.</summary>
    public const string AnalysisFile = "analysis.json";

    /// <summary>Name of the file of prefixes.</summary>
    public const string PrefixesFile = "prefixes.jsonl";

    /// <summary>Name of the file of prompts.</summary>
    public const string PromptsFile = "prompts.jsonl";

    /// <summary>Name of the file of mutated prefixes.</summary>
    public const string MutationsFile = "mutations.jsonl";

    /// <summary>Name of the file of reach.</summary>
    public const string ReachFile = "reach.jsonl";

    /// <summary>Name of the file of read-write classes.</summary>
    public const string ReadWriteFile = "read-write.jsonl";

    /// <summary>Name of the file of the released code's numbers.</summary>
    public const string CompatFile = "compat.jsonl";

    /// <summary>Name of the patterns by layer.</summary>
    public const string PatternsFile = "patterns.json";

    /// <summary>Name of the tested claims.</summary>
    public const string ClaimsFile = "claims.json";

    /// <summary>Name of the memories as features.</summary>
    public const string FeaturesFile = "features.json";

    private const double NeuronsShare = 0.8;

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
        folder.Write(NeuronsFile, stream => WriteNeurons(run, analysis, stream));
        folder.Write(UnitsFile, stream => WriteUnits(run, stream));
        if (analysis.Any || analysis.Compat is not null)
        {
            folder.Write(AnalysisFile, stream => AnalysisDocument.Write(study, analysis, stream));
        }

        if (analysis.Prefixes is { } prefixes)
        {
            folder.Write(PrefixesFile, stream => AnalysisLines.WritePrefixes(run, prefixes, stream));
        }

        if (analysis.Prompts is { } prompts)
        {
            folder.Write(PromptsFile, stream => AnalysisLines.WritePrompts(run, prompts, stream));
        }

        if (analysis.Mutations is { } mutations)
        {
            folder.Write(MutationsFile, stream => AnalysisLines.WriteMutations(run, mutations, stream));
        }

        if (analysis.Reach is { } reach)
        {
            folder.Write(ReachFile, stream => AnalysisLines.WriteReach(run, reach, stream));
        }

        if (analysis.ReadWrite is { } readWrite)
        {
            folder.Write(ReadWriteFile, stream => AnalysisLines.WriteReadWrite(run, readWrite, stream));
        }

        if (analysis.Compat is { } compat)
        {
            folder.Write(CompatFile, stream => CompatLines.Write(run, compat, stream));
        }

        if (StudyPatterns.Layers(study) is { } layers)
        {
            folder.Write(PatternsFile, stream => ResultDocuments.WritePatterns(study, layers, stream));
        }

        if (ClaimStore.Read(study) is { } claims)
        {
            folder.Write(ClaimsFile, stream => ResultDocuments.WriteClaims(run, claims, stream));
        }

        if (FeatureAnalyzer.Read(study) is { } features)
        {
            folder.Write(FeaturesFile, stream => ResultDocuments.WriteFeatures(features, stream));
        }

        return folder.Complete();
    }

    private static void WriteNeurons(ExportRun run, StudyAnalysis analysis, Stream stream)
    {
        using JsonLineWriter lines = new(stream);
        Dictionary<(NeuronId, Pole), MemoryPatterns> patterns = StudyPatterns.Read(run.Study)?.ToDictionary(list => (list.Id, list.Pole)) ?? [];
        ILookup<NeuronId, Label> labels = LabelTable.Read(run.Study).ToLookup(label => label.Memory);
        foreach (MemoryRecord memory in run.Memories(NeuronsFile, 0, NeuronsShare))
        {
            ValueRecord? value = analysis.ValuesById?.GetValueOrDefault(memory.Id);
            foreach (Pole pole in MemoryJson.Poles(run.Study.Shape))
            {
                lines.Line(json =>
                {
                    MemoryJson.WriteId(json, memory.Id);
                    MemoryJson.WritePole(json, run.Study, memory, pole);
                    MemoryJson.WriteStatistics(json, memory.Statistics);
                    if (value is not null)
                    {
                        ValueJson.WriteValue(json, run.Study, value, pole, analysis.ValueReadout);
                    }

                    if (patterns.TryGetValue((memory.Id, pole), out MemoryPatterns? list))
                    {
                        PatternJson.WriteArray(json, list);
                    }

                    LabelJson.WriteArray(json, labels[memory.Id], pole);
                });
            }
        }
    }

    private static void WriteUnits(ExportRun run, Stream stream)
    {
        using JsonLineWriter lines = new(stream);
        foreach (StudyUnit unit in run.Each(UnitsFile, run.Study.Units(), run.Study.UnitCount, NeuronsShare, 1))
        {
            lines.Line(json =>
            {
                json.WriteNumber("unit", unit.Index);
                json.WriteString("file", run.Study.FileOf(unit));
                json.WriteNumber("offset", unit.Offset);
                json.WriteNumber("length", unit.Length);
                json.WriteString("text", unit.Text);
            });
        }
    }
}
