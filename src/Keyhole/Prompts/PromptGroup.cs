using System.Collections.Immutable;

namespace Keyhole.Prompts;

/// <summary>Some prompts of a set.</summary>
public sealed record PromptGroup
{
    /// <summary>How many.</summary>
    public required long N { get; init; }

    /// <summary>r of every layer, then the output; shape [L + 1], empty without prompts.</summary>
    public required ImmutableArray<PromptLayer> Layers { get; init; }
}
