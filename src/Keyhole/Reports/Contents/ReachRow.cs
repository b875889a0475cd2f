using Keyhole.Statistics;

namespace Keyhole.Reports.Contents;

/// <summary>How far back the memories of a layer read: tokens from the prefix's end to the token whose loss lowers the coefficient most.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Distance">Quartiles of the distance; 0 is the last token.</param>
/// <param name="Triggers">n.</param>
internal readonly record struct ReachRow(int Layer, Quartiles Distance, long Triggers);
