using System.Globalization;
using Keyhole.Memories;
using Keyhole.Studies;
using Keyhole.Studies.Analysis;
using Keyhole.Values;

namespace Keyhole.Web.Memories;

/// <summary>The statistics of all memories of a layer, sorted, and how its values agree with their triggers.</summary>
internal sealed class LayerFigures
{
    private readonly int _memories;
    private readonly Dictionary<string, double[]> _sorted;   // by statistic, ascending, without those that are not defined
    private readonly LayerAgreementAnswer? _agreement;

    private LayerFigures(int memories, Dictionary<string, double[]> sorted, LayerAgreementAnswer? agreement) => (_memories, _sorted, _agreement) = (memories, sorted, agreement);

    /// <summary>Bytes of the numbers that are held.</summary>
    public long Bytes => 1024 + _sorted.Values.Sum(values => (long)values.Length * sizeof(double));

    /// <summary>Reads a layer.</summary>
    /// <exception cref="Engine.InputRefusedException">KH5105: damaged.</exception>
    public static LayerFigures Read(Study study, int layer)
    {
        NeuronStatistics[] statistics = [.. StudyMemories.StatisticsOf(study, layer)];
        IReadOnlyList<ValueRecord>? values = ValueTable.ReadLayer(study, layer);
        Dictionary<string, double[]> sorted = statistics.SelectMany(Of).Concat((values ?? []).SelectMany(Of))
            .GroupBy(entry => entry.Name, entry => entry.Value, StringComparer.Ordinal)
            .ToDictionary(entry => entry.Key, entry => entry.Where(double.IsFinite).Order().ToArray(), StringComparer.Ordinal);
        return new LayerFigures(statistics.Length, sorted, values is { Count: > 0 } ? Agreement(study, values) : null);
    }

    /// <summary>Where a memory of the layer stands.</summary>
    public MemoryLayerAnswer Place(MemoryRecord memory, ValueRecord? value)
    {
        IEnumerable<(string Name, double Value)> own = Of(memory.Statistics).Concat(value is null ? [] : Of(value));
        return new MemoryLayerAnswer(_memories, own.Where(entry => double.IsFinite(entry.Value) && _sorted.GetValueOrDefault(entry.Name) is { Length: > 0 })
            .ToDictionary(entry => entry.Name, entry => ShareBelow(_sorted[entry.Name], entry.Value), StringComparer.Ordinal), _agreement);
    }

    private static IEnumerable<(string Name, double Value)> Of(NeuronStatistics statistics) =>
    [
        ("mean", statistics.Mean), ("variance", statistics.Variance), ("skewness", statistics.Skewness), ("excessKurtosis", statistics.ExcessKurtosis),
        ("min", statistics.Min), ("max", statistics.Max), ("sharePositive", statistics.SharePositive),
    ];

    private static IEnumerable<(string Name, double Value)> Of(ValueRecord value) => [("norm", value.Norm), ("maxProbability", value.MaxProbability)];

    private static double ShareBelow(double[] sorted, double value)
    {
        int below = sorted.TakeWhile(other => other < value).Count();
        int equal = sorted.Skip(below).TakeWhile(other => other == value).Count();
        return (below + (equal / 2.0)) / sorted.Length;
    }

    private static LayerAgreementAnswer? Agreement(Study study, IReadOnlyList<ValueRecord> values)
    {
        _ = ulong.TryParse(AnalysisSections.Read(study, AnalysisSections.Values)?.GetValueOrDefault("seed"), NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed);
        LayerAgreement layer = AgreementSummary.Of(values, study.Shape.VocabularySize, seed).Layers[0];
        return layer.Agreement.Total == 0 ? null : new LayerAgreementAnswer(layer.Agreement.Count, layer.Agreement.Total, layer.Shuffled.Value, layer.Shuffled.Interval.Lower, layer.Shuffled.Interval.Upper);
    }
}
