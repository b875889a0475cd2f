namespace Keyhole.Analyses;

/// <summary>Parts of an analysis, each of which can be made alone.</summary>
public enum AnalysisSection
{
    /// <summary>Values and agreement (method, section 3).</summary>
    Values,

    /// <summary>The model's own predictions at top triggers, added to values (section 2).</summary>
    Predictions,

    /// <summary>Random prefixes: composition and refinement (section 4).</summary>
    Composition,

    /// <summary>Prompts with known answers (section 4, refinement).</summary>
    Prompts,

    /// <summary>Mutated trigger prefixes (section 5).</summary>
    Mutations,

    /// <summary>How far back memories read (section 5).</summary>
    Reach,

    /// <summary>What memories read beside what they write: cosines of their weights.</summary>
    ReadWrite,

    /// <summary>The index of words in triggers, for <c>keyhole search</c>.</summary>
    Index,

    /// <summary>Random prefixes with the numbers of the paper's released code (section 8). Made only where it is asked for; read raw.</summary>
    Compat,
}
