namespace Keyhole.Claiming;

/// <summary>How far a run is.</summary>
/// <param name="Phase">What is being done.</param>
/// <param name="Share">Share of the run that is done, 0 to 1.</param>
public readonly record struct ClaimProgress(string Phase, double Share);
