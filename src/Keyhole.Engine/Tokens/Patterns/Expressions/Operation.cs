namespace Keyhole.Engine.Tokens.Patterns.Expressions;

/// <summary>Operations of a compiled expression.</summary>
internal enum Operation
{
    /// <summary>The whole expression has matched.</summary>
    Match,

    /// <summary>One character of the set.</summary>
    Character,

    /// <summary>First to Second characters of the set (Second -1: any number), as many as possible, fewer if needed.</summary>
    Run,

    /// <summary>The same, never fewer.</summary>
    PossessiveRun,

    /// <summary>Go on at First; if that fails, at Second.</summary>
    Try,

    /// <summary>Go on at First.</summary>
    Jump,

    /// <summary>Remember the place in slot First.</summary>
    Mark,

    /// <summary>Leave a loop (go to Second) whose body has matched the empty text since slot First was set.</summary>
    LeaveIfEmpty,

    /// <summary>A place (First is the anchor).</summary>
    Anchor,

    /// <summary>Inner must match from here; First 1: must not.</summary>
    LookAhead,

    /// <summary>Inner must match up to here; First 1: must not.</summary>
    LookBehind,

    /// <summary>Inner's first match.</summary>
    Atomic,
}
