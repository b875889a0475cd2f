using System.Globalization;
using Keyhole.Engine;
using Keyhole.Engine.Capture;
using Keyhole.Engine.Models;
using Keyhole.Engine.Numerics;

namespace Keyhole.Memories;

/// <summary>The coefficient of one memory at every token of texts: one packed pass, which ends after the memory's layer and computes of that layer's memories a tile of neighbours.</summary>
public static class CoefficientTrace
{
    /// <summary>Runs the texts.</summary>
    /// <param name="pass">A pass of the model, used by no one else meanwhile.</param>
    /// <param name="spec">The model.</param>
    /// <param name="id">A memory of it.</param>
    /// <param name="texts">Token ids of each text.</param>
    /// <param name="cancellation">Stops the pass.</param>
    /// <returns>m at every token of each text; 0 where the router did not choose the memory's expert.</returns>
    /// <exception cref="ArgumentException">The model has no such memory.</exception>
    /// <exception cref="InputRefusedException">KH7205: NaN or infinity; KH3007, KH3008: the tokens do not fit the model.</exception>
    public static float[][] Run(ForwardPass pass, ModelSpec spec, NeuronId id, IReadOnlyList<ReadOnlyMemory<int>> texts, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(texts);
        if (!spec.Has(id))
        {
            throw new ArgumentException($"Memory {id} is not in this model.", nameof(id));
        }

        List<int> ids = [];
        List<int> starts = [0];
        foreach (ReadOnlyMemory<int> text in texts)
        {
            if (!text.IsEmpty)
            {
                ids.AddRange(text.Span);
                starts.Add(ids.Count);
            }
        }

        var observer = new ColumnObserver(id.Layer, spec.Blocks[id.Layer].FeedForward.NumberOf(id), ids.Count);
        try
        {
            pass.Run(new TokenBatch([.. ids], [.. starts]), observer, cancellation);
        }
        catch (NotFiniteException failure)
        {
            throw new InputRefusedException("KH7205", string.Create(CultureInfo.InvariantCulture, $"layer {failure.Layer} of the model gives NaN or infinity on one of these texts. The weights hold such values, or overflow on this text; no coefficient is made of them."), failure);
        }

        int at = 0;
        return [.. texts.Select(text => observer.Coefficients[at..(at += text.Length)])];
    }

    private sealed class ColumnObserver(int layer, int memory, int rows) : IForwardObserver
    {
        public float[] Coefficients { get; } = new float[rows];

        public SiteSet Sites(int layerAsked) => layerAsked == layer ? SiteSet.Of(Site.MlpPost) : SiteSet.None;

        public bool WantsMemories(int layerAsked, int first, int count) => memory >= first && memory < first + count;

        public void Observe(Site site, int layerShown, int firstRow, MatrixView values)
        {
            // Only coefficients are asked for.
        }

        public void ObserveMemories(in MemoryTile tile)
        {
            int column = memory - tile.FirstMemory;
            if (column < 0 || column >= tile.Post.Columns)
            {
                return;
            }

            for (int row = tile.FirstRow; row < tile.FirstRow + tile.RowCount; row++)
            {
                int shown = tile.RowOf(row);
                if (shown < 0)
                {
                    continue;
                }

                float coefficient = tile.Post.Row(shown)[column];
                Coefficients[row] = float.IsFinite(coefficient) ? coefficient : throw new NotFiniteException(tile.Layer, tile.Batch.TextOf(row));
            }
        }

        public void LayerDone(int layerDone)
        {
            // Nothing is gathered.
        }
    }
}
