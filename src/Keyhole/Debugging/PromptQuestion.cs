using Keyhole.Interventions;

namespace Keyhole.Debugging;

/// <summary>What is asked of a prompt.</summary>
public sealed record PromptQuestion
{
    /// <summary>Tokens of the prompt, BOS included where there is one; shape [T].</summary>
    public required ReadOnlyMemory<int> Ids { get; init; }

    /// <summary>The position to read, from 0: what follows it changes nothing.</summary>
    public required int Position { get; init; }

    /// <summary>The token to follow over the layers; null for the final prediction.</summary>
    public int? Token { get; init; }

    /// <summary>Tokens kept of each readout.</summary>
    public int Top { get; init; } = 10;

    /// <summary>Memories kept of each layer.</summary>
    public int Memories { get; init; } = 10;

    /// <summary>Tokens kept of each value.</summary>
    public int ValueTokens { get; init; } = 5;

    /// <summary>Interventions; they work on the prompt up to the position.</summary>
    public IReadOnlyList<ResolvedIntervention> Interventions { get; init; } = [];
}
