using Keyhole.Statistics;

namespace Keyhole.Mutations;

/// <summary>Reach.</summary>
public sealed class ReachSummary
{
    /// <summary>By layer.</summary>
    public required IReadOnlyList<Quartiles> Layers { get; init; }

    /// <summary>Sums up.</summary>
    public static ReachSummary Of(IReadOnlyList<ReachRecord> records, int layers) => new()
    {
        Layers = [.. Enumerable.Range(0, layers).Select(layer => Quartiles.Of([.. records.Where(record => record.Id.Layer == layer).Select(record => (double)record.Distance)]))],
    };
}
