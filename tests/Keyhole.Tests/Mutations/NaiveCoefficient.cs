using Keyhole.Engine.Capture;
using Keyhole.Engine.Models;
using Keyhole.Memories;

namespace Keyhole.Tests.Mutations;

/// <summary>Twin of the probe: every token sequence runs alone, through all layers, and the coefficient at its last position is read; 0 where the router did not choose the expert.</summary>
internal sealed class NaiveCoefficient(Model model) : IDisposable
{
    private readonly ForwardPass _pass = new(model, new ForwardOptions { Threads = 1 });

    public float Of(NeuronId id, params int[] tokens)
    {
        var capture = new SiteCapture(model.Spec, tokens.Length, ["*hook_post"]);
        _pass.Run(TokenBatch.OfText(tokens), capture);
        float[] values = capture.Values(Site.MlpPost, id.Layer);
        return values[((tokens.Length - 1) * (values.Length / tokens.Length)) + (Math.Max(0, id.Expert) * model.Spec.Blocks[id.Layer].FeedForward.ExpertSize) + id.Index];
    }

    public void Dispose() => _pass.Dispose();
}
