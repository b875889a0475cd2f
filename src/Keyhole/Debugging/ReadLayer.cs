using Keyhole.Composition;

namespace Keyhole.Debugging;

/// <summary>What a layer does at the position (method, section 4).</summary>
/// <param name="R">The residual before the feed-forward layer's addition (<c>hook_resid_mid</c>), by the model's own head.</param>
/// <param name="Y">What is added (<c>hook_mlp_out</c>), by the folded (or raw) readout.</param>
/// <param name="O">The residual after it (<c>hook_resid_post</c>), by the model's own head.</param>
public sealed record ReadLayer(ReadVector R, ReadVector Y, ReadVector O)
{
    /// <summary>Where top(o) comes from.</summary>
    public StepKind Step => Breakdown.KindOf(R.Top[0].Token, Y.Top[0].Token, O.Top[0].Token);
}
