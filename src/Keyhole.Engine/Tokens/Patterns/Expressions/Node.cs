namespace Keyhole.Engine.Tokens.Patterns.Expressions;

/// <summary>A node of a parsed regular expression.</summary>
internal abstract record Node
{
    /// <summary>Nothing: matches the empty text.</summary>
    internal sealed record Empty : Node;

    /// <summary>One character of a set.</summary>
    internal sealed record Set(CharacterSet Characters) : Node;

    /// <summary>One after the other.</summary>
    internal sealed record Sequence(IReadOnlyList<Node> Items) : Node;

    /// <summary>The first that leads to a match.</summary>
    internal sealed record Choice(IReadOnlyList<Node> Items) : Node;

    /// <summary>From <paramref name="Least"/> to <paramref name="Most"/> times (-1: any number).</summary>
    internal sealed record Repeat(Node Item, int Least, int Most, Greed Greed) : Node;

    /// <summary>A place, not a character.</summary>
    internal sealed record Anchor(AnchorKind Kind) : Node;

    /// <summary>Whether the item matches from here (or up to here), without moving.</summary>
    internal sealed record Look(Node Item, bool Behind, bool Negated) : Node;

    /// <summary>The item's first match and no other.</summary>
    internal sealed record Atomic(Node Item) : Node;
}
