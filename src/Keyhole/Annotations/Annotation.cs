using System.Collections.Immutable;

namespace Keyhole.Annotations;

/// <summary>What one annotator wrote about one sheet.</summary>
public sealed class Annotation
{
    /// <summary>The annotator's name.</summary>
    public required string Annotator { get; init; }

    /// <summary>The sheet's id.</summary>
    public required string Sheet { get; init; }

    /// <summary>Number of the last save, from 1, as the annotator's page counted.</summary>
    public required int Revision { get; init; }

    /// <summary>The page's own name for that save; a repeat of it has the same.</summary>
    public required string Key { get; init; }

    /// <summary>The patterns in the annotator's order.</summary>
    public required ImmutableArray<AnnotationPattern> Patterns { get; init; }

    /// <summary>A remark; empty without one.</summary>
    public required string Note { get; init; }

    /// <summary>Whether the annotator is done with the sheet: only then does it count in measures.</summary>
    public required bool Done { get; init; }

    /// <summary>When it was first saved, UTC.</summary>
    public required DateTime Begun { get; init; }

    /// <summary>When it was last saved, UTC.</summary>
    public required DateTime Saved { get; init; }

    /// <summary>Whether it says the same as another, times aside.</summary>
    internal bool SaysTheSame(Annotation other) => Annotator == other.Annotator && Sheet == other.Sheet && Note == other.Note && Done == other.Done && Patterns.SequenceEqual(other.Patterns);
}
