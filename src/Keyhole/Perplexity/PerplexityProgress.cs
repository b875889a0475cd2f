namespace Keyhole.Perplexity;

/// <summary>How far a run is.</summary>
/// <param name="Share">Share of the texts that is scored, 0 to 1.</param>
/// <param name="TokensPerSecond">Tokens that went through the model, context included, a second.</param>
public readonly record struct PerplexityProgress(double Share, double TokensPerSecond);
