using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Keyhole.Engine;

namespace Keyhole.Annotations;

/// <summary>What names, texts and patterns may be.</summary>
public static class AnnotationRules
{
    /// <summary>Most characters (UTF-16 units) of an annotator's name.</summary>
    public const int MostName = 64;

    /// <summary>Most characters of a pattern's or label's text.</summary>
    public const int MostText = 500;

    /// <summary>Most characters of a note.</summary>
    public const int MostNote = 4000;

    /// <summary>Most patterns of a sheet.</summary>
    public const int MostPatterns = 50;

    /// <summary>Most characters of a key.</summary>
    public const int MostKey = 64;

    /// <summary>Most free labels of a memory.</summary>
    public const int MostLabels = 100;

    /// <summary>Most annotators of a study.</summary>
    public const int MostAnnotators = 1000;

    /// <summary>An annotator's name without the spaces around it.</summary>
    /// <param name="name">The name as it was typed.</param>
    /// <exception cref="InputRefusedException">KH5403: it is empty, too long, or has characters that cannot be seen.</exception>
    public static string Name(string? name)
    {
        string trimmed = name?.Trim() ?? string.Empty;
        Require(trimmed.Length > 0, "the annotator has no name.");
        Require(trimmed.Length <= MostName, $"the annotator's name has {trimmed.Length} characters where at most {MostName} are expected.");
        Require(IsText(trimmed) && !trimmed.Any(char.IsControl), "the annotator's name has characters that cannot be seen or read; use letters, digits and spaces.");
        return trimmed;
    }

    /// <summary>A pattern's or label's text without the spaces around it.</summary>
    /// <param name="text">The text as it was typed.</param>
    /// <exception cref="InputRefusedException">KH5403: it is empty or too long.</exception>
    public static string Text(string? text)
    {
        string trimmed = text?.Trim() ?? string.Empty;
        Require(trimmed.Length > 0, "a pattern has no description: say in a few words what the prefixes share.");
        Require(trimmed.Length <= MostText && IsText(trimmed), $"a description has {trimmed.Length} characters where at most {MostText} of readable text are expected.");
        return trimmed;
    }

    internal static void RequireKey(string? key)
        => Require(key is { Length: > 0 and <= MostKey } && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'), $"the key of a save must be 1 to {MostKey} letters, digits, - or _.");

    /// <summary>Checks a save against the number of prefixes of its sheet, and gives it with its texts trimmed.</summary>
    /// <exception cref="InputRefusedException">KH5403.</exception>
    internal static AnnotationSave Checked(AnnotationSave save, int prefixes)
    {
        RequireKey(save.Key);
        Require(save.Revision is > 0 and < int.MaxValue, "the revision of a save must be a number from 1.");
        Require(save.Note is not null && save.Note.Length <= MostNote && IsText(save.Note), $"the note has more than {MostNote} characters of readable text.");
        Require(!save.Patterns.IsDefault && save.Patterns.Length <= MostPatterns, $"there are more than {MostPatterns} patterns on a sheet.");
        return save with { Annotator = Name(save.Annotator), Patterns = [.. save.Patterns.Select(pattern => Checked(pattern, prefixes, save.Done))] };
    }

    // While somebody is at work a pattern may be without words; a sheet that is done has none such.
    private static AnnotationPattern Checked(AnnotationPattern pattern, int prefixes, bool done)
    {
        Require(pattern is not null && !pattern.Prefixes.IsDefault && Enum.IsDefined(pattern.Kind), "a pattern is incomplete: text, kind and prefixes are expected.");
        Require(pattern.Prefixes.All(place => (uint)place < (uint)prefixes), $"a pattern covers a prefix that the sheet does not have: places 0 to {prefixes - 1} are expected.");
        ImmutableArray<int> places = [.. pattern.Prefixes.Distinct().Order()];
        Require(places.Length == pattern.Prefixes.Length, "a pattern covers a prefix twice.");
        return pattern with { Text = done || pattern.Text?.Trim() is not "" ? Text(pattern.Text) : string.Empty, Prefixes = places };
    }

    // A lone half of a surrogate pair is no text: it would not come back from the file as it went in. A null ends a text for many readers.
    private static bool IsText(string text) => !text.Contains('\0') && !HasLoneSurrogate(text);

    private static bool HasLoneSurrogate(string text)
    {
        ReadOnlySpan<char> rest = text;
        while (!rest.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out int read) != System.Buffers.OperationStatus.Done)
            {
                return true;
            }

            rest = rest[read..];
        }

        return false;
    }

    private static void Require([DoesNotReturnIf(false)] bool holds, string sentence)
    {
        if (!holds)
        {
            throw new InputRefusedException("KH5403", $"annotation: {sentence}");
        }
    }
}
