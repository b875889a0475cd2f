using System.Collections.Immutable;
using Keyhole.Corpora;
using Keyhole.Distributions;
using Keyhole.Exports;
using Keyhole.Memories;
using Keyhole.Reports.Claims;
using Keyhole.Reports.Contents;
using Keyhole.Statistics;
using Keyhole.Studies;
using Keyhole.Values;

namespace Keyhole.Reports;

/// <summary>Chooses the memories that a report shows one by one, each time by a rule that is printed beside them.</summary>
internal sealed class MemoryChoice
{
    private const int Interesting = 50;
    private const int EachGroup = 17;
    private const int Sampled = 60;
    private const int EachThird = 3;
    private const int EachHistogram = 3;
    private const int LeastTriggers = 5;
    private static readonly ImmutableArray<string> ThirdNames = ["lower", "middle", "upper"];

    private readonly Study _study;
    private readonly ulong _seed;
    private readonly CancellationToken _stop;
    private readonly bool _limited;
    private readonly List<(NeuronId Id, double Kurtosis, bool Fires)> _memories = [];
    private readonly Dictionary<NeuronId, ValueRecord> _values;
    private readonly List<(ValueRecord Value, Pole Pole, ValuePole Reading)> _poles;
    private readonly MemoryPages _pages;

    public MemoryChoice(Study study, IReadOnlyList<ValueRecord>? values, IReadOnlySet<NeuronId>? only, ulong seed, CancellationToken stop)
    {
        _study = study;
        _seed = seed;
        _stop = stop;
        _limited = only is not null;
        _values = values?.ToDictionary(value => value.Id) ?? [];
        _poles = [.. _values.Values.SelectMany(value => ((Pole, ValuePole?)[])[(Pole.Positive, value.Positive), (Pole.Negative, value.Negative)],
            (value, pole) => (value, pole.Item1, pole.Item2)).Where(entry => entry.Item3 is not null).Select(entry => (entry.value, entry.Item2, entry.Item3!))];
        _pages = new MemoryPages(study, _values);
        var distributions = new LayerDistributions(study.Shape);
        foreach (MemoryRecord memory in study.Memories().Where(memory => only is null || only.Contains(memory.Id)))
        {
            stop.ThrowIfCancellationRequested();
            _memories.Add((memory.Id, memory.Statistics.ExcessKurtosis, memory.Positive.Length + memory.Negative.Length > 0));
            distributions.Add(memory);
        }

        Distributions = distributions.ToLayers();
    }

    /// <summary>Memories that there are to choose from.</summary>
    public int Count => _memories.Count;

    /// <summary>How their coefficients are spread, by layer.</summary>
    public ImmutableArray<LayerDistribution> Distributions { get; }

    /// <summary>Tables 1 and 2.</summary>
    public ImmutableArray<ThirdContent> Thirds()
    {
        int layers = _study.Shape.Layers;
        return [.. ThirdNames.Index().Select(third => Third(third.Item, [.. Enumerable.Range(0, layers).Where(layer => layer * ThirdNames.Length / layers == third.Index)]))
            .OfType<ThirdContent>()];
    }

    /// <summary>The memory that is shown with all its prefixes: the value of highest precision of the upper half, else the most peaked memory.</summary>
    public MemoryPage? Whole()
    {
        (ValueRecord Value, Pole Pole, ValuePole Reading)[] best = [.. Precise(_poles.Where(entry => 2 * entry.Value.Id.Layer >= _study.Shape.Layers)).Take(1)];
        return best.Length == 1 ? _pages.Of(best[0].Value.Id, best[0].Pole)
            : Peaked().Select(memory => _pages.Of(memory.Id)).FirstOrDefault();
    }

    /// <summary>The most and the least peaked memories.</summary>
    public ImmutableArray<HistogramContent> Histograms()
    {
        (NeuronId Id, double Kurtosis, bool Fires)[] peaked = [.. Peaked()];
        int most = Math.Min(EachHistogram, (peaked.Length + 1) / 2);
        int least = Math.Min(EachHistogram, peaked.Length - most);
        return [.. peaked.Take(most).Select(memory => Histogram(memory, isPeaked: true)), .. peaked.TakeLast(least).Reverse().Select(memory => Histogram(memory, isPeaked: false))];
    }

    /// <summary>The memories on pages of their own: all of them where the report is limited to some.</summary>
    public ImmutableArray<MemoryGroup> Groups()
    {
        if (_limited)
        {
            return [new MemoryGroup("The memories that were asked for", "In the order of layers.", [.. _memories.SelectMany(memory => _pages.Poles(memory.Id))])];
        }

        if (_values.Count == 0)
        {
            return [new MemoryGroup("Most peaked", "Largest excess kurtosis among the memories that fire (values were not analysed).", [.. Peaked().Take(Interesting).Select(memory => _pages.Of(memory.Id))])];
        }

        HashSet<NeuronId> taken = [];
        return
        [
            Group("Most confident", "The values of largest probability: softmax over the vocabulary puts most on one token.",
                Ordered(_poles.Where(entry => entry.Pole == Pole.Positive)), EachGroup),
            Group("Most agreeing", FormattableString.Invariant($"The values of highest precision@50, among those with at least {LeastTriggers} triggers that have a next token; of equals the more confident."),
                Precise(_poles), EachGroup),
            Group("Most surprising", FormattableString.Invariant($"The most confident values whose top token follows none of their first 50 triggers, among those with at least {LeastTriggers} triggers that have a next token: what such a value promotes is not what comes next where its key fires."),
                Ordered(_poles.Where(entry => entry.Pole == Pole.Positive && entry.Reading.PrecisionTriggers >= LeastTriggers && entry.Reading.PrecisionHits == 0)), Interesting - (2 * EachGroup)),
        ];

        MemoryGroup Group(string title, string rule, IEnumerable<(ValueRecord Value, Pole Pole, ValuePole Reading)> entries, int most)
            => new(title, rule, [.. entries.Where(entry => taken.Add(entry.Value.Id)).Take(most).Select(entry => _pages.Of(entry.Value.Id, entry.Pole))]);
    }

    private ThirdContent? Third(string name, ImmutableArray<int> layers)
    {
        if (layers.Length == 0)
        {
            return null;
        }

        NeuronId[] sample = [.. _memories.Where(memory => memory.Fires && layers.Contains(memory.Id.Layer)).Select(memory => memory.Id)
            .OrderBy(id => CounterHash.Hash(_seed, (ulong)id.Layer, ((ulong)(uint)id.Expert << 32) | (uint)id.Index)).Take(Sampled)];
        List<NeuronId> patterned = [];
        foreach (NeuronId id in sample)
        {
            _stop.ThrowIfCancellationRequested();
            if (_pages.Pattern(id) is not null)
            {
                patterned.Add(id);
            }
        }

        return new ThirdContent
        {
            Name = name,
            Layers = Depth.Name(layers),
            WithPattern = new Share(patterned.Count, sample.Length),
            Keys = [.. patterned.Take(EachThird).Select(id => _pages.Of(id))],
            Values = [.. Precise(_poles.Where(entry => layers.Contains(entry.Value.Id.Layer))).Take(EachThird).Select(entry => _pages.Of(entry.Value.Id, entry.Pole))],
        };
    }

    private HistogramContent Histogram((NeuronId Id, double Kurtosis, bool Fires) memory, bool isPeaked)
    {
        const int Columns = 24;
        NeuronStatistics statistics = _study.Memory(memory.Id)!.Statistics;
        int[] filled = [.. Enumerable.Range(0, statistics.Histogram.Length).Where(bin => statistics.Histogram[bin] > 0)];
        if (filled.Length == 0)
        {
            return new HistogramContent(memory.Id, isPeaked, memory.Kurtosis, []);
        }

        int first = filled[0];
        int step = ((filled[^1] - first) / Columns) + 1;
        var columns = ImmutableArray.CreateBuilder<(double, double, long)>();
        for (int bin = first; bin <= filled[^1]; bin += step)
        {
            int end = Math.Min(bin + step, filled[^1] + 1);
            columns.Add((Math.Max(ActivationHistogram.Edges[bin], statistics.Min), Math.Min(ActivationHistogram.Edges[end], statistics.Max),
                Enumerable.Range(bin, end - bin).Sum(at => (long)statistics.Histogram[at])));
        }

        return new HistogramContent(memory.Id, isPeaked, memory.Kurtosis, columns.ToImmutable());
    }

    private IEnumerable<(NeuronId Id, double Kurtosis, bool Fires)> Peaked()
        => _memories.Where(memory => memory.Fires && !double.IsNaN(memory.Kurtosis)).OrderByDescending(memory => memory.Kurtosis).ThenBy(memory => memory.Id);

    private static IEnumerable<(ValueRecord Value, Pole Pole, ValuePole Reading)> Precise(IEnumerable<(ValueRecord Value, Pole Pole, ValuePole Reading)> entries)
        => entries.Where(entry => entry.Reading.PrecisionTriggers >= LeastTriggers && entry.Reading.PrecisionHits > 0)
            .OrderByDescending(entry => entry.Reading.Precision).ThenByDescending(entry => entry.Value.MaxProbability).ThenBy(entry => entry.Value.Id);

    private static IEnumerable<(ValueRecord Value, Pole Pole, ValuePole Reading)> Ordered(IEnumerable<(ValueRecord Value, Pole Pole, ValuePole Reading)> entries)
        => entries.OrderByDescending(entry => entry.Value.MaxProbability).ThenBy(entry => entry.Value.Id);
}
