using System.Text.Json;
using Keyhole.Analyses;
using Keyhole.Engine;
using Keyhole.Memories;
using Keyhole.Studies;

namespace Keyhole.Exports;

/// <summary>Exports memories as NeuronRecords, the JSON files of OpenAI's automated interpretability: <c>{layer}/{neuron}.json</c> (docs/formats/export.md).</summary>
/// <remarks>The texts of the records are whole units, run through the model again for the coefficient at every token.</remarks>
public static class OpenAiExport
{
    private const double PoolShare = 0.3;
    private const double TextsShare = 0.8;

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
        ShownTexts.RequireNoExperts(study, "openai");
        using StudyModel model = StudyModel.Open(study, options.Model, cancellationToken);
        using ExportFolder folder = new(directory);
        List<(NeuronId Id, int[] Units)> triggers = [.. run.Memories("reading the study", 0, 0).Select(memory => (memory.Id, ShownTexts.Triggers(memory).Select(trigger => trigger.Unit).ToArray()))];
        RandomUnits random = RandomUnits.Draw(run, model.Model, triggers.Select(memory => memory.Id), 0, PoolShare);
        List<(NeuronId Id, int[] Units)> wanted = [.. triggers.Select(memory => (memory.Id, memory.Units.Union(random.Of(memory.Id).Units).ToArray()))];
        using CoefficientStore coefficients = ShownTexts.Coefficients(run, folder, model.Model, wanted, PoolShare, TextsShare);
        int index = 0;
        foreach (MemoryRecord memory in run.Memories("writing", TextsShare, 1))
        {
            int[] units = wanted[index++].Units;
            float[][] read = coefficients.Of(memory.Id);
            Dictionary<int, float[]> byUnit = units.Zip(read).ToDictionary(pair => pair.First, pair => pair.Second);
            folder.Write(FormattableString.Invariant($"{memory.Id.Layer}/{memory.Id.Index}.json"), stream => WriteRecord(study, memory, random.Of(memory.Id), byUnit, stream), flush: false);
        }

        model.RequireSame();
        return folder.Complete();
    }

    private static void WriteRecord(Study study, MemoryRecord memory, RandomSample random, Dictionary<int, float[]> coefficients, Stream stream)
    {
        using Utf8JsonWriter json = new(stream, MemoryJson.Options);
        void Records(IEnumerable<int> units)
        {
            json.WriteStartArray();
            foreach (int unit in units)
            {
                WriteActivations(json, study, unit, coefficients[unit]);
            }

            json.WriteEndArray();
        }

        NeuronStatistics statistics = memory.Statistics;
        json.WriteStartObject();
        json.WriteString("dataclass_name", "NeuronRecord");
        json.WriteStartObject("neuron_id");
        json.WriteString("dataclass_name", "NeuronId");
        json.WriteNumber("layer_index", memory.Id.Layer);
        json.WriteNumber("neuron_index", memory.Id.Index);
        json.WriteEndObject();
        json.WritePropertyName("random_sample");
        Records(random.Sample);
        json.WriteStartArray("random_sample_by_quantile");
        foreach (int[] units in random.ByQuantile)
        {
            Records(units);
        }

        json.WriteEndArray();
        json.WriteStartArray("quantile_boundaries");
        foreach (double boundary in random.Boundaries)
        {
            json.WriteNumberValue(boundary);
        }

        json.WriteEndArray();
        MemoryJson.WriteNumber(json, "mean", statistics.Mean);
        MemoryJson.WriteNumber(json, "variance", statistics.Variance);
        MemoryJson.WriteNumber(json, "skewness", statistics.Skewness);
        MemoryJson.WriteNumber(json, "kurtosis", statistics.ExcessKurtosis + 3);
        json.WritePropertyName("most_positive_activation_records");
        Records(ShownTexts.Triggers(memory).Select(trigger => trigger.Unit));
        json.WriteEndObject();
    }

    private static void WriteActivations(Utf8JsonWriter json, Study study, int unit, float[] activations)
    {
        json.WriteStartObject();
        json.WriteString("dataclass_name", "ActivationRecord");
        json.WriteStartArray("tokens");
        foreach (string token in ShownTexts.Tokens(study, study.Unit(unit)))
        {
            json.WriteStringValue(token);
        }

        json.WriteEndArray();
        json.WriteStartArray("activations");
        Array.ForEach(activations, json.WriteNumberValue);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
