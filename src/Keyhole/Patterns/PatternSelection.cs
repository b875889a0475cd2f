using System.Collections.Immutable;
using System.Numerics;
using Keyhole.Annotations;

namespace Keyhole.Patterns;

/// <summary>Chooses what is said of a list: each set of prefixes is described once in each kind, by what says most about it.</summary>
internal static class PatternSelection
{
    private const double Same = 0.8;

    // What says more comes first: the longer before the shorter.
    private static readonly ImmutableArray<PatternClass> Order =
    [
        PatternClass.LastBigram, PatternClass.NGram, PatternClass.LastToken, PatternClass.TokenAtDistance, PatternClass.Word,
        PatternClass.LastAffix, PatternClass.LastForm, PatternClass.FunctionWord, PatternClass.FormAnywhere, PatternClass.UnitKind, PatternClass.Position, PatternClass.Lexicon,
    ];

    /// <summary>Of the patterns of a list those that stay, the smallest p-value and then the largest score first.</summary>
    /// <remarks>A pattern goes where one that says more, of the same kind, has nearly the same prefixes: at least four fifths of those that either has.</remarks>
    public static List<TestedPattern> Of(IEnumerable<TestedPattern> found)
    {
        List<TestedPattern> chosen = [];
        foreach (TestedPattern pattern in found.OrderBy(pattern => Order.IndexOf(pattern.Candidate.Class)).ThenByDescending(pattern => pattern.Text.Length).ThenByDescending(pattern => pattern.Candidate.Score)
            .ThenBy(pattern => pattern.Candidate.Key))
        {
            PatternKind kind = PatternClasses.KindOf(pattern.Candidate.Class);
            if (!chosen.Any(other => PatternClasses.KindOf(other.Candidate.Class) == kind && Overlap(other.Candidate.Covered, pattern.Candidate.Covered) >= Same))
            {
                chosen.Add(pattern);
            }
        }

        return [.. chosen.OrderBy(pattern => pattern.P).ThenByDescending(pattern => pattern.Candidate.Score).ThenBy(pattern => pattern.Candidate.Key)];
    }

    private static double Overlap(ulong one, ulong other) => (double)BitOperations.PopCount(one & other) / BitOperations.PopCount(one | other);
}
