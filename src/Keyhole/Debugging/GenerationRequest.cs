using Keyhole.Interventions;

namespace Keyhole.Debugging;

/// <summary>A text to go on with.</summary>
public sealed record GenerationRequest
{
    /// <summary>Tokens of the text, BOS included where there is one; shape [T].</summary>
    public required ReadOnlyMemory<int> Ids { get; init; }

    /// <summary>Most tokens to generate.</summary>
    public int Tokens { get; init; } = 20;

    /// <summary>0 takes the most probable token, the lowest id of equals; above it tokens are drawn from softmax(logits / temperature).</summary>
    public double Temperature { get; init; }

    /// <summary>Seed of the draws; both texts draw with the same numbers.</summary>
    public ulong Seed { get; init; }

    /// <summary>Token that ends a text; null for none.</summary>
    public int? EndToken { get; init; }

    /// <summary>
    /// Interventions: those at all positions work on generated tokens too, those at the last position stay at the last token that was given.
    /// </summary>
    public IReadOnlyList<ResolvedIntervention> Interventions { get; init; } = [];
}
