namespace Keyhole.Web.Prompts;

/// <summary>A prompt to read at one of its positions: a text or token ids.</summary>
public sealed record PromptRequest
{
    /// <summary>The text.</summary>
    public string? Text { get; init; }

    /// <summary>Token ids in place of a text, BOS included where one is wanted.</summary>
    public IReadOnlyList<int>? Ids { get; init; }

    /// <summary>The position to read, from 0, BOS counted; null for the last one.</summary>
    public int? Position { get; init; }

    /// <summary>A word to follow over the layers, at its first token, as what comes after the position; null for the final prediction.</summary>
    public string? Token { get; init; }

    /// <summary>The token to follow by its id, in place of a word.</summary>
    public int? TokenId { get; init; }

    /// <summary>Tokens of each readout; 10 where it is left out.</summary>
    public int? Top { get; init; }

    /// <summary>Interventions, such as <c>L3N12:off</c> or <c>L4N6:max:3:last</c> (docs/interventions.md).</summary>
    public IReadOnlyList<string>? Interventions { get; init; }
}
