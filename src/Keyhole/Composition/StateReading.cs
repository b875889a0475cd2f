namespace Keyhole.Composition;

/// <summary>The distribution of one residual state by the <c>model</c> readout, at the tokens of interest. Ranks count from 0, ties at their mean.</summary>
/// <param name="TargetRank">Rank of the target; NaN without one.</param>
/// <param name="TargetProbability">Probability of the target; NaN without one.</param>
/// <param name="FinalRank">Rank of the model's final prediction.</param>
/// <param name="FinalProbability">Probability of the model's final prediction.</param>
/// <param name="CurrentRank">Rank of the prefix's last token.</param>
/// <param name="Entropy">In nats.</param>
public readonly record struct StateReading(double TargetRank, double TargetProbability, double FinalRank, double FinalProbability, double CurrentRank, double Entropy)
{
    /// <summary>Rank of another prefix's target, paired at random: what refinement has to be held beside. NaN without one.</summary>
    public double ShuffledRank { get; init; } = double.NaN;
}
