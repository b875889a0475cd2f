using System.Collections.Immutable;
using Keyhole.Annotations;

namespace Keyhole.Patterns;

/// <summary>Something that prefixes of a memory share, more than decoys do.</summary>
public sealed record Pattern
{
    /// <summary>Its class.</summary>
    public required PatternClass Class { get; init; }

    /// <summary>What it is, such as <c>ends in ' of the'</c>; of a lexicon its words.</summary>
    public required string Text { get; init; }

    /// <summary>The ranks of the triggers that have it, from 0, ascending.</summary>
    public required ImmutableArray<int> Ranks { get; init; }

    /// <summary>How many of them count as evidence: copies of one text count once.</summary>
    public required int Evidence { get; init; }

    /// <summary>Its share of the list over its share of the corpus's prefixes; of a lexicon over the sum of its words' shares.</summary>
    public required double Lift { get; init; }

    /// <summary>-log10 of the chance of so many in a list of the corpus's prefixes with these last tokens.</summary>
    public required double Score { get; init; }

    /// <summary>How often the best that a whole search finds in a decoy list stands out as much.</summary>
    public required double P { get; init; }

    /// <summary>The false-discovery rate over all lists of the study at which it counts as found.</summary>
    public required double Q { get; init; }

    /// <summary>Shallow, syntactic or semantic.</summary>
    public PatternKind Kind => PatternClasses.KindOf(Class);
}
