using Keyhole.Memories;

namespace Keyhole.Studies;

/// <summary>The text of triggers: prefixes and targets as slices of the unit's own text.</summary>
/// <remarks>Token spans count Unicode code points; strings count UTF-16 units. A text without surrogates needs no conversion.</remarks>
public static class TriggerText
{
    /// <summary>The unit's text from its start to the end of the token at a position.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="position">Last position of the prefix.</param>
    /// <remarks>A token without text of its own (BOS, or a special token in between) adds nothing to the prefix before it.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The unit has no such position.</exception>
    public static string Prefix(StudyUnit unit, int position)
    {
        ArgumentNullException.ThrowIfNull(unit);
        return unit.Text[..Utf16Index(unit.Text, EndOf(unit, position))];
    }

    /// <summary>
    /// The text after the prefix that the target token covers; where it covers none, the token's decoded piece; null for a trigger without a target.
    /// </summary>
    /// <param name="unit">The unit of the trigger.</param>
    /// <param name="trigger">The trigger.</param>
    /// <param name="piece">Decoded text of a single token id, null where unknown; <see cref="Study.TokenPiece"/>.</param>
    public static string? Target(StudyUnit unit, in Trigger trigger, Func<int, string?> piece)
    {
        ArgumentNullException.ThrowIfNull(unit);
        ArgumentNullException.ThrowIfNull(piece);
        if (!trigger.HasTarget)
        {
            return null;
        }

        string text = trigger.Position + 1 < unit.Spans.Length ? Token(unit, trigger.Position + 1) : string.Empty;
        return text.Length > 0 ? text : piece(trigger.Target) ?? string.Empty;
    }

    /// <summary>The text that the token at a position covers; empty where it covers none.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="position">The token.</param>
    /// <exception cref="ArgumentOutOfRangeException">The unit has no such position.</exception>
    public static string Token(StudyUnit unit, int position)
    {
        ArgumentNullException.ThrowIfNull(unit);
        CheckPosition(unit, position);
        TokenSpan span = unit.Spans[position];
        return span.IsEmpty ? string.Empty : unit.Text[Utf16Index(unit.Text, span.Start)..Utf16Index(unit.Text, span.End)];
    }

    /// <summary>The code point where the prefix that ends at a position ends.</summary>
    internal static int EndOf(StudyUnit unit, int position)
    {
        CheckPosition(unit, position);
        int end = 0;
        for (int i = 0; i <= position; i++)
        {
            end = Math.Max(end, unit.Spans[i].End);
        }

        return end;
    }

    /// <summary>The UTF-16 index of a code point; the text's length where it has fewer.</summary>
    internal static int Utf16Index(string text, int codePoint)
    {
        int firstSurrogate = text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF');
        if (firstSurrogate < 0 || firstSurrogate >= codePoint)
        {
            return Math.Min(codePoint, text.Length);
        }

        int index = firstSurrogate;
        for (int at = firstSurrogate; at < codePoint && index < text.Length; at++)
        {
            index += index + 1 < text.Length && char.IsSurrogatePair(text, index) ? 2 : 1;
        }

        return index;
    }

    private static void CheckPosition(StudyUnit unit, int position)
    {
        if ((uint)position >= (uint)unit.Spans.Length)
        {
            throw new ArgumentOutOfRangeException(nameof(position), position, $"Unit {unit.Index} has {unit.Spans.Length} tokens.");
        }
    }
}
