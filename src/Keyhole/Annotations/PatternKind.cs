namespace Keyhole.Annotations;

/// <summary>What an annotator takes a pattern for.</summary>
public enum PatternKind
{
    /// <summary>A recurring word or n-gram, as in the paper.</summary>
    Shallow,

    /// <summary>Grammar: a part of speech, an affix, a construction.</summary>
    Syntactic,

    /// <summary>A topic or meaning, as in the paper.</summary>
    Semantic,
}
