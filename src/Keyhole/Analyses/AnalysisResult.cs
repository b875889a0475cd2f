namespace Keyhole.Analyses;

/// <summary>What an analysis did.</summary>
/// <param name="Study">The study that it was written to.</param>
/// <param name="Sections">Sections made, with the seconds that each took.</param>
public sealed record AnalysisResult(string Study, IReadOnlyList<(AnalysisSection Section, double Seconds)> Sections);
