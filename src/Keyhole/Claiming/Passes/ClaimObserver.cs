using Keyhole.Engine.Capture;
using Keyhole.Engine.Numerics;

namespace Keyhole.Claiming.Passes;

/// <summary>Takes columns out of a forward pass, and counts all memories where they are screened.</summary>
/// <param name="capture">Takes columns.</param>
/// <param name="screening">Counts; null where no memory is searched, or the counting is over.</param>
internal sealed class ClaimObserver(ScoreCapture capture, Screening? screening) : IForwardObserver
{
    private Action<int>? _layerDone;

    /// <summary>Names the chunk that is run next.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="layerDone">Called after each layer.</param>
    public void Begin(ClaimChunk chunk, Action<int> layerDone)
    {
        _layerDone = layerDone;
        capture.Begin(chunk);
        screening?.Begin(chunk);
    }

    public SiteSet Sites(int layer)
    {
        if (layer >= capture.Layers)
        {
            return SiteSet.None;
        }

        // What leaves the last layer is asked for too: the pass then makes sure that it is finite, and with it what was counted. Other layers are looked after by those behind them.
        return screening?.Last == layer ? SiteSet.Of(Site.MlpPost, Site.ResidPost)
            : screening?.Wants(layer) == true || capture.Wants(layer) ? SiteSet.Of(Site.MlpPost)
            : SiteSet.None;
    }

    public bool WantsMemories(int layer, int first, int count) => screening?.Wants(layer) == true || capture.Wants(layer, first, count);

    public void Observe(Site site, int layer, int firstRow, MatrixView values)
    {
        // Only coefficients are asked for.
    }

    public void ObserveMemories(in MemoryTile tile)
    {
        capture.Take(tile);
        if (screening?.Wants(tile.Layer) == true)
        {
            screening.Count(tile);
        }
    }

    public void LayerDone(int layer)
    {
        if (screening?.Wants(layer) == true)
        {
            screening.LayerDone(layer);
        }

        _layerDone?.Invoke(layer);
    }
}
