using System.Collections.Immutable;

namespace Keyhole.Prompts;

/// <summary>A prompt with its answer, and what stands beside it.</summary>
public sealed record PromptEntry
{
    /// <summary>Name of its set.</summary>
    public required string Set { get; init; }

    /// <summary>The prompt.</summary>
    public required string Prompt { get; init; }

    /// <summary>The answer.</summary>
    public required string Answer { get; init; }

    /// <summary>What the prompt is about, or null.</summary>
    public string? Subject { get; init; }

    /// <summary>Wrong answers of the same kind.</summary>
    public ImmutableArray<string> Competitors { get; init; } = [];

    /// <summary>Words that go with subject or answer without being one.</summary>
    public ImmutableArray<string> Associates { get; init; } = [];
}
