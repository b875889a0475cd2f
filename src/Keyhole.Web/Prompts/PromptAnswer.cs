using Keyhole.Web.Memories;

namespace Keyhole.Web.Prompts;

/// <summary>A prompt, read at every layer at one of its positions (docs/web.md). Ranks count from 0.</summary>
public sealed record PromptAnswer
{
    /// <summary>The prompt's tokens, each with what the model predicts behind it.</summary>
    public required IReadOnlyList<PromptTokenAnswer> Tokens { get; init; }

    /// <summary>The position that was read.</summary>
    public required int Position { get; init; }

    /// <summary>The token that is followed over the layers.</summary>
    public required ChosenAnswer Chosen { get; init; }

    /// <summary>How updates and values were read: folded or raw.</summary>
    public required string Readout { get; init; }

    /// <summary>What else must be known of this model to read the numbers; empty for a plain one.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>The layers.</summary>
    public required IReadOnlyList<LayerAnswer> Layers { get; init; }

    /// <summary>The final distribution at the position.</summary>
    public required StateAnswer Output { get; init; }

    /// <summary>Its entropy, in nats.</summary>
    public required double Entropy { get; init; }

    /// <summary>What the interventions change; null without any.</summary>
    public EffectAnswer? Effect { get; init; }

    /// <summary>Milliseconds that the computation took, waiting not counted.</summary>
    public required double ComputeMs { get; init; }
}

/// <summary>A token of the prompt.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Text">Its text; null where the tokenizer does not know it.</param>
/// <param name="Next">The model's top token behind it.</param>
public sealed record PromptTokenAnswer(int Id, string? Text, TokenAnswer Next);

/// <summary>The token that is followed.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Text">Its text.</param>
/// <param name="IsFinal">Whether it is the model's final prediction, as no other was asked for.</param>
/// <param name="IsCut">Whether the word that was asked for has more tokens, of which this is the first.</param>
public sealed record ChosenAnswer(int Id, string? Text, bool IsFinal, bool IsCut);

/// <summary>A residual state or an update, read over the vocabulary.</summary>
/// <param name="Top">Its top tokens, best first.</param>
/// <param name="Rank">Rank of the followed token, from 0, ties at their mean.</param>
/// <param name="Probability">Probability of the followed token.</param>
/// <param name="Logit">Logit of the followed token.</param>
public sealed record StateAnswer(IReadOnlyList<TokenAnswer> Top, double Rank, double Probability, float Logit);
