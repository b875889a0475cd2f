using Keyhole.Engine.Capture;
using Keyhole.Engine.Models;
using Keyhole.Engine.Numerics;

namespace Keyhole.Perplexity;

/// <summary>Reduces each row of logits, while it is there, to the log-probability of the token that follows; logits [T, V] are never kept.</summary>
/// <param name="layers">L.</param>
/// <param name="batch">The batch that is run.</param>
/// <param name="targets">Id of the token after each row, -1 where it is not scored; [T].</param>
internal sealed class NextTokenScores(int layers, TokenBatch batch, int[] targets) : IForwardObserver
{
    /// <summary>log p of each row's target, natural logarithm; 0 where there is none; [T].</summary>
    public double[] LogProbabilities { get; } = new double[targets.Length];

    /// <inheritdoc/>
    public SiteSet Sites(int layer) => layer == layers ? SiteSet.Of(Site.Logits) : SiteSet.None;

    /// <inheritdoc/>
    public void Observe(Site site, int layer, int firstRow, MatrixView values)
    {
        for (int row = 0; row < values.Rows; row++)
        {
            int target = targets[firstRow + row];
            if (target >= 0)
            {
                ReadOnlySpan<float> logits = values.Row(row);
                double score = logits[target] - Softmax.LogSumExp(logits);
                LogProbabilities[firstRow + row] = double.IsFinite(score) ? score : throw new NotFiniteException(layer, batch.TextOf(firstRow + row));
            }
        }
    }

    /// <inheritdoc/>
    public void ObserveMemories(in MemoryTile tile)
    {
        // Not asked for.
    }

    /// <inheritdoc/>
    public void LayerDone(int layer)
    {
        // Only the logits count.
    }
}
