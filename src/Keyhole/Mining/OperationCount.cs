using Keyhole.Engine.Models;
using Keyhole.Mining.Nulls;

namespace Keyhole.Mining;

/// <summary>How much arithmetic a pass is: 2 x multiply-adds of the linear maps and of causal attention, what is skipped not counted.</summary>
public static class OperationCount
{
    /// <summary>Operations of running a batch through layers 0 .. layers - 1 to the coefficients of the last.</summary>
    /// <param name="spec">The model.</param>
    /// <param name="layers">Layers run.</param>
    /// <param name="batch">The texts.</param>
    public static double Of(ModelSpec spec, int layers, TokenBatch batch)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(batch);
        double pairs = 0;   // query and key positions that meet
        for (int text = 0; text < batch.TextCount; text++)
        {
            pairs += 0.5 * batch.Length(text) * (batch.Length(text) + 1.0);
        }

        double operations = 0;
        for (int layer = 0; layer < layers; layer++)
        {
            AttentionSpec attention = spec.Blocks[layer].Attention;
            FeedForwardSpec feedForward = spec.Blocks[layer].FeedForward;
            double maps = Size(attention.Query) + Size(attention.Key) + Size(attention.Value) + Size(attention.Output)
                + (feedForward.Router is { } router ? Size(router.Map) : 0);
            ExpertSpec expert = feedForward.Experts[0];
            maps += feedForward.ExpertsUsed * (Size(expert.In)
                + (expert.Gate is { } gate ? Size(gate) : 0)
                + (layer + 1 < layers ? Size(expert.Out) : 0));   // the last layer's values are not needed
            operations += 2 * ((maps * batch.RowCount) + (2 * pairs * attention.Heads * attention.HeadSize));
        }

        return operations;
    }

    /// <summary>Operations of a null at one position in all layers.</summary>
    /// <param name="kind">The null.</param>
    /// <param name="spec">The model.</param>
    /// <param name="layers">Layers mined.</param>
    internal static double OfNull(NullKind kind, ModelSpec spec, IEnumerable<int> layers) => 2 * layers.Select(layer => spec.Blocks[layer].FeedForward).Sum(layer => kind == NullKind.Rotations
        ? (double)layer.MemoryCount * layer.MemoryCount
        : layer.ExpertsUsed * (Size(layer.Experts[0].In) + (layer.Experts[0].Gate is { } gate ? Size(gate) : 0)));

    private static double Size(LinearSpec map) => (double)map.Outputs * map.Inputs;
}
