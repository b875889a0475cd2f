using System.Globalization;

namespace Keyhole.Fuzz;

/// <summary>One damaged input and what became of it.</summary>
/// <param name="Case">Its number, or the name of one made by hand.</param>
/// <param name="Seed">What was damaged.</param>
/// <param name="File">The damaged file.</param>
/// <param name="Outcome">What happened.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="AllocatedBytes">Managed bytes that the reading thread allocated.</param>
/// <param name="Detail">The sentence of the refusal, or the exception; empty where it was opened.</param>
internal sealed record CaseResult(string Case, string Seed, string File, Outcome Outcome, double Seconds, long AllocatedBytes, string Detail)
{
    /// <summary>Whether this must not be.</summary>
    public bool IsFault => Outcome > Outcome.Opened;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Outcome}: case {Case}, {Seed}, {File}: {Seconds:F2} s, {AllocatedBytes / 1e6:F1} MB{(Detail.Length == 0 ? "" : $"\n    {Detail}")}");
}
