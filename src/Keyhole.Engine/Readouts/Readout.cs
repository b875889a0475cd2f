namespace Keyhole.Engine.Readouts;

/// <summary>How a vector of the residual stream is read through the output embedding W_U (method, section 3). Never mixed, always named.</summary>
/// <remarks>A model with an adaptive softmax is read through that: its log-probabilities of the same vector take the place of W_U's products, and are not linear.</remarks>
public enum Readout
{
    /// <summary>W_U (gain * C v): the final norm's gain and centring without its scale and bias; linear, so contributions add up. C is the identity for RMSNorm.</summary>
    Folded,

    /// <summary>W_U v: the paper's, whose model has no final norm.</summary>
    Raw,

    /// <summary>The model's own head: final norm with bias, output bias, soft-cap. For states of the residual stream, not for updates.</summary>
    Model,
}
