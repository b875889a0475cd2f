namespace Keyhole.Claiming;

/// <summary>The number by which the best memories for a predicate are chosen.</summary>
public enum ScreenedBy
{
    /// <summary>Average precision: near 1 only where the largest coefficients stand where P holds.</summary>
    AveragePrecision,

    /// <summary>Area under the ROC curve: how often a position with P has a larger coefficient than one without.</summary>
    Auroc,
}
