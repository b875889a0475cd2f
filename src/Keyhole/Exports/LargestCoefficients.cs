using Keyhole.Engine.Capture;
using Keyhole.Engine.Models;
using Keyhole.Engine.Numerics;
using Keyhole.Memories;

namespace Keyhole.Exports;

/// <summary>The largest coefficient of chosen memories in each of some units, over all tokens but the first (a start token, or a word that acts as one); 0 where a token did not choose the expert.</summary>
internal sealed class LargestCoefficients : IUnitObserver
{
    private readonly int[] _pool;
    private readonly ModelSpec _spec;
    private readonly Dictionary<int, (int[] RowOf, float[] Largest)> _layers = [];
    private int[] _columns = [];

    /// <param name="memories">The memories.</param>
    /// <param name="units">The units, ascending.</param>
    /// <param name="spec">The model.</param>
    public LargestCoefficients(IEnumerable<NeuronId> memories, int[] units, ModelSpec spec)
    {
        _pool = units;
        _spec = spec;
        foreach (IGrouping<int, NeuronId> layer in memories.GroupBy(id => id.Layer))
        {
            int[] rowOf = new int[spec.Blocks[layer.Key].FeedForward.MemoryCount];
            Array.Fill(rowOf, -1);
            int rows = 0;
            foreach (NeuronId id in layer)
            {
                rowOf[spec.Blocks[id.Layer].FeedForward.NumberOf(id)] = rows++;
            }

            float[] largest = new float[(long)rows * units.Length];
            Array.Fill(largest, float.NegativeInfinity);
            _layers.Add(layer.Key, (rowOf, largest));
        }
    }

    /// <summary>The largest coefficient of a memory in each unit.</summary>
    public ReadOnlySpan<float> Of(NeuronId id)
    {
        (int[] rowOf, float[] largest) = _layers[id.Layer];
        return largest.AsSpan(rowOf[_spec.Blocks[id.Layer].FeedForward.NumberOf(id)] * _pool.Length, _pool.Length);
    }

    /// <inheritdoc/>
    public void Begin(IReadOnlyList<int> units) => _columns = [.. units.Select(unit => Array.BinarySearch(_pool, unit))];

    /// <inheritdoc/>
    public SiteSet Sites(int layer) => _layers.ContainsKey(layer) ? SiteSet.Of(Site.MlpPost) : SiteSet.None;

    /// <inheritdoc/>
    public void Observe(Site site, int layer, int firstRow, MatrixView values)
    {
        // Only coefficients are asked for.
    }

    /// <inheritdoc/>
    public void ObserveMemories(in MemoryTile tile)
    {
        (int[] rowOf, float[] largest) = _layers[tile.Layer];
        int endRow = tile.FirstRow + tile.RowCount;
        for (int text = tile.Batch.TextOf(tile.FirstRow); text < tile.Batch.TextCount && tile.Batch.Start(text) < endRow; text++)
        {
            int start = tile.Batch.Start(text);
            int length = tile.Batch.Length(text);
            for (int row = Math.Max(length == 1 ? start : start + 1, tile.FirstRow); row < Math.Min(start + length, endRow); row++)
            {
                int at = tile.RowOf(row);
                ReadOnlySpan<float> values = at < 0 ? [] : tile.Post.Row(at);
                for (int column = 0; column < tile.Post.Columns; column++)
                {
                    int memory = rowOf[tile.FirstMemory + column];
                    if (memory >= 0)
                    {
                        ref float cell = ref largest[(memory * _pool.Length) + _columns[text]];
                        cell = Math.Max(cell, values.IsEmpty ? 0 : values[column]);   // the rows of a text are shown to one worker
                    }
                }
            }
        }
    }

    /// <inheritdoc/>
    public void LayerDone(int layer)
    {
        // Nothing is gathered.
    }
}
