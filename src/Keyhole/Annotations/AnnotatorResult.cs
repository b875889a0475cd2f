namespace Keyhole.Annotations;

/// <summary>What one annotator, or all of them, found on true sheets and on decoys.</summary>
/// <param name="Annotator">The name; null for all, where a sheet counts with the mean of its annotators.</param>
/// <param name="Done">Sheets that are done.</param>
/// <param name="Coverage">Share of a sheet's prefixes that a pattern covers.</param>
/// <param name="Found">Share of sheets with a pattern.</param>
/// <param name="Patterns">Patterns of a sheet.</param>
public sealed record AnnotatorResult(string? Annotator, int Done, RealAndDecoy Coverage, RealAndDecoy Found, RealAndDecoy Patterns);
