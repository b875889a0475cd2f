using Keyhole.Engine.Capture;
using Keyhole.Engine.Models;
using Keyhole.Engine.Numerics;

namespace Keyhole.Composition;

/// <summary>Keeps what a forward pass shows at the last position of every text of a batch: r of every layer and the last layer's o, and if asked y and o of every layer and the coefficients.</summary>
/// <remarks>
/// r is what the feed-forward layer's addition meets (<see cref="Site.ResidMid"/>), y what is added (<see cref="Site.MlpOut"/>), o what leaves the block
/// (<see cref="Site.ResidPost"/>). Rows stand layer by layer, so that many layers are read out in one product.
/// </remarks>
internal sealed class LastStates : IForwardObserver, IDisposable
{
    private readonly ModelSpec _spec;
    private readonly ILastCoefficients? _coefficients;
    private readonly AlignedBuffer _states;    // [(L + 1) * texts, D]: r of every layer, then the last o
    private readonly AlignedBuffer _updates;   // [L * texts, D]: y
    private readonly AlignedBuffer _outputs;   // [(L - 1) * texts, D]: o of all layers but the last
    private TokenBatch? _batch;

    /// <param name="spec">The model.</param>
    /// <param name="texts">Most texts of a batch.</param>
    /// <param name="coefficients">Takes the coefficients; null where only r and the output are wanted.</param>
    public LastStates(ModelSpec spec, int texts, ILastCoefficients? coefficients)
    {
        _spec = spec;
        _coefficients = coefficients;
        long row = (long)texts * spec.Width;
        _states = new AlignedBuffer((spec.LayerCount + 1) * row);
        _updates = new AlignedBuffer(coefficients is null ? 0 : spec.LayerCount * row);
        _outputs = new AlignedBuffer(coefficients is null ? 0 : (spec.LayerCount - 1) * row);
    }

    /// <summary>Texts of the batch that was begun.</summary>
    public int Texts => _batch!.TextCount;

    /// <summary>r of every layer, then the last layer's o, [(L + 1) * texts, D].</summary>
    public MatrixView States => _states.Matrix((_spec.LayerCount + 1) * Texts, _spec.Width);

    /// <summary>y of every layer, [L * texts, D].</summary>
    public MatrixView Updates => _updates.Matrix(_spec.LayerCount * Texts, _spec.Width);

    /// <summary>o of every layer but the last, [(L - 1) * texts, D].</summary>
    public MatrixView Outputs => _outputs.Matrix((_spec.LayerCount - 1) * Texts, _spec.Width);

    /// <summary>Names the batch that is run next.</summary>
    public void Begin(TokenBatch batch)
    {
        _batch = batch;
        _coefficients?.Clear();
    }

    public SiteSet Sites(int layer)
    {
        if (layer >= _spec.LayerCount)
        {
            return SiteSet.None;
        }

        return _coefficients is not null
            ? SiteSet.Of(Site.ResidMid, Site.MlpPost, Site.MlpOut, Site.ResidPost)
            : layer == _spec.LayerCount - 1 ? SiteSet.Of(Site.ResidMid, Site.ResidPost) : SiteSet.Of(Site.ResidMid);
    }

    public void Observe(Site site, int layer, int firstRow, MatrixView values)
    {
        MatrixView into = site switch
        {
            Site.MlpOut => Updates,
            Site.ResidPost when layer < _spec.LayerCount - 1 => Outputs,
            _ => States,
        };
        int first = (site == Site.ResidPost && layer == _spec.LayerCount - 1 ? layer + 1 : layer) * Texts;
        foreach ((int text, int row) in LastRows(firstRow, values.Rows))
        {
            values.Row(row).CopyTo(into.Row(first + text));
        }
    }

    public void ObserveMemories(in MemoryTile tile)
    {
        foreach ((int text, int place) in LastRows(tile.FirstRow, tile.RowCount))
        {
            int row = tile.RowOf(tile.FirstRow + place);
            if (row >= 0)
            {
                _coefficients!.Add(tile.Layer, text, tile.FirstMemory, tile.Post.Row(row), tile.RouterWeightOf(row));
            }
        }
    }

    public void LayerDone(int layer)
    {
        // Everything has been copied as it was shown.
    }

    public void Dispose()
    {
        _states.Dispose();
        _updates.Dispose();
        _outputs.Dispose();
    }

    // The texts that end in a tile, with the row of the tile where they do.
    private IEnumerable<(int Text, int Row)> LastRows(int firstRow, int rows)
    {
        TokenBatch batch = _batch!;
        for (int text = batch.TextOf(firstRow); text < batch.TextCount; text++)
        {
            int last = batch.Start(text) + batch.Length(text) - 1 - firstRow;
            if (last >= rows)
            {
                yield break;
            }

            yield return (text, last);
        }
    }
}
