namespace Keyhole.Web.Memories;

/// <summary>A token with its logit.</summary>
/// <param name="Id">The token.</param>
/// <param name="Text">Its text; null where it is not known.</param>
/// <param name="Logit">z; a log-probability with an adaptive softmax.</param>
/// <param name="Probability">softmax(z), 0 to 1.</param>
public sealed record TokenAnswer(int Id, string? Text, float Logit, double Probability);

/// <summary>A memory's value over the vocabulary.</summary>
/// <param name="Readout">How it was read: raw, folded or model.</param>
/// <param name="Norm">Its L2 norm.</param>
/// <param name="MaxProbability">The largest probability.</param>
/// <param name="Top">Tokens with the largest logits, largest first.</param>
/// <param name="Bottom">Tokens with the smallest logits, smallest first.</param>
public sealed record ValueAnswer(string Readout, float Norm, double MaxProbability, IReadOnlyList<TokenAnswer> Top, IReadOnlyList<TokenAnswer> Bottom);

/// <summary>The value beside the triggers of a pole; on the negative one the bottom token is meant, and ranks count from the bottom. Null where the trigger has no target.</summary>
public sealed record AgreementAnswer
{
    /// <summary>Text of the target of the first trigger.</summary>
    public string? Target { get; init; }

    /// <summary>Whether the value's first token is that target.</summary>
    public bool? Agrees { get; init; }

    /// <summary>Whether it is the prefix's last token.</summary>
    public bool? AgreesWithCurrent { get; init; }

    /// <summary>Whether it is the model's own first token there.</summary>
    public bool? AgreesWithModel { get; init; }

    /// <summary>Text of the model's own first token there.</summary>
    public string? ModelTop { get; init; }

    /// <summary>Rank of the target, from 0, ties at their mean.</summary>
    public double? TargetRank { get; init; }

    /// <summary>Its probability.</summary>
    public double? TargetProbability { get; init; }

    /// <summary>Rank of the prefix's last token.</summary>
    public double? CurrentRank { get; init; }

    /// <summary>Of the first 50 triggers those that have a target.</summary>
    public required int PrecisionTriggers { get; init; }

    /// <summary>Of these, those whose target is the value's first token.</summary>
    public required int PrecisionHits { get; init; }
}
