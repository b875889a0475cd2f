using Keyhole.Engine.Numerics;

namespace Keyhole.Engine.Capture;

/// <summary>Keeps one site of width D of one layer for chosen rows of a batch; the pass stops after that layer.</summary>
public sealed class RowCapture : IForwardObserver
{
    private readonly Site _site;
    private readonly int _layer;
    private readonly int[] _rows;
    private readonly MatrixView _kept;

    /// <summary>Chooses rows.</summary>
    /// <param name="site">A site of width D.</param>
    /// <param name="layer">Layer, from 0.</param>
    /// <param name="rows">Rows of the batch to come, strictly rising.</param>
    /// <param name="kept">Receives them, shape [rows, D]; must live as long as the pass runs.</param>
    public RowCapture(Site site, int layer, int[] rows, MatrixView kept)
    {
        ArgumentNullException.ThrowIfNull(rows);
        Shape.Require(kept, nameof(kept), rows.Length, kept.Columns);
        _site = site;
        _layer = layer;
        _rows = rows;
        _kept = kept;
    }

    /// <inheritdoc/>
    public SiteSet Sites(int layer) => layer == _layer ? SiteSet.Of(_site) : default;

    /// <inheritdoc/>
    public void Observe(Site site, int layer, int firstRow, MatrixView values)
    {
        int at = Array.BinarySearch(_rows, firstRow);
        for (int i = at >= 0 ? at : ~at; i < _rows.Length && _rows[i] < firstRow + values.Rows; i++)
        {
            values.Row(_rows[i] - firstRow).CopyTo(_kept.Row(i));
        }
    }

    /// <inheritdoc/>
    public void ObserveMemories(in MemoryTile tile)
    {
        // Sites of width F are not asked for.
    }

    /// <inheritdoc/>
    public void LayerDone(int layer)
    {
        // Rows were copied as they were shown.
    }
}
