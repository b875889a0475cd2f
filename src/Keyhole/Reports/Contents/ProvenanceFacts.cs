using System.Collections.Immutable;
using System.Globalization;
using Keyhole.Exports;
using Keyhole.Studies;

namespace Keyhole.Reports.Contents;

/// <summary>Where a study comes from, as readers see it.</summary>
internal static class ProvenanceFacts
{
    private const int MostFiles = 20;

    /// <summary>The model, the corpus, the options that decide the result, and the run.</summary>
    /// <param name="provenance">Where the study comes from.</param>
    /// <param name="counts">What it holds.</param>
    /// <param name="files">Files of its corpus.</param>
    public static ImmutableArray<FactGroup> Of(StudyProvenance provenance, StudyCounts counts, ImmutableArray<StudyFile> files)
    {
        ModelShape shape = provenance.Shape;
        StudyRun run = provenance.Run;
        return
        [
            new FactGroup("Model",
            [
                ("model", provenance.ModelPath),
                ("family", provenance.ModelFamily),
                ("layers", Numbers.Count(shape.Layers)),
                ("memories a layer", Widths(shape)),
                ("width (D)", Numbers.Count(shape.ModelWidth)),
                ("vocabulary (V)", Numbers.Count(shape.VocabularySize)),
                ("activation", shape.Activation + (shape.Gated ? ", gated" : string.Empty)),
                ("weights, SHA-256", provenance.WeightsSha256),
                ("tokenizer, SHA-256", provenance.TokenizerSha256),
            ]),
            new FactGroup("Corpus",
            [
                ("corpus, SHA-256", provenance.CorpusSha256),
                .. files.Take(MostFiles).Select(file => ("corpus file", $"{VisibleText.Of(file.Path)} ({Numbers.Count(file.Bytes)} bytes, SHA-256 {file.Sha256})")),
                .. files.Length > MostFiles ? [("corpus files", Numbers.Count(files.Length))] : Array.Empty<(string, string)>(),
                .. provenance.Shard is { } shard ? [("part of the corpus", StudyShardText.Of(shard))] : Array.Empty<(string, string)>(),
                ("text units", Numbers.Count(counts.Units)),
                ("tokens", Numbers.Count(counts.Tokens)),
                ("candidate positions", Numbers.Count(provenance.Candidates)),
                ("memories in the study", Numbers.Count(counts.Memories)),
            ]),
            new FactGroup("Options", [.. provenance.Options.Select(option => ("option " + option.Key, option.Value))]),
            new FactGroup("Run",
            [
                ("program", "keyhole " + provenance.ProgramVersion),
                ("mined", $"{Time(run.Started)} to {Time(run.Finished)}"),
                ("machine", string.Create(CultureInfo.InvariantCulture, $"{run.Processor}, {run.Threads} threads, {run.InstructionSet}, {run.OperatingSystem}, {run.Framework}")),
                .. run.Options.Select(option => ("run option " + option.Key, option.Value)),
            ]),
        ];
    }

    /// <summary>Memories of every layer, in short.</summary>
    public static string Widths(ModelShape shape)
    {
        int[] distinct = [.. shape.Widths.Distinct()];
        string experts = shape.Experts > 0 ? $" in each of {Numbers.Count(shape.Experts)} experts" : string.Empty;
        return (distinct.Length == 1 ? Numbers.Count(distinct[0]) : string.Join(", ", shape.Widths.Select(width => Numbers.Count(width)))) + experts;
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
