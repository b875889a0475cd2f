using Keyhole.Statistics;

namespace Keyhole.Mutations;

/// <summary>Change in percent.</summary>
public sealed record MutationChange(Estimate Mean, Estimate Median, Quartiles Quartiles);
