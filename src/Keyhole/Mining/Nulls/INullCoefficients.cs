using Keyhole.Engine.Capture;

namespace Keyhole.Mining.Nulls;

/// <summary>What a model's coefficients are replaced by under a null, tile by tile as the forward pass shows them.</summary>
internal interface INullCoefficients : IDisposable
{
    /// <summary>Makes ready what a layer needs. Called by one thread while no tile is shown.</summary>
    /// <param name="layer">Layer, from 0.</param>
    void Begin(int layer);

    /// <summary>Shows the coefficients of the null that a tile gives rise to; several workers call at once, each with tiles of its own.</summary>
    /// <param name="tile">A tile of the layer that was begun.</param>
    /// <param name="observer">Mines them.</param>
    void Show(in MemoryTile tile, MiningObserver observer);
}
