using Keyhole.Engine.Models;
using Keyhole.Mining;
using Keyhole.Mining.Nulls;

namespace Keyhole.Planning;

/// <summary>
/// What samples and lists of the sign cases take, in operations of products that take as long (docs/performance.md has the measurement). For scanning coefficients, the model's or a null's,
/// <see cref="RunEstimate.Efficiency"/> has room.
/// </summary>
internal static class ScanCost
{
    private const double Sample = 100;   // of a coefficient, with --sample-quantiles
    private const double Case = 450;     // of a coefficient with a gate, with --sign-cases

    /// <summary>Operations of a position in all layers, of the memories and of all nulls.</summary>
    /// <param name="options">What is to be mined, and how.</param>
    /// <param name="spec">The model.</param>
    /// <param name="layers">Layers mined.</param>
    public static double Of(MiningOptions options, ModelSpec spec, IEnumerable<int> layers) => layers.Select(layer => spec.Blocks[layer].FeedForward).Sum(layer
        => (double)layer.ExpertSize * layer.ExpertsUsed * (Of(options.Rules, layer.IsGated) + options.Nulls.Sum(kind => Of(options.Rules, MinedNull.HasGates(kind, layer)))));

    private static double Of(MiningRules rules, bool gated) => (rules.SampleQuantiles ? Sample : 0) + (rules.SignCases && gated ? Case : 0);
}
