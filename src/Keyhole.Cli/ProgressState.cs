namespace Keyhole.Cli;

/// <summary>How far a run is.</summary>
/// <param name="Share">Work done, from 0 to 1.</param>
/// <param name="Detail">What to show beside it, such as a rate; may be empty.</param>
internal readonly record struct ProgressState(double Share, string Detail);
