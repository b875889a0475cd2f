using System.Collections.ObjectModel;
using System.Globalization;
using Keyhole.Analyses;
using Keyhole.Engine;
using Keyhole.Engine.Checkpoints;
using Keyhole.Memories;
using Keyhole.Studies;
using Keyhole.Studies.Analysis;
using Keyhole.Values;

namespace Keyhole.Exports;

/// <summary>Exports a study as one safetensors file of arrays [layers, memories, ...] (docs/formats/export.md).</summary>
/// <remarks>A layer is kept in memory at a time. Memories that were not mined, or are not selected, hold NaN and -1, and 0 in <c>mined</c>.</remarks>
public static class SafetensorsExport
{
    /// <summary>Name of the file.</summary>
    public const string File = "study.safetensors";

    private const string EdgesTensor = "histogram_edges";

    /// <summary>Writes the file; it replaces an older one when it is whole.</summary>
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
        folder.WriteAt(File, path => Write(run, analysis, path));
        return folder.Complete();
    }

    private static void Write(ExportRun run, StudyAnalysis analysis, string path)
    {
        Study study = run.Study;
        int triggers = study.Query("SELECT coalesce(max(max(positive_count, negative_count)), 0) FROM memory", row => row.GetInt32(0)).Single();
        StudyTensors tensors = new(study.Shape, triggers);
        ValueTensors? values = analysis.Values is { Count: > 0 } read
            ? new ValueTensors(study.Shape, read.Max(value => Math.Max(value.Top.Length, value.Bottom.Length)))
            : null;
        ILayerTensor[] all = [.. tensors.All, .. values?.All ?? []];
        using SafetensorsOutput output = SafetensorsWriter.Create(path,
            [new TensorDeclaration(EdgesTensor, StorageType.F64, [ActivationHistogram.Bins + 1]), .. all.Select(tensor => tensor.Declare(study.Shape.Layers))],
            Metadata(study.Provenance, analysis));
        output.Write<double>(EdgesTensor, ActivationHistogram.Edges.AsSpan());

        int layer = 0;
        Array.ForEach(all, tensor => tensor.Clear());
        void Advance(int to)
        {
            for (; layer < to; layer++)
            {
                Array.ForEach(all, tensor => tensor.WriteTo(output));
                Array.ForEach(all, tensor => tensor.Clear());
            }
        }

        foreach (MemoryRecord memory in run.Memories(File, 0, 1))
        {
            Advance(memory.Id.Layer);
            int row = StudyTensors.Row(study.Shape, memory.Id);
            tensors.Set(row, memory);
            if (analysis.ValuesById?.TryGetValue(memory.Id, out ValueRecord? value) == true)
            {
                values!.Set(row, value);
            }
        }

        Advance(study.Shape.Layers);
        output.Complete();
    }

    private static Dictionary<string, string> Metadata(StudyProvenance provenance, StudyAnalysis analysis)
    {
        Dictionary<string, string> metadata = new(StringComparer.Ordinal)
        {
            ["format"] = "keyhole study 1",
            ["weights_sha256"] = provenance.WeightsSha256,
            ["tokenizer_sha256"] = provenance.TokenizerSha256,
            ["corpus_sha256"] = provenance.CorpusSha256,
            ["model_family"] = provenance.ModelFamily,
            ["activation"] = provenance.Shape.Activation,
            ["widths"] = string.Join(',', provenance.Shape.Widths),
        };
        if (provenance.Shape.Experts > 0)
        {
            metadata["experts"] = provenance.Shape.Experts.ToString(CultureInfo.InvariantCulture);
        }

        foreach ((string name, string value) in provenance.Options)
        {
            metadata["mine." + name] = value;
        }

        foreach (string section in AnalysisSections.WithCompat)
        {
            foreach ((string name, string value) in analysis.Options(section) ?? ReadOnlyDictionary<string, string>.Empty)
            {
                metadata[section + "." + name] = value;
            }
        }

        return metadata;
    }
}
