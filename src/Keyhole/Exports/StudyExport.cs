using System.Collections.Immutable;
using Keyhole.Studies;

namespace Keyhole.Exports;

/// <summary>Every format in which a study is exported, by its name (docs/formats/export.md).</summary>
public static class StudyExport
{
    /// <summary>Names of the formats.</summary>
    public static ImmutableArray<string> Formats { get; } = ["jsonl", "csv", "safetensors", "ff-layers", "neuronpedia", "openai"];

    /// <summary>Whether a format runs the study's model.</summary>
    /// <param name="format">One of <see cref="Formats"/>.</param>
    public static bool TakesModel(string format) => format is "neuronpedia" or "openai";

    /// <summary>Writes a study's files into a folder; they replace older ones together, when all are whole.</summary>
    /// <param name="format">One of <see cref="Formats"/>.</param>
    /// <param name="study">The study.</param>
    /// <param name="directory">Folder, made where it is missing.</param>
    /// <param name="options">Which memories, and where the model is.</param>
    /// <param name="cancellationToken">Stops the export; nothing is left behind.</param>
    /// <returns>Names of the files, with '/' between subfolders.</returns>
    /// <exception cref="ArgumentException">There is no such format.</exception>
    /// <exception cref="StudyNotWrittenException">KH5120: the folder cannot be written.</exception>
    /// <exception cref="Keyhole.Engine.InputRefusedException">KH5105, KH5133 to KH5135, KH5202, KH5203: what is asked for cannot be exported; the message says why.</exception>
    /// <exception cref="OperationCanceledException">The export was stopped.</exception>
    public static IReadOnlyList<string> Write(string format, Study study, string directory, ExportOptions options, CancellationToken cancellationToken = default) => format switch
    {
        "jsonl" => JsonlExport.Write(study, directory, options, cancellationToken),
        "csv" => CsvExport.Write(study, directory, options, cancellationToken),
        "safetensors" => SafetensorsExport.Write(study, directory, options, cancellationToken),
        "ff-layers" => FfLayersExport.Write(study, directory, options, cancellationToken),
        "neuronpedia" => NeuronpediaExport.Write(study, directory, options, cancellationToken),
        "openai" => OpenAiExport.Write(study, directory, options, cancellationToken),
        _ => throw new ArgumentException($"There is no format '{format}'.", nameof(format)),
    };
}
