using System.Collections.Immutable;

namespace Keyhole.Prompts;

/// <summary>Prompts, and where they come from.</summary>
/// <param name="Entries">The prompts in order.</param>
/// <param name="Options">Options by name, to be kept with the results.</param>
public sealed record PromptSet(IReadOnlyList<PromptEntry> Entries, ImmutableSortedDictionary<string, string> Options);
