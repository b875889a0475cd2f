namespace Keyhole.Composition;

/// <summary>A prefix that is to be read: the tokens of a text up to one position.</summary>
public sealed record Prefix
{
    /// <summary>Number of its text, from 0.</summary>
    public required int Unit { get; init; }

    /// <summary>Tokens up to and including the last position, BOS included where there is one; shape [position + 1].</summary>
    public required int[] Ids { get; init; }

    /// <summary>Whether token 0 is BOS.</summary>
    public required bool StartsWithBos { get; init; }

    /// <summary>The token that follows; -1 where the text ends.</summary>
    public required int Target { get; init; }

    /// <summary>The prefix as text.</summary>
    public required string Text { get; init; }

    /// <summary>Last position, BOS being 0 where there is one.</summary>
    public int Position => Ids.Length - 1;

    /// <summary>Tokens, BOS not counted.</summary>
    public int Tokens => Ids.Length - (StartsWithBos ? 1 : 0);
}
