using System.Globalization;
using System.Text.Json;
using Keyhole.Mining.Nulls;
using Keyhole.Statistics;

namespace Keyhole.Cli.Mining;

/// <summary>Says how a model's memories stand beside a null that was mined with them.</summary>
internal static class NullSummary
{
    /// <summary>One sentence: medians by layer, and in how many layers the intervals of the memories lie above the null's.</summary>
    /// <param name="study">The memories' study.</param>
    /// <param name="comparison">The comparison.</param>
    public static string Sentence(string study, NullComparison comparison)
    {
        IReadOnlyList<LayerAgainstNull> layers = comparison.Layers;
        return string.Create(CultureInfo.InvariantCulture,
            $"{NullStudy.PathOf(study, comparison.Kind)}: random {NullStudy.NameOf(comparison.Kind)}. Excess kurtosis, medians by layer: memories {Span(layer => layer.Kurtosis)}, null {Span(layer => layer.NullKurtosis)}, intervals apart and above in {layers.Count(layer => layer.KurtosisIsAbove)} of {layers.Count} layers; lifetime sparseness: memories {Span(layer => layer.Sparseness)}, null {Span(layer => layer.NullSparseness)}, above in {layers.Count(layer => layer.SparsenessIsAbove)}.");

        string Span(Func<LayerAgainstNull, Estimate> of)
        {
            double[] values = [.. layers.Select(layer => of(layer).Value).Where(double.IsFinite)];
            return values.Length == 0 ? "undefined"
                : layers.Count == 1 ? string.Create(CultureInfo.InvariantCulture, $"{values[0]:0.00}")
                : string.Create(CultureInfo.InvariantCulture, $"{values.Min():0.00} to {values.Max():0.00}");
        }
    }

    /// <summary>The comparisons as an array of a JSON document; nothing where no null was mined.</summary>
    public static void Write(Utf8JsonWriter json, string study, IReadOnlyList<NullComparison> comparisons)
    {
        if (comparisons.Count == 0)
        {
            return;
        }

        json.WriteStartArray("nulls");
        foreach (NullComparison comparison in comparisons)
        {
            json.WriteStartObject();
            json.WriteString("null", NullStudy.NameOf(comparison.Kind));
            json.WriteString("study", NullStudy.PathOf(study, comparison.Kind));
            json.WriteStartArray("layers");
            foreach (LayerAgainstNull layer in comparison.Layers)
            {
                json.WriteStartObject();
                json.WriteNumber("layer", layer.Layer);
                Write(json, "kurtosis", layer.Kurtosis);
                Write(json, "nullKurtosis", layer.NullKurtosis);
                Write(json, "sparseness", layer.Sparseness);
                Write(json, "nullSparseness", layer.NullSparseness);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, string name, Estimate estimate)
    {
        json.WriteStartObject(name);
        json.WriteNumber("n", estimate.N);
        if (estimate.N > 0)
        {
            json.WriteNumber("median", estimate.Value);
            json.WriteNumber("lower", estimate.Interval.Lower);
            json.WriteNumber("upper", estimate.Interval.Upper);
        }

        json.WriteEndObject();
    }
}
