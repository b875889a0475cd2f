using Keyhole.Studies;

namespace Keyhole.Composition;

/// <summary>A text that prefixes are taken from.</summary>
/// <param name="Unit">The text with its tokens; its index is its number.</param>
/// <param name="StartsWithBos">Whether token 0 is BOS.</param>
internal readonly record struct PrefixText(StudyUnit Unit, bool StartsWithBos)
{
    /// <summary>The prefix that ends at a position of the text.</summary>
    public Prefix Until(int position) => new()
    {
        Unit = Unit.Index,
        Ids = [.. Unit.Tokens.AsSpan(0, position + 1)],
        StartsWithBos = StartsWithBos,
        Target = position + 1 < Unit.Tokens.Length ? Unit.Tokens[position + 1] : -1,
        Text = TriggerText.Prefix(Unit, position),
    };
}
