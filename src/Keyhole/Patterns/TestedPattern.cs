namespace Keyhole.Patterns;

/// <summary>A candidate with its p-value and its name.</summary>
/// <param name="Candidate">What is shared.</param>
/// <param name="P">How often the best of a whole search among decoys stands out as much.</param>
/// <param name="Text">What it is, in words.</param>
internal readonly record struct TestedPattern(PatternCandidate Candidate, double P, string Text);
