using System.Buffers;
using System.Text.Json;
using Keyhole.Engine;
using Keyhole.Memories;
using Keyhole.Studies;

namespace Keyhole.Exports;

/// <summary>Exports a study as JSON lines (docs/formats/export.md): <c>neurons.jsonl</c>, one line per memory and pole, and <c>units.jsonl</c>.</summary>
/// <remarks>The bytes depend on the model, the corpus and the options alone: no time, no machine and no absolute path is in them.</remarks>
public static class JsonlExport
{
    /// <summary>Name of the file of memories.</summary>
    public const string NeuronsFile = "neurons.jsonl";

    /// <summary>Name of the file of units.</summary>
    public const string UnitsFile = "units.jsonl";

    /// <summary>Writes both files; they replace older ones together, when both are whole.</summary>
    /// <param name="study">The study.</param>
    /// <param name="directory">Folder, made where it is missing.</param>
    /// <param name="cancellationToken">Stops the export; nothing is left behind.</param>
    /// <exception cref="StudyNotWrittenException">KH5120: the folder cannot be written.</exception>
    /// <exception cref="InputRefusedException">KH5105: the study is damaged.</exception>
    /// <exception cref="OperationCanceledException">The export was stopped.</exception>
    public static void Write(Study study, string directory, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(study);
        using ExportFolder folder = new(directory);
        folder.Write(NeuronsFile, stream => WriteNeurons(study, stream, cancellationToken));
        folder.Write(UnitsFile, stream => WriteUnits(study, stream, cancellationToken));
        folder.Complete();
    }

    private static void WriteNeurons(Study study, Stream stream, CancellationToken cancellationToken)
    {
        ArrayBufferWriter<byte> line = new();
        using Utf8JsonWriter json = new(line, MemoryJson.Options);
        foreach (MemoryRecord memory in study.Memories())
        {
            foreach (Pole pole in MemoryJson.Poles(study.Shape))
            {
                cancellationToken.ThrowIfCancellationRequested();
                json.WriteStartObject();
                MemoryJson.WriteId(json, memory.Id);
                MemoryJson.WritePole(json, study, memory, pole);
                MemoryJson.WriteStatistics(json, memory.Statistics);
                EndLine(json, line, stream);
            }
        }
    }

    private static void WriteUnits(Study study, Stream stream, CancellationToken cancellationToken)
    {
        ArrayBufferWriter<byte> line = new();
        using Utf8JsonWriter json = new(line, MemoryJson.Options);
        foreach (StudyUnit unit in study.Units())
        {
            cancellationToken.ThrowIfCancellationRequested();
            json.WriteStartObject();
            json.WriteNumber("unit", unit.Index);
            json.WriteString("file", study.FileOf(unit));
            json.WriteNumber("offset", unit.Offset);
            json.WriteNumber("length", unit.Length);
            json.WriteString("text", unit.Text);
            EndLine(json, line, stream);
        }
    }

    private static void EndLine(Utf8JsonWriter json, ArrayBufferWriter<byte> line, Stream stream)
    {
        json.WriteEndObject();
        json.Flush();
        json.Reset();
        stream.Write(line.WrittenSpan);
        stream.WriteByte((byte)'\n');
        line.ResetWrittenCount();
    }
}
