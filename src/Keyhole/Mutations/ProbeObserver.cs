using Keyhole.Engine.Capture;
using Keyhole.Engine.Models;
using Keyhole.Engine.Numerics;

namespace Keyhole.Mutations;

/// <summary>Reads single coefficients of a pass: those of given memories at given rows, nothing else. The coefficient of an expert that a row did not choose is 0.</summary>
/// <param name="points">Of each layer, shape [L], in order of rows.</param>
/// <param name="answers">Coefficients by ticket, 0 before the pass.</param>
/// <param name="layerDone">Called after each layer.</param>
internal sealed class ProbeObserver(ProbePoint[][] points, float[] answers, Action<int> layerDone) : IForwardObserver
{
    public SiteSet Sites(int layer) => layer < points.Length && points[layer].Length > 0 ? SiteSet.Of(Site.MlpPost) : SiteSet.None;

    public void Observe(Site site, int layer, int firstRow, MatrixView values)
    {
        // Only coefficients are asked for.
    }

    public void ObserveMemories(in MemoryTile tile)
    {
        ProbePoint[] wanted = points[tile.Layer];
        int endRow = tile.FirstRow + tile.RowCount;
        for (int i = FirstFrom(wanted, tile.FirstRow); i < wanted.Length && wanted[i].Row < endRow; i++)
        {
            int column = wanted[i].Memory - tile.FirstMemory;
            int row = tile.RowOf(wanted[i].Row);
            if (row < 0 || column < 0 || column >= tile.Post.Columns)
            {
                continue;
            }

            float coefficient = tile.Post.Row(row)[column];
            if (!float.IsFinite(coefficient))
            {
                throw new NotFiniteException(tile.Layer, tile.Batch.TextOf(wanted[i].Row));
            }

            answers[wanted[i].Ticket] = coefficient;
        }
    }

    public void LayerDone(int layer) => layerDone(layer);

    private static int FirstFrom(ProbePoint[] points, int row)
    {
        int low = 0;
        for (int high = points.Length; low < high;)
        {
            int middle = (low + high) / 2;
            (low, high) = points[middle].Row < row ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
