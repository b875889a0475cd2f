using Keyhole.Engine.Models;

namespace Keyhole.Engine.Capture;

/// <summary>Changes coefficients of chosen memories in chosen rows of the batch to come.</summary>
/// <remarks>
/// Several changes of one coefficient are made in the order in which they are listed. A memory of an expert has no coefficient in a row that did not choose the expert:
/// there nothing is changed.
/// </remarks>
public sealed class CoefficientChanges : IForwardIntervention
{
    private readonly CoefficientChange[][] _layers;   // [L] by memory and row, else as they were listed

    /// <summary>Lists changes.</summary>
    /// <param name="spec">The model.</param>
    /// <param name="changes">The changes, in any order.</param>
    /// <exception cref="ArgumentException">A change names a layer, memory or row that cannot be, or its value is not finite.</exception>
    public CoefficientChanges(ModelSpec spec, IEnumerable<CoefficientChange> changes)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(changes);
        ILookup<int, CoefficientChange> byLayer = changes.Select(change => Checked(spec, change)).ToLookup(change => change.Layer);
        _layers = [.. Enumerable.Range(0, spec.LayerCount).Select(layer => byLayer[layer].OrderBy(change => change.Memory).ThenBy(change => change.Row).ToArray())];
    }

    /// <inheritdoc/>
    public bool ChangesMemories(int layer) => _layers[layer].Length > 0;

    /// <inheritdoc/>
    public void ChangeMemories(in MemoryTile tile)
    {
        CoefficientChange[] changes = _layers[tile.Layer];
        int end = tile.FirstMemory + tile.Post.Columns;
        for (int i = FirstFrom(changes, tile.FirstMemory); i < changes.Length && changes[i].Memory < end; i++)
        {
            CoefficientChange change = changes[i];
            bool shown = change.Row >= tile.FirstRow && change.Row < tile.FirstRow + tile.RowCount;
            int row = shown ? tile.RowOf(change.Row) : -1;
            if (row >= 0)
            {
                ref float coefficient = ref tile.Post.Row(row)[change.Memory - tile.FirstMemory];
                coefficient = change.Operation switch
                {
                    CoefficientOperation.Set => change.Value,
                    CoefficientOperation.Scale => coefficient * change.Value,
                    _ => coefficient + change.Value,
                };
            }
        }
    }

    private static CoefficientChange Checked(ModelSpec spec, CoefficientChange change)
    {
        if ((uint)change.Layer >= (uint)spec.LayerCount || (uint)change.Memory >= (uint)spec.Blocks[change.Layer].FeedForward.MemoryCount)
        {
            throw new ArgumentException($"The model has no memory {change.Memory} in layer {change.Layer}.", nameof(change));
        }

        if (change.Row < 0 || !Enum.IsDefined(change.Operation) || !float.IsFinite(change.Value))
        {
            throw new ArgumentException($"A coefficient cannot be changed so: {change}.", nameof(change));
        }

        return change;
    }

    private static int FirstFrom(CoefficientChange[] changes, int memory)
    {
        (int low, int high) = (0, changes.Length);
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = changes[middle].Memory < memory ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
