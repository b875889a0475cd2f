namespace Keyhole.Engine.Tokens.Patterns;

/// <summary>How letters are compared.</summary>
internal enum CaseRule
{
    /// <summary>As they are.</summary>
    Exact,

    /// <summary>Without case in ASCII.</summary>
    IgnoreAscii,

    /// <summary>Without case as Unicode folds it: the long s is an s.</summary>
    Ignore,
}
