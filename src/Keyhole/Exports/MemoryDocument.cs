using System.Text.Json;
using Keyhole.Annotations;
using Keyhole.Memories;
using Keyhole.Patterns;
using Keyhole.Studies;
using Keyhole.Studies.Analysis;
using Keyhole.Values;

namespace Keyhole.Exports;

/// <summary>One memory as a JSON document: the fields of <c>neurons.jsonl</c>, the histogram, and where the study comes from.</summary>
public static class MemoryDocument
{
    /// <summary>Version of the document's fields, its first member.</summary>
    public const int SchemaVersion = 1;

    /// <summary>Writes the document and a line end, UTF-8.</summary>
    /// <param name="study">The study.</param>
    /// <param name="memory">A memory of it.</param>
    /// <param name="stream">Where to.</param>
    /// <exception cref="Keyhole.Engine.InputRefusedException">KH5105: the study is damaged.</exception>
    public static void Write(Study study, MemoryRecord memory, Stream stream)
    {
        ArgumentNullException.ThrowIfNull(study);
        ArgumentNullException.ThrowIfNull(memory);
        ArgumentNullException.ThrowIfNull(stream);
        ValueRecord? value = ValueTable.Read(study, memory.Id);
        IReadOnlyList<MemoryPatterns>? patterns = StudyPatterns.Of(study, memory.Id);
        JsonWriterOptions options = MemoryJson.Options with { Indented = true, NewLine = "\n" };
        using (Utf8JsonWriter json = new(stream, options))
        {
            json.WriteStartObject();
            json.WriteNumber("schemaVersion", SchemaVersion);
            json.WriteString("neuron", memory.Id.ToString());
            MemoryJson.WriteId(json, memory.Id);
            json.WriteStartArray("poles");
            foreach (Pole pole in MemoryJson.Poles(study.Shape))
            {
                json.WriteStartObject();
                MemoryJson.WritePole(json, study, memory, pole);
                if (value is not null)
                {
                    ValueJson.WriteValue(json, study, value, pole, ValueJson.ReadoutOf(study));
                }

                if (patterns?.FirstOrDefault(list => list.Pole == pole) is { } list)
                {
                    PatternJson.WriteArray(json, list);
                }

                json.WriteEndObject();
            }

            json.WriteEndArray();
            LabelJson.WriteArray(json, LabelTable.Read(study, memory.Id));
            MemoryJson.WriteStatistics(json, memory.Statistics);
            if (ReadWriteTable.Read(study, memory.Id) is { } readWrite)
            {
                json.WriteStartObject("readWrite");
                ReadWriteJson.Write(json, readWrite);
                json.WriteEndObject();
            }

            WriteHistogram(json, memory.Statistics);
            WriteProvenance(json, study.Provenance);
            json.WriteEndObject();
        }

        stream.WriteByte((byte)'\n');
    }

    private static void WriteHistogram(Utf8JsonWriter json, NeuronStatistics statistics)
    {
        // Only bins that hold something; an infinite edge is null.
        json.WriteStartArray("histogram");
        for (int bin = 0; bin < statistics.Histogram.Length; bin++)
        {
            if (statistics.Histogram[bin] != 0)
            {
                json.WriteStartObject();
                MemoryJson.WriteNumber(json, "lower", ActivationHistogram.Edges[bin]);
                MemoryJson.WriteNumber(json, "upper", ActivationHistogram.Edges[bin + 1]);
                json.WriteNumber("count", statistics.Histogram[bin]);
                json.WriteEndObject();
            }
        }

        json.WriteEndArray();
    }

    private static void WriteProvenance(Utf8JsonWriter json, StudyProvenance provenance)
    {
        json.WriteStartObject("study");
        json.WriteString("model", provenance.ModelPath);
        json.WriteString("family", provenance.ModelFamily);
        json.WriteString("weightsSha256", provenance.WeightsSha256);
        json.WriteString("tokenizerSha256", provenance.TokenizerSha256);
        json.WriteString("corpusSha256", provenance.CorpusSha256);
        json.WriteString("programVersion", provenance.ProgramVersion);
        if (provenance.Shard is { } shard)
        {
            json.WriteString("part", StudyShardText.Of(shard));
        }

        MemoryJson.WriteOptions(json, provenance.Options);
        json.WriteEndObject();
    }
}
