namespace Keyhole.Features;

/// <summary>What a number of <see cref="FeatureRow"/> says; docs/features.md has the formulas.</summary>
public enum FeatureMeasure
{
    /// <summary>Share of the memories that fire at one position at least.</summary>
    Alive,

    /// <summary>Mean number of active memories of a position.</summary>
    L0,

    /// <summary>Share of the layer's output that its k strongest memories of each position explain.</summary>
    ExplainedVariance,

    /// <summary>The same by SAEBench's formula, the mean of a ratio of each position.</summary>
    SaeBenchExplainedVariance,

    /// <summary>Share of the memories that are among the k strongest at one position at least.</summary>
    Kept,

    /// <summary>Share of the held-out texts of a task that a probe on k features labels right.</summary>
    ProbeAccuracy,

    /// <summary>Area under the ROC curve of that probe on the held-out texts.</summary>
    ProbeAuroc,

    /// <summary>Mean of the accuracies over the tasks.</summary>
    MeanProbeAccuracy,

    /// <summary>Mean over letters of the area under the ROC curve of the probe for words that begin with one, on held-out words.</summary>
    LetterProbeAuroc,

    /// <summary>The same of the main memory of each letter alone.</summary>
    LetterMemoryAuroc,

    /// <summary>Share of the held-out words that the probe finds at which the letter's main memory does not fire.</summary>
    Silent,

    /// <summary>Share of them at which it does not fire and another memory carries the letter.</summary>
    Absorbed,

    /// <summary>Share of them that the main memory alone does not tell.</summary>
    Missed,

    /// <summary>Share of them that it does not tell and at which another memory carries the letter.</summary>
    MissedAbsorbed,
}
