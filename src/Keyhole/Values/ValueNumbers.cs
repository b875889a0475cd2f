using Keyhole.Memories;

namespace Keyhole.Values;

/// <summary>Numbers of a value beside the triggers of the positive pole.</summary>
/// <param name="Id">The memory.</param>
/// <param name="Norm">L2 norm of v itself.</param>
/// <param name="MaxProbability">Largest probability of p = softmax(z).</param>
/// <param name="TargetRank">Rank in p of the token after the top-1 trigger, from 0; NaN without one.</param>
/// <param name="PrecisionTriggers">Of the first 50 triggers those that have a target.</param>
/// <param name="PrecisionHits">Of these, those whose target is argmax p.</param>
internal readonly record struct ValueNumbers(NeuronId Id, float Norm, double MaxProbability, double TargetRank, int PrecisionTriggers, int PrecisionHits)
{
    /// <summary>precision@50; NaN without a trigger that has a target.</summary>
    public double Precision => PrecisionTriggers == 0 ? double.NaN : (double)PrecisionHits / PrecisionTriggers;
}
