using Keyhole.Studies;

namespace Keyhole.Annotations;

/// <summary>A prefix as an annotator sees it: its text up to and including its last token, which is marked. It tells nothing of where it stands.</summary>
/// <param name="Before">The text before the last token.</param>
/// <param name="Last">The last token's text.</param>
/// <param name="IsCut">Whether text was left out on the left.</param>
public readonly record struct SheetText(string Before, string Last, bool IsCut)
{
    /// <summary>The text of a prefix.</summary>
    /// <param name="study">The study.</param>
    /// <param name="prefix">The prefix.</param>
    /// <param name="context">Most tokens that are shown, the last one included.</param>
    /// <exception cref="Engine.InputRefusedException">KH5105: the study does not have the prefix.</exception>
    public static SheetText Of(Study study, SheetPrefix prefix, int context)
    {
        ArgumentNullException.ThrowIfNull(study);
        ArgumentOutOfRangeException.ThrowIfLessThan(context, 1);
        StudyUnit? unit = study.UnitOrNull(prefix.Unit);
        if (unit is null || (uint)prefix.Position >= (uint)unit.Tokens.Length)
        {
            throw Study.Damaged(study.FilePath, new InvalidDataException($"a sheet names unit {prefix.Unit}, position {prefix.Position}, which the study does not have"));
        }

        int first = Math.Max(0, prefix.Position - context + 1);
        int from = first == 0 ? 0 : TriggerText.Utf16Index(unit.Text, TriggerText.EndOf(unit, first - 1));
        string text = TriggerText.Prefix(unit, prefix.Position);
        int last = prefix.Position == 0 ? 0 : TriggerText.Utf16Index(unit.Text, TriggerText.EndOf(unit, prefix.Position - 1));

        // A token that adds no text (the later bytes of a character) is shown by what it covers or decodes to.
        string own = text[last..];
        if (own.Length == 0)
        {
            own = TriggerText.Token(unit, prefix.Position) is { Length: > 0 } covered ? covered : study.TokenPiece(unit.Tokens[prefix.Position]) ?? string.Empty;
        }

        return new SheetText(text[Math.Min(from, last)..last], own, from > 0);
    }
}
