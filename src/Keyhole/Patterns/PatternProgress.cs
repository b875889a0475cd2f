namespace Keyhole.Patterns;

/// <summary>How far a search for patterns is.</summary>
/// <param name="Phase">What is being done, such as <c>layer 3</c>.</param>
/// <param name="Share">The share that is done.</param>
public readonly record struct PatternProgress(string Phase, double Share);
