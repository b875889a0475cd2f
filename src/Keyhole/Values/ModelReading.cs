namespace Keyhole.Values;

/// <summary>What the model itself predicts after a prefix.</summary>
/// <param name="Top">Its top token.</param>
/// <param name="TargetProbability">Its probability of the token that follows; NaN where the unit ends.</param>
internal readonly record struct ModelReading(int Top, double TargetProbability);
