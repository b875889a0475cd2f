using System.Collections.Immutable;

namespace Keyhole.Prompts;

/// <summary>A prompt with a known answer, read at every layer (method, section 4, refinement).</summary>
public sealed record PromptTrace
{
    /// <summary>Name of its set, such as <c>city-country</c>.</summary>
    public required string Set { get; init; }

    /// <summary>The prompt.</summary>
    public required string Prompt { get; init; }

    /// <summary>The answer.</summary>
    public required string Answer { get; init; }

    /// <summary>What the prompt is about, or null.</summary>
    public string? Subject { get; init; }

    /// <summary>First token of the answer.</summary>
    public required int AnswerToken { get; init; }

    /// <summary>Whether the answer has more tokens, of which the first alone is read.</summary>
    public required bool AnswerIsCut { get; init; }

    /// <summary>The model's final prediction.</summary>
    public required int Final { get; init; }

    /// <summary>Whether the model's final prediction is the answer.</summary>
    public bool IsRight => Final == AnswerToken;

    /// <summary>r of every layer, then the output; shape [L + 1].</summary>
    public required ImmutableArray<PromptReading> Layers { get; init; }
}
