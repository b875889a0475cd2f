using System.Collections.Immutable;
using System.Globalization;
using Keyhole.Engine.Models;
using Keyhole.Engine.Readouts;

namespace Keyhole.Composition;

/// <summary>Says in words how a model's prefixes are read.</summary>
internal static class TracerOptions
{
    public static ImmutableSortedDictionary<string, string> Of(ModelSpec spec, Readout readout)
    {
        var options = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["readout"] = readout.ToString().ToLowerInvariant(),
            ["active"] = TracedLayer.IsActiveAboveZero(spec.Blocks[0].FeedForward)
                ? "m > 0"
                : string.Create(CultureInfo.InvariantCulture, $"|m| > {TracedLayer.ActiveFraction:0%} of the memory's largest |m| in the study"),
        };
        if (spec.Head.Adaptive is not null)
        {
            options["head"] = "adaptive softmax: readouts are its log-probabilities, not linear in the vector";
        }

        if (spec.Blocks.Any(block => block.FeedForward.Router is not null))
        {
            options["experts"] = "memories of all experts count; those of experts that a position does not choose have m = 0";
        }

        if (spec.Blocks.Any(block => block.FeedForwardSumNorm is not null))
        {
            options["blocks"] = "norms after each addition: o is the norm of r + y, not their sum";
        }
        else if (spec.Blocks.Any(block => block.IsParallel))
        {
            options["blocks"] = "attention and feed-forward layer in parallel: r is the residual before both plus attention's output, which no part reads";
        }
        else if (spec.Blocks.Any(block => block.AddsToNormed))
        {
            options["blocks"] = "outputs are added to the normed residual: o is norm(r) + y, not r + y";
        }

        return options.ToImmutableSortedDictionary(StringComparer.Ordinal);
    }
}
