using System.Collections.Immutable;

namespace Keyhole.Annotations;

/// <summary>A pattern that an annotator found on a sheet.</summary>
/// <param name="Text">What it is, in the annotator's words.</param>
/// <param name="Kind">What the annotator takes it for.</param>
/// <param name="Prefixes">The prefixes that show it: places on the sheet from 0, ascending.</param>
public sealed record AnnotationPattern(string Text, PatternKind Kind, ImmutableArray<int> Prefixes)
{
    /// <summary>Prefixes that a pattern needs to count, as in the paper.</summary>
    public const int Least = 3;

    /// <summary>Whether it has enough prefixes to count.</summary>
    public bool Counts => Prefixes.Length >= Least;

    /// <summary>Whether two patterns are the same.</summary>
    /// <param name="other">Another pattern.</param>
    public bool Equals(AnnotationPattern? other)
        => other is not null && Text == other.Text && Kind == other.Kind && Prefixes.AsSpan().SequenceEqual(other.Prefixes.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Text, Kind, Prefixes.Length);
}
