using System.Collections.Immutable;

namespace Keyhole.Composition;

/// <summary>The prefixes of section 5, and everything that decided which they are.</summary>
/// <param name="Prefixes">By text number where chosen at random, else in the order of their file.</param>
/// <param name="Options">Options by name, to be kept with the results.</param>
public sealed record PrefixSet(IReadOnlyList<Prefix> Prefixes, ImmutableSortedDictionary<string, string> Options);
