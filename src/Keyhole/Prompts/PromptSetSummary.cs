using Keyhole.Composition;
using Keyhole.Statistics;

namespace Keyhole.Prompts;

/// <summary>One prompt set.</summary>
public sealed record PromptSetSummary
{
    /// <summary>Its name.</summary>
    public required string Set { get; init; }

    /// <summary>Prompts whose final prediction is the answer('s first token).</summary>
    public required Share Right { get; init; }

    /// <summary>Prompts whose answer has more than one token and is read at its first.</summary>
    public required int CutAnswers { get; init; }

    /// <summary>All prompts.</summary>
    public required PromptGroup All { get; init; }

    /// <summary>Those that the model answers right.</summary>
    public required PromptGroup WhereRight { get; init; }

    /// <summary>Those that it does not.</summary>
    public required PromptGroup WhereWrong { get; init; }

    /// <summary>Whether the answer's rank improves with depth, beyond another prompt's answer.</summary>
    public required Refinement Refinement { get; init; }
}
