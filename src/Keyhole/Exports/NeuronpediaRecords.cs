using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Keyhole.Analyses;
using Keyhole.Memories;
using Keyhole.Studies;
using Keyhole.Values;

namespace Keyhole.Exports;

/// <summary>The rows that Neuronpedia imports, of one study. Times are left out: its database fills them in.</summary>
internal sealed class NeuronpediaRecords
{
    private const string SourceSet = "neurons";
    private const string Creator = "keyhole";
    private const string CreatorId = "clkht01d40000jv08hvalcvly";   // the account that every Neuronpedia has from the start
    private const int Tokens = 10;
    private const int Decimals = 4;
    private const int IdLength = 24;

    private readonly Study _study;
    private readonly StudyAnalysis _analysis;
    private readonly string _identity;

    /// <param name="study">The study.</param>
    /// <param name="analysis">Its analysis.</param>
    public NeuronpediaRecords(Study study, StudyAnalysis analysis)
    {
        _study = study;
        _analysis = analysis;
        ModelId = Identifier(study.Provenance.ModelPath);
        _identity = $"{study.Provenance.WeightsSha256}|{study.Provenance.CorpusSha256}|{ModelId}";
    }

    /// <summary>The model's name there: what the study calls it, in small letters, digits, '-' and '_'.</summary>
    public string ModelId { get; }

    private string Release => $"{ModelId}-{SourceSet}-{Creator}";

    /// <summary>The name of a layer's neurons: its bare number.</summary>
    public static string Source(int layer) => layer.ToString(CultureInfo.InvariantCulture);

    /// <summary>The row of the release.</summary>
    public void WriteRelease(Utf8JsonWriter json)
    {
        json.WriteString("name", Release);
        json.WriteString("description", $"Feed-forward memories of {ModelId}");
        json.WriteString("descriptionShort", "Feed-forward memories");
        json.WriteStartArray("urls");
        json.WriteEndArray();
        json.WriteString("creatorName", Creator);
        json.WriteString("creatorNameShort", Creator);
        json.WriteString("creatorId", CreatorId);
        json.WriteString("visibility", "PUBLIC");
        json.WriteString("defaultSourceSetName", SourceSet);
    }

    /// <summary>The row of the model.</summary>
    public void WriteModel(Utf8JsonWriter json)
    {
        json.WriteString("id", ModelId);
        json.WriteString("displayName", ModelId);
        json.WriteString("displayNameShort", ModelId);
        json.WriteString("creatorId", CreatorId);
        json.WriteNumber("dimension", _study.Shape.ModelWidth);
        json.WriteString("visibility", "PUBLIC");
        json.WriteBoolean("inferenceEnabled", false);
        json.WriteBoolean("instruct", false);
        json.WriteNumber("layers", _study.Shape.Layers);
        json.WriteNumber("neuronsPerLayer", _study.Shape.Widths.Max());
        json.WriteString("owner", string.Empty);
    }

    /// <summary>The row of the set of neurons.</summary>
    public void WriteSourceSet(Utf8JsonWriter json)
    {
        json.WriteString("modelId", ModelId);
        json.WriteString("name", SourceSet);
        json.WriteString("creatorId", CreatorId);
        json.WriteString("creatorName", Creator);
        json.WriteBoolean("hasDashboards", true);
        json.WriteString("visibility", "PUBLIC");
        json.WriteString("description", "Neurons");
        json.WriteString("type", SourceSet);
        json.WriteStartArray("urls");
        json.WriteEndArray();
        json.WriteString("releaseName", Release);
    }

    /// <summary>The row of a layer's neurons.</summary>
    public void WriteSource(Utf8JsonWriter json, int layer)
    {
        json.WriteString("id", Source(layer));
        json.WriteString("modelId", ModelId);
        json.WriteString("setName", SourceSet);
        json.WriteString("creatorId", CreatorId);
        json.WriteBoolean("hasDashboards", true);
        json.WriteBoolean("inferenceEnabled", false);
        json.WriteString("visibility", "PUBLIC");
        json.WriteNumber("num_prompts", _study.UnitCount);
        json.WriteString("dataset", string.Join(", ", _study.Files.Select(file => file.Path).Take(3)) + (_study.Files.Length > 3 ? ", ..." : string.Empty));
        json.WriteString("notes", $"weights {_study.Provenance.WeightsSha256}, corpus {_study.Provenance.CorpusSha256}");
    }

    /// <summary>The row of a memory.</summary>
    public void WriteFeature(Utf8JsonWriter json, MemoryRecord memory)
    {
        ValueRecord? value = _analysis.ValuesById?.GetValueOrDefault(memory.Id);
        NeuronStatistics statistics = memory.Statistics;
        int[] bins = [.. Enumerable.Range(0, statistics.Histogram.Length).Where(bin => statistics.Histogram[bin] != 0)];
        WriteId(json, memory.Id);
        json.WriteString("sourceSetName", SourceSet);
        json.WriteString("creatorId", CreatorId);
        json.WriteNumber("maxActApprox", Cut(memory.Positive.IsEmpty ? 0 : memory.Positive[0].Coefficient));
        json.WriteNumber("frac_nonzero", double.IsNaN(statistics.SharePositive) ? 0 : statistics.SharePositive);
        WriteTokens(json, "pos", value?.Top ?? []);
        WriteTokens(json, "neg", value?.Bottom ?? []);
        Numbers(json, "freq_hist_data_bar_heights", bins.Select(bin => (double)statistics.Histogram[bin]));
        Numbers(json, "freq_hist_data_bar_values", bins.Select(bin => Cut(Middle(bin, statistics))));
        json.WriteBoolean("hasVector", false);
        json.WriteString("hookName", FormattableString.Invariant($"blocks.{memory.Id.Layer}.mlp.hook_post"));
        foreach (string name in (string[])["vector", "logits_hist_data_bar_heights", "logits_hist_data_bar_values", "topkCosSimIndices", "topkCosSimValues",
            "neuron_alignment_indices", "neuron_alignment_values", "neuron_alignment_l1", "correlated_neurons_indices", "correlated_neurons_pearson", "correlated_neurons_l1",
            "correlated_features_indices", "correlated_features_pearson", "correlated_features_l1", "decoder_weights_dist"])
        {
            Numbers(json, name, []);
        }
    }

    /// <summary>The row of one unit in which a memory fires.</summary>
    public void WriteActivation(Utf8JsonWriter json, MemoryRecord memory, in NeuronpediaExample example, float[] values)
    {
        Trigger trigger = example.Trigger;
        StudyUnit unit = _study.Unit(trigger.Unit);
        int largest = Array.IndexOf(values, values.Max());
        json.WriteString("id", RowId(FormattableString.Invariant($"{memory.Id}|{trigger.Unit}") + (example.Contains < 0 ? string.Empty : FormattableString.Invariant($"|{trigger.Position}"))));
        WriteId(json, memory.Id);
        json.WriteString("creatorId", CreatorId);
        json.WriteStartArray("tokens");
        foreach (string token in ShownTexts.Tokens(_study, unit))
        {
            json.WriteStringValue(token);
        }

        json.WriteEndArray();
        Numbers(json, "values", values.Select(value => Cut(value)));
        json.WriteNumber("maxValue", Cut(values[largest]));
        json.WriteNumber("maxValueTokenIndex", largest);
        json.WriteNumber("minValue", Cut(values.Min()));
        json.WriteString("dataIndex", trigger.Unit.ToString(CultureInfo.InvariantCulture));
        json.WriteString("dataSource", _study.FileOf(unit));
        json.WriteNumber("binMin", Cut(example.Least));
        json.WriteNumber("binMax", Cut(example.Most));
        json.WriteNumber("binContains", example.Contains);
        json.WriteNumber("qualifyingTokenIndex", trigger.Position);
        Numbers(json, "lossValues", []);
        Numbers(json, "dfaValues", []);
    }

    /// <summary>The row of what somebody, or the search for patterns, says of a memory.</summary>
    /// <param name="json">Inside an object.</param>
    /// <param name="id">The memory.</param>
    /// <param name="number">Its number among those of the memory.</param>
    /// <param name="description">What is said.</param>
    /// <param name="notes">Who says it, and what it rests on.</param>
    public void WriteExplanation(Utf8JsonWriter json, NeuronId id, int number, string description, string notes)
    {
        json.WriteString("id", RowId(FormattableString.Invariant($"explanation|{id}|{number}|{description}")));
        WriteId(json, id);
        json.WriteString("description", description);
        json.WriteString("authorId", CreatorId);
        json.WriteString("notes", notes);
    }

    // The same row of the same study always has the same id.
    private string RowId(string name) => "c" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{_identity}|{name}")))[..IdLength];

    private void WriteId(Utf8JsonWriter json, NeuronId id)
    {
        json.WriteString("modelId", ModelId);
        json.WriteString("layer", Source(id.Layer));
        json.WriteString("index", id.Index.ToString(CultureInfo.InvariantCulture));
    }

    private void WriteTokens(Utf8JsonWriter json, string name, IEnumerable<TokenLogit> tokens)
    {
        TokenLogit[] shown = [.. tokens.Take(Tokens)];
        json.WriteStartArray(name + "_str");
        foreach (TokenLogit token in shown)
        {
            json.WriteStringValue(_study.TokenPiece(token.Token) ?? string.Empty);
        }

        json.WriteEndArray();
        Numbers(json, name + "_values", shown.Select(token => Cut(token.Logit)));
    }

    private static void Numbers(Utf8JsonWriter json, string name, IEnumerable<double> values)
    {
        json.WriteStartArray(name);
        foreach (double value in values)
        {
            json.WriteNumberValue(value);
        }

        json.WriteEndArray();
    }

    // The middle of what a bin holds; the outermost bins have an infinite edge.
    private static double Middle(int bin, NeuronStatistics statistics)
        => (Math.Max(ActivationHistogram.Edges[bin], statistics.Min) + Math.Min(ActivationHistogram.Edges[bin + 1], statistics.Max)) / 2;

    private static double Cut(double value) => Math.Round(value, Decimals) + 0;   // no -0

    private static string Identifier(string path)
    {
        string trimmed = path.TrimEnd('/', '\\');
        string name = trimmed.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase) ? trimmed[..^5] : trimmed;
        name = name[(name.LastIndexOfAny(['/', '\\']) + 1)..];
        string id = string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? char.ToLowerInvariant(c) : '-')).Trim('-');
        return id.Length > 0 ? id : "model";
    }
}
