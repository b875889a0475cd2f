using Keyhole.Engine.Numerics;

namespace Keyhole.Engine.Capture;

/// <summary>Watches a forward pass at named sites. Calls come from several threads at once, each for rows of its own.</summary>
public interface IForwardObserver
{
    /// <summary>Sites of a layer that the observer wants to see; others cost nothing. Logits are asked for with layer L.</summary>
    SiteSet Sites(int layer);

    /// <summary>Values of a site of width D (or V) for rows [firstRow, firstRow + values.Rows) of the batch.</summary>
    /// <param name="site">Site.</param>
    /// <param name="layer">Layer, from 0.</param>
    /// <param name="firstRow">First row in the batch.</param>
    /// <param name="values">Valid during the call only.</param>
    void Observe(Site site, int layer, int firstRow, MatrixView values);

    /// <summary>Coefficients of a range of memories for a range of rows, while they are in cache; asked for by any of the three F-wide sites.</summary>
    void ObserveMemories(in MemoryTile tile);

    /// <summary>Whether any of a range of memories is to be shown. Those that are not are left out, and not even computed where the pass needs nothing else of the layer; the others may be shown all the same.</summary>
    /// <param name="layer">Layer, from 0.</param>
    /// <param name="first">First memory in the layer, counted through all experts.</param>
    /// <param name="count">Number of memories.</param>
    bool WantsMemories(int layer, int first, int count) => true;

    /// <summary>All rows of a layer have been shown; called once a layer, by one thread, while no other call runs.</summary>
    void LayerDone(int layer);
}

/// <summary>Rows of the batch times memories of one layer.</summary>
/// <remarks>
/// Rows of one text reach the same worker in order; a long text may come in several tiles. Of a mixture of experts each tile has memories of one
/// expert, for the rows that chose it (perhaps none); every expert is shown for every tile of rows.
/// </remarks>
public readonly ref struct MemoryTile
{
    /// <summary>A tile whose rows all use the memories, until it is said otherwise.</summary>
    public MemoryTile()
    {
    }

    /// <summary>Layer, from 0.</summary>
    public required int Layer { get; init; }

    /// <summary>Which of the pass's workers calls: 0 .. threads - 1.</summary>
    public required int Worker { get; init; }

    /// <summary>The batch being run.</summary>
    public required Models.TokenBatch Batch { get; init; }

    /// <summary>First row in the batch.</summary>
    public required int FirstRow { get; init; }

    /// <summary>Rows of the batch that the tile is about: as many as it has, more where only some of them chose the expert.</summary>
    public required int RowCount { get; init; }

    /// <summary>First memory in the layer, counted through all experts.</summary>
    public required int FirstMemory { get; init; }

    /// <summary>Expert of the memories; -1 where the layer has no router.</summary>
    public int Expert { get; init; } = -1;

    /// <summary>Which rows chose the expert, counted from <see cref="FirstRow"/>, rising; empty where the layer has no router.</summary>
    public ReadOnlySpan<int> Rows { get; init; } = default;

    /// <summary>The router's weight at each of <see cref="Rows"/>.</summary>
    public ReadOnlySpan<float> RouterWeights { get; init; } = default;

    /// <summary>What the coefficients are computed from: x at each of the rows, [rows, D]; without rows in a tile that no pass has made.</summary>
    public MatrixView Input { get; init; } = default;

    /// <summary>Pre-activations (the gate's where gated), [rows, memories]; without rows where they were not asked for and the layer is not gated.</summary>
    public required MatrixView Pre { get; init; }

    /// <summary>Linear part, [rows, memories]; without rows where the layer is not gated.</summary>
    public required MatrixView Linear { get; init; }

    /// <summary>Coefficients, [rows, memories].</summary>
    public required MatrixView Post { get; init; }

    /// <summary>Which row of the values belongs to a row of the batch; -1 where that row did not choose the expert.</summary>
    /// <param name="batchRow">One of the <see cref="RowCount"/> rows from <see cref="FirstRow"/> on.</param>
    public int RowOf(int batchRow)
    {
        int place = batchRow - FirstRow;
        return Expert < 0 ? place : Math.Max(-1, Rows.BinarySearch(place));
    }

    /// <summary>Which row of the batch a row of the values belongs to, counted from <see cref="FirstRow"/>.</summary>
    /// <param name="row">Row of the values, from 0.</param>
    public int PlaceOf(int row) => Expert < 0 ? row : Rows[row];

    /// <summary>What multiplies the memories' contribution in a row of the values: the router's weight, 1 where the layer has no router.</summary>
    /// <param name="row">Row of the values, from 0.</param>
    public float RouterWeightOf(int row) => Expert < 0 ? 1 : RouterWeights[row];
}
