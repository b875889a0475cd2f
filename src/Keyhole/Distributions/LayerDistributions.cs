using System.Collections.Immutable;
using Keyhole.Composition;
using Keyhole.Memories;
using Keyhole.Statistics;
using Keyhole.Studies;

namespace Keyhole.Distributions;

/// <summary>Takes the statistics of memories one by one and gives their distributions by layer; of a memory two numbers are kept.</summary>
/// <param name="shape">The model's shape.</param>
internal sealed class LayerDistributions(ModelShape shape)
{
    /// <summary>Share of positions from which on a memory counts as always on.</summary>
    public const double AlwaysOn = 0.99;

    private readonly bool _aboveZero = TracedLayer.IsActiveAboveZero(shape);
    private readonly SortedDictionary<int, Counted> _layers = [];

    /// <summary>Counts a memory.</summary>
    public void Add(MemoryRecord memory)
    {
        if (!_layers.TryGetValue(memory.Id.Layer, out Counted? layer))
        {
            _layers.Add(memory.Id.Layer, layer = new Counted());
        }

        double active = ActiveShare.Of(memory.Statistics, _aboveZero);
        layer.Kurtosis.Add(memory.Statistics.ExcessKurtosis);
        layer.Active.Add(active);
        layer.Dead += memory.Positive.Length + memory.Negative.Length == 0 ? 1 : 0;
        layer.AlwaysOn += active >= AlwaysOn ? 1 : 0;
        if (memory.Statistics.SignCases is { Total: > 0 } cases)
        {
            layer.Signed++;
            foreach ((int number, (string _, long count)) in cases.Named().Index())
            {
                double share = (double)count / cases.Total;
                layer.Sums[number] += share;
                layer.Squares[number] += share * share;
            }
        }
    }

    /// <summary>The layers of which memories were counted, in order.</summary>
    public ImmutableArray<LayerDistribution> ToLayers() => [.. _layers.Select(entry => new LayerDistribution
    {
        Layer = entry.Key,
        Memories = entry.Value.Active.Count,
        Kurtosis = Quartiles.Of([.. entry.Value.Kurtosis]),
        Varying = entry.Value.Kurtosis.LongCount(double.IsFinite),
        Active = Quartiles.Of([.. entry.Value.Active]),
        Dead = new Share(entry.Value.Dead, entry.Value.Active.Count),
        AlwaysOn = new Share(entry.Value.AlwaysOn, entry.Value.Active.Count),
        SignCases = entry.Value.Signed == 0 ? [] : [.. default(SignCases).Named().Select((named, number) => (named.Name, entry.Value.SignCase(number)))],
    })];

    private sealed class Counted
    {
        public List<double> Kurtosis { get; } = [];

        public List<double> Active { get; } = [];

        public long Dead { get; set; }

        public long AlwaysOn { get; set; }

        public long Signed { get; set; }

        public double[] Sums { get; } = new double[4];

        public double[] Squares { get; } = new double[4];

        // The mean, and 1.96 standard errors on both sides of it.
        public Estimate SignCase(int number)
        {
            double mean = Sums[number] / Signed;
            double half = Share.Z * Math.Sqrt(Math.Max(0, (Squares[number] / Signed) - (mean * mean)) / Signed);
            return new Estimate(mean, new Interval(mean - half, mean + half), Signed);
        }
    }
}
