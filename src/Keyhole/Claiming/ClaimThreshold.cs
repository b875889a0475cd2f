using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Keyhole.Claiming;

/// <summary>When a memory counts as active. Coefficients are those of its pole: m, on the negative pole -m.</summary>
/// <param name="Kind">The rule.</param>
/// <param name="Number">q, f, z or r; 0 of the rule zero.</param>
public readonly partial record struct ClaimThreshold(ThresholdKind Kind, double Number)
{
    /// <summary>How a threshold is written.</summary>
    public const string Forms = "zero, quantile 0.99, fraction 0.5 of max, mean + 3 sd, rank 10 within the position, rank 10 within the position of |m| * |v|";

    private const int MostRank = 1000;
    private const double MostDeviations = 1000;

    /// <summary>The top 1% of positions.</summary>
    public static ClaimThreshold Default { get; } = new(ThresholdKind.Quantile, 0.99);

    /// <summary>Whether the rule looks at the other memories of the layer.</summary>
    public bool IsRank => Kind is ThresholdKind.Rank or ThresholdKind.WeightedRank;

    /// <summary>As it is written in a file of claims.</summary>
    public override string ToString() => Kind switch
    {
        ThresholdKind.Zero => "zero",
        ThresholdKind.Quantile => string.Create(CultureInfo.InvariantCulture, $"quantile {Number}"),
        ThresholdKind.Fraction => string.Create(CultureInfo.InvariantCulture, $"fraction {Number} of max"),
        ThresholdKind.Deviations => string.Create(CultureInfo.InvariantCulture, $"mean + {Number} sd"),
        ThresholdKind.Rank => string.Create(CultureInfo.InvariantCulture, $"rank {Number} within the position"),
        _ => string.Create(CultureInfo.InvariantCulture, $"rank {Number} within the position of |m| * |v|"),
    };

    /// <summary>Reads one of <see cref="Forms"/>; false where the text is none, or its number is out of bounds.</summary>
    /// <param name="text">The text.</param>
    /// <param name="threshold">The threshold.</param>
    public static bool TryParse([NotNullWhen(true)] string? text, out ClaimThreshold threshold)
    {
        threshold = default;
        Match match = Notations().Match(text ?? string.Empty);
        if (!match.Success)
        {
            return false;
        }

        (ThresholdKind kind, double least, double most) = match switch
        {
            _ when match.Groups["quantile"].Success => (ThresholdKind.Quantile, 0.0, 1.0),
            _ when match.Groups["fraction"].Success => (ThresholdKind.Fraction, 0.0, 1.0),
            _ when match.Groups["mean"].Success => (ThresholdKind.Deviations, 0.0, MostDeviations),
            _ when match.Groups["weighted"].Success => (ThresholdKind.WeightedRank, 1.0, MostRank),
            _ when match.Groups["rank"].Success => (ThresholdKind.Rank, 1.0, MostRank),
            _ => (ThresholdKind.Zero, 0.0, 0.0),
        };
        double number = match.Groups["number"].Success && double.TryParse(match.Groups["number"].ValueSpan, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double read) ? read : 0;
        threshold = new ClaimThreshold(kind, number);
        return number >= least && number <= most && (!threshold.IsRank || number == Math.Floor(number)) && !(kind == ThresholdKind.Quantile && number is 0 or 1);
    }

    [GeneratedRegex(@"^(?:zero|(?<quantile>quantile) (?<number>[0-9]+(?:\.[0-9]+)?)|(?<fraction>fraction) (?<number>[0-9]+(?:\.[0-9]+)?)(?: of max)?|(?<mean>mean) ?\+ ?(?<number>[0-9]+(?:\.[0-9]+)?) sd|(?<rank>rank) (?<number>[0-9]{1,6})(?: within the position(?: of \|m\|(?<weighted> ?\* ?\|v\|)?)?)?)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Notations();
}
