using System.Collections.Immutable;

namespace Keyhole.Mutations;

/// <summary>Relative change of the coefficient by layer and kind of mutation (method, section 5, figure 3).</summary>
public sealed class MutationSummary
{
    private MutationSummary(ImmutableArray<LayerMutations> layers) => Layers = layers;

    /// <summary>Layers 0 .. the last one with a record; one without records has N = 0 and NaN.</summary>
    public ImmutableArray<LayerMutations> Layers { get; }

    /// <summary>Summarises records.</summary>
    /// <param name="records">In any order.</param>
    /// <param name="seed">Seed of the bootstrap intervals, which are over triggers.</param>
    public static MutationSummary Of(IReadOnlyList<MutationRecord> records, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(records);
        ILookup<int, MutationRecord> byLayer = records.ToLookup(record => record.Id.Layer);
        int layers = records.Count == 0 ? 0 : records.Max(record => record.Id.Layer) + 1;
        return new MutationSummary([.. Enumerable.Range(0, layers).Select(layer =>
        {
            MutationRecord[] all = [.. byLayer[layer]];
            return new LayerMutations
            {
                Layer = layer,
                First = MutationEffect.Of(all, record => record.First, seed),
                Last = MutationEffect.Of(all, record => record.Last, seed),
                Random = MutationEffect.Of(all, record => record.RandomDropped, seed),
            };
        })]);
    }
}
