using Keyhole.Statistics;

namespace Keyhole.Reports.Contents;

/// <summary>Relative change of the coefficient in one layer when tokens of one kind are dropped, in percent.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Kind">Which token was dropped.</param>
/// <param name="Mean">Mean over the triggers; its N is n.</param>
/// <param name="Median">Median over the triggers.</param>
/// <param name="Quartiles">Quartiles over the triggers.</param>
internal readonly record struct MutationRow(int Layer, Dropped Kind, Estimate Mean, Estimate Median, Quartiles Quartiles);
