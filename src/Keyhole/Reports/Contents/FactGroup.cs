using System.Collections.Immutable;

namespace Keyhole.Reports.Contents;

/// <summary>Facts about one thing.</summary>
/// <param name="Title">What they are about.</param>
/// <param name="Facts">Names and values, as they are read.</param>
internal sealed record FactGroup(string Title, ImmutableArray<(string Name, string Value)> Facts);
