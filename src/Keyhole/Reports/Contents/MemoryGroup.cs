using System.Collections.Immutable;

namespace Keyhole.Reports.Contents;

/// <summary>Memories chosen by one rule.</summary>
/// <param name="Title">Such as <c>Most confident</c>.</param>
/// <param name="Rule">The rule, in a sentence.</param>
/// <param name="Pages">The memories, best first.</param>
internal sealed record MemoryGroup(string Title, string Rule, ImmutableArray<MemoryPage> Pages);
