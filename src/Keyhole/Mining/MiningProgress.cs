namespace Keyhole.Mining;

/// <summary>How far a run is.</summary>
/// <param name="Phase">What is being done: <c>tokenize</c>, <c>mine</c> or <c>write</c>.</param>
/// <param name="Share">Share of the phase that is done, 0 to 1.</param>
/// <param name="Tokens">Tokens so far; while mining, tokens that have been through all layers.</param>
/// <param name="TokensPerSecond">Rate since the phase began.</param>
public readonly record struct MiningProgress(string Phase, double Share, double Tokens, double TokensPerSecond);
