using System.Collections.Immutable;
using Keyhole.Statistics;

namespace Keyhole.Mutations;

/// <summary>How far back memories read, by layer (method, section 5).</summary>
public sealed class ReachSummary
{
    private ReachSummary(ImmutableArray<LayerReach> layers) => Layers = layers;

    /// <summary>One entry a layer; one without records has N = 0 and NaN.</summary>
    public ImmutableArray<LayerReach> Layers { get; }

    /// <summary>Summarises records.</summary>
    /// <param name="records">In any order.</param>
    /// <param name="layers">L, the model's layers.</param>
    /// <param name="seed">Seed of the bootstrap intervals, which are over triggers.</param>
    public static ReachSummary Of(IReadOnlyList<ReachRecord> records, int layers, ulong seed = 0)
    {
        ArgumentNullException.ThrowIfNull(records);
        ILookup<int, ReachRecord> byLayer = records.ToLookup(record => record.Id.Layer);
        return new ReachSummary([.. Enumerable.Range(0, layers).Select(layer =>
        {
            ReachRecord[] lowered = [.. byLayer[layer].Where(record => PoleStrength.Of(record.Pole, record.Dropped) < PoleStrength.Of(record.Pole, record.Coefficient))];
            double[] distances = [.. lowered.Select(record => (double)record.Distance)];
            return new LayerReach
            {
                Layer = layer,
                Distance = Quartiles.Of(distances),
                Mean = Bootstrap.Mean(distances, seed),
                Median = Bootstrap.Median(distances, seed),
                Unmoved = byLayer[layer].Count() - lowered.Length,
            };
        })]);
    }
}
