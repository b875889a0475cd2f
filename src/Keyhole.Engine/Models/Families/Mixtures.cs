using System.Collections.Immutable;
using System.Globalization;
using Keyhole.Engine.Checkpoints;
using Keyhole.Engine.Numerics;

namespace Keyhole.Engine.Models.Families;

/// <summary>Experts and their router, as folders store them: a tensor for each map of each expert, or (transformers 5) one for all experts.</summary>
internal static class Mixtures
{
    /// <summary>Describes the mixture of a layer.</summary>
    /// <param name="config">Sizes.</param>
    /// <param name="checkpoint">Decides between the two forms.</param>
    /// <param name="prefix">What stands before a layer's names.</param>
    /// <param name="router">Name of the router's map.</param>
    /// <param name="expert">Names of an expert's gate, linear part and output: <c>block_sparse_moe.experts.{0}.w1</c>.</param>
    /// <param name="experts">Number of experts.</param>
    /// <param name="chosen">Key of the number that a token uses, for its check.</param>
    /// <param name="renormalizes">Whether the weights of the chosen are divided by their sum.</param>
    /// <param name="activation">f.</param>
    public static FeedForwardSpec Describe(
        DecoderConfig config, Checkpoint checkpoint, string prefix, string router, (string Gate, string Up, string Down) expert, int experts, string chosen, bool renormalizes, ActivationKind activation)
    {
        int width = config.Width;
        int memories = config.Memories;
        int used = config.Config.Size(chosen);
        if (used > experts)
        {
            throw config.Config.Refuse(chosen, $"at most the {experts} experts there are");
        }

        string fused = prefix + "mlp.experts.gate_up_proj";
        if (checkpoint.Tensors.TryGetValue(fused, out TensorInfo? all))
        {
            // Each expert has numbers in the tensor, so that a damaged count is refused before it is counted up to.
            if (experts > all.ElementCount)
            {
                PositiveValues.Layers(config.Config.File, "the number of experts", experts, checkpoint);
            }

            int rows = PositiveValues.Product(config.Config.File, "intermediate_size", memories, "two maps", 2);
            PositiveValues.Product(config.Config.File, "the number of experts", experts, "the rows of one", Math.Max(rows, width));
            return Fused(prefix + "mlp.", experts, memories, width, activation) with { Router = new RouterSpec(new LinearSpec(prefix + "mlp.gate.weight", null, experts, width), used, renormalizes) };
        }

        PositiveValues.Layers(config.Config.File, "the number of experts", experts, checkpoint);
        string Name(string format, int index) => prefix + string.Format(CultureInfo.InvariantCulture, format, index);
        ExpertSpec Expert(int index) => new(
            DecoderConfig.Linear(Name(expert.Up, index), memories, width),
            DecoderConfig.Linear(Name(expert.Down, index), width, memories),
            DecoderConfig.Linear(Name(expert.Gate, index), memories, width));
        return new FeedForwardSpec([.. Enumerable.Range(0, experts).Select(Expert)], activation)
        {
            Router = new RouterSpec(DecoderConfig.Linear(prefix + router, experts, width), used, renormalizes),
        };
    }

    /// <summary>Maps of all experts in one tensor each: rows of expert e from e rows on.</summary>
    public static LinearSpec Slice(string tensor, int experts, int index, int rows, int first, int count, int inputs)
        => new(tensor, null, count, inputs) { StoredRow = row => (index * rows) + first + row, StoredRows = experts * rows, StoredShape = [experts, rows] };

    private static FeedForwardSpec Fused(string prefix, int experts, int memories, int width, ActivationKind activation)
        => new([.. Enumerable.Range(0, experts).Select(index => new ExpertSpec(
            Slice(prefix + "experts.gate_up_proj", experts, index, 2 * memories, memories, memories, width),
            Slice(prefix + "experts.down_proj", experts, index, width, 0, width, memories),
            Slice(prefix + "experts.gate_up_proj", experts, index, 2 * memories, 0, memories, width)))], activation);
}
