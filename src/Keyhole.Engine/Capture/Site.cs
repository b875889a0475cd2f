namespace Keyhole.Engine.Capture;

/// <summary>Places in the forward pass that observers can read. T tokens, D d_model, F d_ff, V vocabulary.</summary>
public enum Site
{
    /// <summary>Residual before attention, [T, D].</summary>
    ResidPre,

    /// <summary>Attention's addition to the residual, [T, D].</summary>
    AttnOut,

    /// <summary>Residual after attention, [T, D].</summary>
    ResidMid,

    /// <summary>Input of the feed-forward layer, its norm applied where it has one, [T, D].</summary>
    MlpIn,

    /// <summary>Pre-activation, the gate's where gated, [T, F].</summary>
    MlpPre,

    /// <summary>Linear part of a gated layer, [T, F].</summary>
    MlpPreLinear,

    /// <summary>Coefficients, [T, F].</summary>
    MlpPost,

    /// <summary>The feed-forward layer's addition to the residual, [T, D].</summary>
    MlpOut,

    /// <summary>Residual after the block, [T, D].</summary>
    ResidPost,

    /// <summary>Logits, [T, V]; natural log-probabilities where the model has an adaptive softmax.</summary>
    Logits,

    /// <summary>The router's weights of a mixture of experts, 0 for those that it did not choose, [T, experts].</summary>
    ExpertWeights,
}
