using Keyhole.Statistics;

namespace Keyhole.Annotations;

/// <summary>A number over true sheets beside the same over decoys. Intervals are bootstrapped over sheets; N counts sheets.</summary>
/// <param name="Real">The mean over true sheets.</param>
/// <param name="Decoy">The mean over decoys of both kinds.</param>
/// <param name="Random">The mean over random prefixes.</param>
/// <param name="Mixed">The mean over mixed lists.</param>
/// <param name="Difference">Real minus decoy.</param>
public sealed record RealAndDecoy(Estimate Real, Estimate Decoy, Estimate Random, Estimate Mixed, Estimate Difference);
