using Keyhole.Statistics;

namespace Keyhole.Reports.Contents;

/// <summary>Ranks (from 0) and entropy of the model's output over the prefixes.</summary>
/// <param name="TargetRank">Of the token that follows.</param>
/// <param name="FinalRank">Of the final prediction: 0 but for ties.</param>
/// <param name="CurrentRank">Of the prefix's last token.</param>
/// <param name="Entropy">In nats.</param>
internal readonly record struct OutputReading(Quartiles TargetRank, Quartiles FinalRank, Quartiles CurrentRank, Estimate Entropy);
