using System.Collections.Immutable;

namespace Keyhole.Reports.Contents;

/// <summary>A section of the analysis with the options that decided it.</summary>
/// <param name="Name">Such as <c>values</c>.</param>
/// <param name="Options">By name; null where the study does not have the section.</param>
internal sealed record SectionNote(string Name, ImmutableSortedDictionary<string, string>? Options);
