using Keyhole.Interventions;

namespace Keyhole.Debugging;

/// <summary>An intervention as it was made, with what became of the coefficient at the position that is read.</summary>
/// <param name="Intervention">The intervention.</param>
/// <param name="Before">m at the position without any intervention; null where the position did not choose the memory's expert, so that there is none.</param>
/// <param name="After">m at the position with all of them.</param>
public sealed record AppliedIntervention(ResolvedIntervention Intervention, float? Before, float? After);
