using System.Numerics;

namespace Keyhole.Patterns;

/// <summary>A list, of a memory or a decoy, with what its prefixes share.</summary>
internal sealed class ScoredList
{
    private const double ApparentLift = 3;

    /// <summary>Prefixes.</summary>
    public required int Prefixes { get; init; }

    /// <summary>Prefixes that are no copies of others.</summary>
    public required int Evidence { get; init; }

    /// <summary>What at least three prefixes share.</summary>
    public required List<PatternCandidate> Candidates { get; init; }

    /// <summary>Whether there is enough to find a pattern in.</summary>
    public bool IsTested => Evidence >= ListScorer.Least;

    /// <summary>Prefixes that share something with two others at least three times as often as prefixes of the corpus do, whatever that is worth: what a reader may take for a pattern.</summary>
    public int Apparent => BitOperations.PopCount(Candidates.Aggregate(0UL, (mask, candidate) => candidate.Lift >= ApparentLift ? mask | candidate.Covered : mask));

    /// <summary>The best score of each class, 0 where there is none.</summary>
    public double[] Best()
    {
        var best = new double[PatternClasses.Count];
        foreach (PatternCandidate candidate in Candidates)
        {
            best[(int)candidate.Class] = Math.Max(best[(int)candidate.Class], candidate.Score);
        }

        return best;
    }
}
