namespace Keyhole.Engine.Tokens.Patterns.Expressions;

/// <summary>How a repetition chooses its number.</summary>
internal enum Greed
{
    /// <summary>As many as possible, fewer if needed.</summary>
    Greedy,

    /// <summary>As few as possible, more if needed.</summary>
    Lazy,

    /// <summary>As many as possible, never fewer.</summary>
    Possessive,
}
