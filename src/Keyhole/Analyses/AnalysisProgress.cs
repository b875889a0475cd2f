namespace Keyhole.Analyses;

/// <summary>How far an analysis is.</summary>
/// <param name="Section">What is being made.</param>
/// <param name="Share">Share of the whole analysis that is done, 0 to 1, by its arithmetic.</param>
public readonly record struct AnalysisProgress(AnalysisSection Section, double Share);
