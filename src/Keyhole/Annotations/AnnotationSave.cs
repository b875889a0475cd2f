using System.Collections.Immutable;

namespace Keyhole.Annotations;

/// <summary>What an annotator's page asks to keep of one sheet.</summary>
public sealed record AnnotationSave
{
    /// <summary>The annotator's name.</summary>
    public required string Annotator { get; init; }

    /// <summary>The sheet's id.</summary>
    public required string Sheet { get; init; }

    /// <summary>One more than the last revision that the page knows to be kept.</summary>
    public required int Revision { get; init; }

    /// <summary>The page's own name for this save; it repeats it when it does not know whether the save arrived.</summary>
    public required string Key { get; init; }

    /// <summary>The patterns.</summary>
    public ImmutableArray<AnnotationPattern> Patterns { get; init; } = [];

    /// <summary>A remark.</summary>
    public string Note { get; init; } = string.Empty;

    /// <summary>Whether the annotator is done with the sheet.</summary>
    public bool Done { get; init; }
}
