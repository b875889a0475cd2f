using Keyhole.Statistics;

namespace Keyhole.Values;

/// <summary>Values of similar confidence (figure 6).</summary>
/// <param name="Lower">Smallest max probability of the bin.</param>
/// <param name="Upper">Largest.</param>
/// <param name="Agreement">Agreement rate of the bin.</param>
public readonly record struct ConfidenceBin(double Lower, double Upper, Share Agreement);
