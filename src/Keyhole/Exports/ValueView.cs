using System.Collections.Immutable;
using System.Globalization;
using Keyhole.Memories;
using Keyhole.Studies;
using Keyhole.Values;

namespace Keyhole.Exports;

/// <summary>The value of a memory as a terminal shows it.</summary>
/// <param name="Readout">How it was read.</param>
/// <param name="MaxProbability">Largest probability, four significant digits.</param>
/// <param name="Norm">Length of v, four significant digits.</param>
/// <param name="Promotes">The tokens of the largest logits, largest first.</param>
/// <param name="Demotes">The tokens of the smallest logits, smallest first.</param>
public sealed record ValueView(string Readout, string MaxProbability, string Norm, IReadOnlyList<string> Promotes, IReadOnlyList<string> Demotes)
{
    private const int Shown = 10;

    /// <summary>Prepares a value for showing.</summary>
    /// <param name="study">Names the tokens.</param>
    /// <param name="value">The value.</param>
    public static ValueView Create(Study study, ValueRecord value)
    {
        ArgumentNullException.ThrowIfNull(study);
        ArgumentNullException.ThrowIfNull(value);
        return new ValueView(ValueJson.ReadoutOf(study), Digits(value.MaxProbability), Digits(value.Norm), Tokens(study, value.Top), Tokens(study, value.Bottom));
    }

    /// <summary>The value beside the triggers of a pole, in half a line; null where there is nothing to say.</summary>
    internal static string? Beside(Study study, ValueRecord value, Pole pole)
    {
        if (value.Of(pole) is not { Target: >= 0 } reading)
        {
            return null;
        }

        string end = pole == Pole.Positive ? "rank" : "rank from the bottom";
        string agrees = reading.Agrees == true ? "agrees" : "does not agree";
        string current = reading.AgreesWithCurrent == true ? ", agrees with the current token" : string.Empty;
        return $"the value {agrees}{current}: target {Token(study, reading.Target)} at {end} {Digits(reading.TargetRank)}, p {Digits(reading.TargetProbability)}; precision@50 {Digits(reading.Precision)}";
    }

    private static List<string> Tokens(Study study, ImmutableArray<TokenLogit> tokens)
        => [.. tokens.Take(Shown).Select(token => $"{Token(study, token.Token)} {Digits(token.Logit)}")];

    private static string Token(Study study, int token)
        => study.TokenPiece(token) is { Length: > 0 } piece ? $"'{VisibleText.Of(piece)}'" : string.Create(CultureInfo.InvariantCulture, $"id {token}");

    private static string Digits(double value) => double.IsNaN(value) ? "-" : value.ToString("G4", CultureInfo.InvariantCulture);
}
