using Keyhole.Engine.Capture;
using Keyhole.Engine.Numerics;
using Keyhole.Mining.Nulls;

namespace Keyhole.Mining;

/// <summary>All that one pass over a corpus is mined for: the model's memories, and nulls of them, each with totals of its own.</summary>
internal sealed class MiningPass : IForwardObserver, IDisposable
{
    private readonly int[] _layers;

    /// <param name="layers">Layers to mine, ascending.</param>
    /// <param name="memories">Mines the memories.</param>
    /// <param name="nulls">The nulls.</param>
    public MiningPass(IEnumerable<int> layers, MiningObserver memories, IReadOnlyList<MinedNull> nulls)
    {
        _layers = [.. layers];
        Memories = memories;
        Nulls = nulls;
    }

    /// <summary>What is kept of the memories.</summary>
    public MiningObserver Memories { get; }

    /// <summary>The nulls.</summary>
    public IReadOnlyList<MinedNull> Nulls { get; }

    /// <summary>Names the batch that is run next.</summary>
    /// <param name="chunk">The batch.</param>
    /// <param name="firstLayer">Layers before it have seen the batch already.</param>
    /// <param name="layerDone">Called after each layer.</param>
    public void Begin(MiningChunk chunk, int firstLayer, Action<int> layerDone)
    {
        Memories.Begin(chunk, firstLayer, layerDone);
        foreach (MinedNull mined in Nulls)
        {
            mined.Observer.Begin(chunk, firstLayer);
        }

        BeginLayer(firstLayer);
    }

    /// <summary>Counts the memories whose lists have changed since the last call.</summary>
    public int TakeChanged() => Memories.TakeChanged();

    /// <summary>Writes the totals of all layers, of the memories and of each null.</summary>
    public void Save(BinaryWriter writer)
    {
        Memories.Save(writer);
        foreach (MinedNull mined in Nulls)
        {
            mined.Observer.Save(writer);
        }
    }

    /// <summary>Takes over what <see cref="Save"/> wrote in a run of the same model, layers, rules and nulls.</summary>
    /// <exception cref="InvalidDataException">The bytes are no such totals.</exception>
    /// <exception cref="EndOfStreamException">They end early.</exception>
    public void Restore(BinaryReader reader)
    {
        Memories.Restore(reader);
        foreach (MinedNull mined in Nulls)
        {
            mined.Observer.Restore(reader);
        }
    }

    public SiteSet Sites(int layer) => Memories.Sites(layer);

    public void Observe(Site site, int layer, int firstRow, MatrixView values)
    {
        // Only coefficients are asked for.
    }

    public void ObserveMemories(in MemoryTile tile)
    {
        Memories.ObserveMemories(tile);
        for (int i = 0; i < Nulls.Count; i++)
        {
            Nulls[i].Observe(tile);
        }
    }

    public void LayerDone(int layer)
    {
        foreach (MinedNull mined in Nulls)
        {
            mined.Observer.LayerDone(layer);
        }

        BeginLayer(layer + 1);
        Memories.LayerDone(layer);
    }

    public void Dispose()
    {
        Memories.Dispose();
        foreach (MinedNull mined in Nulls)
        {
            mined.Dispose();
        }
    }

    // The next layer that is mined.
    private void BeginLayer(int from)
    {
        int layer = _layers.FirstOrDefault(mined => mined >= from, -1);
        if (layer >= 0)
        {
            foreach (MinedNull mined in Nulls)
            {
                mined.Begin(layer);
            }
        }
    }
}
