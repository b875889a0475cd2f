namespace Keyhole.Cli;

/// <summary>How far a run is.</summary>
/// <param name="Phase">What is being done, such as <c>mining</c>.</param>
/// <param name="Share">Work of the whole run that is done, from 0 to 1.</param>
/// <param name="Detail">What to show beside it, such as a rate; may be empty.</param>
internal readonly record struct ProgressState(string Phase, double Share, string Detail);
