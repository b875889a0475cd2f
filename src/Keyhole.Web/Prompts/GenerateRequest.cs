namespace Keyhole.Web.Prompts;

/// <summary>A prompt to go on with behind one of its positions: a text or token ids.</summary>
public sealed record GenerateRequest
{
    /// <summary>The text.</summary>
    public string? Text { get; init; }

    /// <summary>Token ids in place of a text, BOS included where one is wanted.</summary>
    public IReadOnlyList<int>? Ids { get; init; }

    /// <summary>The position behind which tokens are generated, from 0; null for the last one.</summary>
    public int? Position { get; init; }

    /// <summary>Interventions, such as <c>L3N12:off</c>; without any, one text is generated.</summary>
    public IReadOnlyList<string>? Interventions { get; init; }

    /// <summary>Most tokens to generate; 20 where it is left out.</summary>
    public int? Tokens { get; init; }

    /// <summary>0 takes the most probable token each time, as where it is left out; above it tokens are drawn.</summary>
    public double? Temperature { get; init; }

    /// <summary>Seed of the draws; 0 where it is left out.</summary>
    public long? Seed { get; init; }
}
