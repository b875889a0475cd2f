using System.Buffers;
using System.Text;

namespace Keyhole.Exports;

/// <summary>Makes what a terminal would act on visible: line breaks, escapes and marks that turn the reading direction.</summary>
public static class VisibleText
{
    private static readonly SearchValues<char> Acting = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Concat(Enumerable.Range(0x7F, 0x21)).Select(c => (char)c),
         '\u061C', '\u200E', '\u200F', '\u2028', '\u2029', '\u202A', '\u202B', '\u202C', '\u202D', '\u202E', '\u2066', '\u2067', '\u2068', '\u2069', '\uFEFF']);

    /// <summary>The text with a line feed as ↵, a tab as ⇥, other C0 controls as their control pictures and what else acts as U+FFFD.</summary>
    /// <param name="text">Any text.</param>
    public static string Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!text.AsSpan().ContainsAny(Acting))
        {
            return text;
        }

        StringBuilder visible = new(text.Length);
        foreach (char c in text)
        {
            visible.Append(c switch
            {
                '\n' => '↵',
                '\t' => '⇥',
                < ' ' => (char)('\u2400' + c),
                '\u007F' => '\u2421',
                _ when Acting.Contains(c) => '\uFFFD',
                _ => c,
            });
        }

        return visible.ToString();
    }
}
