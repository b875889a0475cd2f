using System.Collections.Immutable;
using System.Numerics;

namespace Keyhole.Patterns;

/// <summary>Something that at least three prefixes of a list share, before it is held against decoys.</summary>
/// <param name="Class">Its class.</param>
/// <param name="Key">What it is; 0 for a lexicon.</param>
/// <param name="Words">The keys of a lexicon's words; empty for other classes.</param>
/// <param name="Covered">The prefixes that have it: bit i for prefix i.</param>
/// <param name="Evidence">Those that count as evidence: copies of a text count once.</param>
/// <param name="Lift">Its share of the list over its share of the corpus's prefixes.</param>
/// <param name="Score">-log10 of the chance of so many; of a lexicon the sum described in docs/patterns.md.</param>
internal readonly record struct PatternCandidate(PatternClass Class, ulong Key, ImmutableArray<ulong> Words, ulong Covered, int Evidence, double Lift, double Score)
{
    /// <summary>Prefixes that have it.</summary>
    public int Coverage => BitOperations.PopCount(Covered);
}
