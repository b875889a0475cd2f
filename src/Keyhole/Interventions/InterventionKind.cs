namespace Keyhole.Interventions;

/// <summary>What is done to the coefficient m of a memory, with a number x.</summary>
public enum InterventionKind
{
    /// <summary>m becomes 0.</summary>
    Off,

    /// <summary>m becomes m x.</summary>
    Scale,

    /// <summary>m becomes x.</summary>
    Set,

    /// <summary>m becomes m + x.</summary>
    Add,

    /// <summary>m becomes x times the memory's largest coefficient in the study: the positive pole.</summary>
    Max,

    /// <summary>m becomes x times the memory's smallest coefficient in the study, the negative pole: of a gated memory below zero.</summary>
    Min,

    /// <summary>m becomes the x-quantile of the memory's coefficients in the study (<see cref="Memories.NeuronStatistics.Quantile"/>).</summary>
    Quantile,
}
