using System.Numerics;
using Keyhole.Annotations;

namespace Keyhole.Patterns;

/// <summary>What is counted of a list, or of the lists of a memory's poles, at a level.</summary>
internal readonly record struct ListSums(int Prefixes, int Shallow, int Semantic, int Both, int Syntactic, int Apparent, int Patterns, int Lists, int WithPattern)
{
    /// <summary>Prefixes in any pattern.</summary>
    public int Covered => Shallow + Semantic + Both + Syntactic;

    /// <summary>The sums of a list.</summary>
    /// <param name="list">The list.</param>
    /// <param name="level">The largest p-value of what is found.</param>
    public static ListSums Of(ListOutcome list, double level)
    {
        (ulong shallow, ulong semantic, ulong syntactic) = (0, 0, 0);
        List<TestedPattern> found = PatternSelection.Of(list.Candidates.Where(pattern => pattern.P <= level));
        foreach (TestedPattern pattern in found)
        {
            switch (PatternClasses.KindOf(pattern.Candidate.Class))
            {
                case PatternKind.Shallow:
                    shallow |= pattern.Candidate.Covered;
                    break;
                case PatternKind.Semantic:
                    semantic |= pattern.Candidate.Covered;
                    break;
                default:
                    syntactic |= pattern.Candidate.Covered;
                    break;
            }
        }

        return new ListSums(list.Prefixes, Bits(shallow & ~semantic), Bits(semantic & ~shallow), Bits(shallow & semantic), Bits(syntactic & ~shallow & ~semantic),
            list.Apparent, found.Count, 1, found.Count > 0 ? 1 : 0);
    }

    /// <summary>Two together.</summary>
    public static ListSums operator +(ListSums x, ListSums y) => new(x.Prefixes + y.Prefixes, x.Shallow + y.Shallow, x.Semantic + y.Semantic, x.Both + y.Both, x.Syntactic + y.Syntactic,
        x.Apparent + y.Apparent, x.Patterns + y.Patterns, x.Lists + y.Lists, x.WithPattern + y.WithPattern);

    /// <summary>What a measure is a share of, and how much of it.</summary>
    public (int Part, int Whole) Of(PatternMeasure measure) => measure switch
    {
        PatternMeasure.Shallow => (Shallow, Prefixes),
        PatternMeasure.Semantic => (Semantic, Prefixes),
        PatternMeasure.Both => (Both, Prefixes),
        PatternMeasure.Syntactic => (Syntactic, Prefixes),
        PatternMeasure.Covered or PatternMeasure.CoveredAbove => (Covered, Prefixes),
        PatternMeasure.AnyShallow or PatternMeasure.ShallowAbove => (Shallow + Both, Prefixes),
        PatternMeasure.AnySemantic or PatternMeasure.SemanticAbove => (Semantic + Both, Prefixes),
        PatternMeasure.Apparent => (Apparent, Prefixes),
        PatternMeasure.PerList => (Patterns, Lists),
        _ => (WithPattern, Lists),
    };

    private static int Bits(ulong mask) => BitOperations.PopCount(mask);
}
