using System.Collections.Immutable;
using Keyhole.Statistics;

namespace Keyhole.ReadWrite;

/// <summary>Read-write classes by layer, with what chance would give.</summary>
public sealed class ReadWriteSummary
{
    private ReadWriteSummary(ImmutableArray<LayerReadWrite> layers, bool gated, ReadWriteNull chance) => (Layers, IsGated, Null) = (layers, gated, chance);

    /// <summary>The layers that have records, in order.</summary>
    public ImmutableArray<LayerReadWrite> Layers { get; }

    /// <summary>Whether the memories have gates.</summary>
    public bool IsGated { get; }

    /// <summary>What independent random directions would give.</summary>
    public ReadWriteNull Null { get; }

    /// <summary>Summarises records.</summary>
    /// <param name="records">In any order.</param>
    /// <param name="dimension">Dimension of the space that their vectors lie in.</param>
    public static ReadWriteSummary Of(IReadOnlyList<ReadWriteRecord> records, int dimension)
    {
        ArgumentNullException.ThrowIfNull(records);
        var chance = new ReadWriteNull(dimension);
        return new ReadWriteSummary(
            [.. records.GroupBy(record => record.Id.Layer).OrderBy(layer => layer.Key).Select(layer => Of(layer.Key, [.. layer], chance))],
            records.Any(record => record.IsGated),
            chance);
    }

    private static LayerReadWrite Of(int layer, ReadWriteRecord[] records, ReadWriteNull chance)
    {
        ReadWriteRecord[] known = [.. records.Where(record => record.Class is not null)];
        return new LayerReadWrite
        {
            Layer = layer,
            N = known.Length,
            Counts = Enum.GetValues<ReadWriteClass>().ToImmutableDictionary(one => one, one => known.LongCount(record => record.Class == one)),
            Atypical = known.LongCount(record => record.IsAtypical),
            BeyondChance = new Share(known.LongCount(record => Math.Abs(record.InOut) > chance.Likely), known.Length),
            InOut = Quartiles.Of([.. known.Select(record => record.InOut)]),
            GateOut = Quartiles.Of([.. known.Select(record => record.TurnedGateOut ?? double.NaN)]),
            GateIn = Quartiles.Of([.. known.Select(record => Math.Abs(record.GateIn ?? double.NaN))]),
        };
    }
}
