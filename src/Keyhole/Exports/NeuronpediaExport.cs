using System.IO.Compression;
using Keyhole.Analyses;
using Keyhole.Annotations;
using Keyhole.Engine;
using Keyhole.Memories;
using Keyhole.Patterns;
using Keyhole.Studies;

namespace Keyhole.Exports;

/// <summary>Exports memories as Neuronpedia imports them: a folder <c>{model}/{layer}/</c> of metadata, features and activations (docs/formats/export.md).</summary>
/// <remarks>The activations are whole units, run through the model again for the coefficient at every token. Only the positive pole has a place in the format.</remarks>
public static class NeuronpediaExport
{
    private const int BatchSize = 1024;
    private const double TextsShare = 0.7;

    /// <summary>Writes the files; they replace older ones together, when all are whole.</summary>
    /// <param name="study">The study.</param>
    /// <param name="directory">Folder, made where it is missing.</param>
    /// <param name="options">Which memories, and where the model is.</param>
    /// <param name="cancellationToken">Stops the export; nothing is left behind.</param>
    /// <returns>Names of the files.</returns>
    /// <exception cref="StudyNotWrittenException">KH5120: the folder cannot be written.</exception>
    /// <exception cref="InputRefusedException">
    /// KH5105: the study is damaged; KH5133: the selection does not fit it; KH5202, KH5203: the model is not there or is another; KH5134: it has experts.
    /// </exception>
    /// <exception cref="OperationCanceledException">The export was stopped.</exception>
    public static IReadOnlyList<string> Write(Study study, string directory, ExportOptions options, CancellationToken cancellationToken = default)
    {
        ExportRun run = new(study, options, cancellationToken);
        ShownTexts.RequireNoExperts(study, "neuronpedia");
        using StudyModel model = StudyModel.Open(study, options.Model, cancellationToken);
        StudyAnalysis analysis = StudyAnalysis.Read(study);
        NeuronpediaRecords records = new(study, analysis);
        using ExportFolder folder = new(directory);
        List<(NeuronId Id, int[] Units)> wanted = [.. run.Memories("reading the study", 0, 0).Select(memory => (memory.Id, NeuronpediaExample.Of(study, memory).Select(example => example.Trigger.Unit).Distinct().ToArray()))];
        using CoefficientStore coefficients = ShownTexts.Coefficients(run, folder, model.Model, wanted, 0, TextsShare);
        ILookup<NeuronId, Label> labels = LabelTable.Read(study).ToLookup(label => label.Memory);
        List<MemoryRecord> batch = [];
        int number = 0;
        int layer = -1;
        void Flush()
        {
            if (batch.Count > 0)
            {
                string source = $"{records.ModelId}/{NeuronpediaRecords.Source(layer)}";
                WriteBatch(folder, source, number++, study, batch, records, coefficients, labels);
                batch.Clear();
            }
        }

        foreach (MemoryRecord memory in run.Memories("writing", TextsShare, 1))
        {
            if (memory.Id.Layer != layer || batch.Count == BatchSize)
            {
                Flush();
            }

            if (memory.Id.Layer != layer)
            {
                layer = memory.Id.Layer;
                number = 0;
                WriteMetadata(folder, layer, records);
            }

            batch.Add(memory);
        }

        Flush();
        model.RequireSame();
        return folder.Complete();
    }

    private static void WriteMetadata(ExportFolder folder, int layer, NeuronpediaRecords records)
    {
        string source = $"{records.ModelId}/{NeuronpediaRecords.Source(layer)}";
        WriteLines(folder, source + "/release.jsonl", lines => lines.Line(records.WriteRelease));
        WriteLines(folder, source + "/model.jsonl", lines => lines.Line(records.WriteModel));
        WriteLines(folder, source + "/sourceset.jsonl", lines => lines.Line(records.WriteSourceSet));
        WriteLines(folder, source + "/source.jsonl", lines => lines.Line(json => records.WriteSource(json, layer)));
    }

    private static void WriteBatch(ExportFolder folder, string source, int number, Study study, List<MemoryRecord> batch, NeuronpediaRecords records, CoefficientStore coefficients, ILookup<NeuronId, Label> labels)
    {
        string name = FormattableString.Invariant($"batch-{number}.jsonl.gz");
        WritePacked(folder, $"{source}/features/{name}", lines =>
        {
            foreach (MemoryRecord memory in batch)
            {
                lines.Line(json => records.WriteFeature(json, memory));
            }
        });
        WritePacked(folder, $"{source}/activations/{name}", lines =>
        {
            foreach (MemoryRecord memory in batch)
            {
                IReadOnlyList<NeuronpediaExample> examples = NeuronpediaExample.Of(study, memory);
                Dictionary<int, float[]> values = examples.Select(example => example.Trigger.Unit).Distinct().Zip(coefficients.Of(memory.Id)).ToDictionary(unit => unit.First, unit => unit.Second);
                foreach (NeuronpediaExample example in examples)
                {
                    lines.Line(json => records.WriteActivation(json, memory, example, values[example.Trigger.Unit]));
                }
            }
        });
        (NeuronId Id, int Place, string Description, string Notes)[] explanations =
            [.. batch.SelectMany(memory => Explanations(study, memory.Id, labels).Select((one, place) => (memory.Id, place, one.Description, one.Notes)))];
        if (explanations.Length > 0)
        {
            WritePacked(folder, $"{source}/explanations/{name}", lines => Array.ForEach(explanations, one => lines.Line(json => records.WriteExplanation(json, one.Id, one.Place, one.Description, one.Notes))));
        }
    }

    // What annotators say of a memory, and what its triggers share beyond decoys; the format has the positive pole alone.
    private static IEnumerable<(string Description, string Notes)> Explanations(Study study, NeuronId id, ILookup<NeuronId, Label> labels) =>
    [
        .. labels[id].Where(label => label.Pole != Pole.Negative).Select(label => (label.Text,
            $"{LabelJson.Name(label.Kind)}; {label.Annotator}{(label.Covered is var (covered, of) ? FormattableString.Invariant($", blind: {covered} of {of} prefixes") : string.Empty)}")),
        .. (StudyPatterns.Of(study, id) ?? []).Where(list => list.Pole == Pole.Positive).SelectMany(list => list.Patterns.Select(pattern => (pattern.Text, $"pattern found by keyhole: {PatternLine.Of(list, pattern)}"))),
    ];

    private static void WriteLines(ExportFolder folder, string name, Action<JsonLineWriter> write) => folder.Write(name, stream =>
    {
        using JsonLineWriter lines = new(stream);
        write(lines);
    });

    private static void WritePacked(ExportFolder folder, string name, Action<JsonLineWriter> write) => folder.Write(name, stream =>
    {
        using GZipStream packed = new(stream, CompressionLevel.Optimal, leaveOpen: true);   // its head has no time
        using JsonLineWriter lines = new(packed);
        write(lines);
    });
}
