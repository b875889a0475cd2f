using System.Collections.Immutable;
using Keyhole.Statistics;

namespace Keyhole.Patterns;

/// <summary>Measures of a layer's lists, or of lists that they are held against.</summary>
public sealed record LayerPatterns
{
    /// <summary>The memories of the study.</summary>
    public const string Real = "real";

    /// <summary>Decoys of random prefixes.</summary>
    public const string Random = "random";

    /// <summary>Decoys of shuffled triggers.</summary>
    public const string Shuffled = "shuffled";

    /// <summary>The layer, from 0.</summary>
    public required int Layer { get; init; }

    /// <summary><c>real</c>, <c>random</c>, <c>shuffled</c>, or the name of a study of a null, such as <c>directions</c>.</summary>
    public required string Source { get; init; }

    /// <summary>Lists.</summary>
    public required long Lists { get; init; }

    /// <summary>Prefixes of all of them.</summary>
    public required long Prefixes { get; init; }

    /// <summary>The measures; intervals by bootstrap over memories, each decoy being one.</summary>
    public required ImmutableSortedDictionary<PatternMeasure, Estimate> Measures { get; init; }

    /// <summary>A measure; none where it was not taken.</summary>
    /// <param name="measure">Which.</param>
    public Estimate Of(PatternMeasure measure) => Measures.GetValueOrDefault(measure, Estimate.None);
}
