namespace Keyhole.Mining;

/// <summary>How far a run is.</summary>
/// <param name="Phase">What is being done: <c>tokenize</c>, <c>mine</c> or <c>write</c>.</param>
/// <param name="Share">Share of the phase that is done, 0 to 1.</param>
/// <param name="Tokens">Tokens so far; while mining, tokens that have been through all layers.</param>
/// <param name="TokensPerSecond">Rate since the phase began.</param>
public readonly record struct MiningProgress(string Phase, double Share, double Tokens, double TokensPerSecond)
{
    /// <summary>While mining: share of memories whose lists changed in the last 32,768 tokens; NaN before so many.</summary>
    public double Changed { get; init; } = double.NaN;

    /// <summary>Checkpoints written so far.</summary>
    public int Checkpoints { get; init; }
}
