namespace Keyhole.Patterns;

/// <summary>What is measured of a layer's lists. Shares are of prefixes unless it says otherwise.</summary>
public enum PatternMeasure
{
    /// <summary>In shallow patterns and no semantic one (figure 2).</summary>
    Shallow,

    /// <summary>In semantic patterns and no shallow one (figure 2).</summary>
    Semantic,

    /// <summary>In both (figure 2).</summary>
    Both,

    /// <summary>In syntactic patterns alone.</summary>
    Syntactic,

    /// <summary>In any pattern.</summary>
    Covered,

    /// <summary>In a shallow pattern, whatever else.</summary>
    AnyShallow,

    /// <summary>In a semantic pattern, whatever else.</summary>
    AnySemantic,

    /// <summary>That share something with two others three times as often as the corpus has it, whatever that is worth.</summary>
    Apparent,

    /// <summary>Patterns of a list.</summary>
    PerList,

    /// <summary>Share of the lists that have a pattern.</summary>
    WithPattern,

    /// <summary>The memories' <see cref="Covered"/> less that of these lists.</summary>
    CoveredAbove,

    /// <summary>The memories' <see cref="AnyShallow"/> less that of these lists.</summary>
    ShallowAbove,

    /// <summary>The memories' <see cref="AnySemantic"/> less that of these lists.</summary>
    SemanticAbove,
}
