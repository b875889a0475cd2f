using System.Collections.Immutable;

namespace Keyhole.Reports.Contents;

/// <summary>The value of a memory as a page shows it, on the pole that the page is about.</summary>
internal sealed record ValueCard
{
    /// <summary>Most promoted tokens with their logits, largest first.</summary>
    public required ImmutableArray<(string Token, double Logit)> Top { get; init; }

    /// <summary>Most demoted tokens with their logits, smallest first.</summary>
    public required ImmutableArray<(string Token, double Logit)> Bottom { get; init; }

    /// <summary>Largest probability of softmax(z).</summary>
    public required double MaxProbability { get; init; }

    /// <summary>Length of v.</summary>
    public required double Norm { get; init; }

    /// <summary>Rank of the token after the best trigger; NaN without one.</summary>
    public required double TargetRank { get; init; }

    /// <summary>Whether the top token is that token; null without one.</summary>
    public required bool? Agrees { get; init; }

    /// <summary>Of the first 50 triggers with a next token those whose next token is the value's top token.</summary>
    public required Statistics.Share Precision { get; init; }
}
