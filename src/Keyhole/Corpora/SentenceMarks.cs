using System.Buffers;

namespace Keyhole.Corpora;

/// <summary>The characters that sentence boundaries turn on.</summary>
internal static class SentenceMarks
{
    private static readonly SearchValues<char> AsciiTerminators = SearchValues.Create(".!?");
    private static readonly SearchValues<char> Terminators = SearchValues.Create(".!?…‼⁇⁈⁉‽؟۔。．！？｡।॥።։");

    private static readonly SearchValues<char> AsciiPaired = SearchValues.Create("\"'()[]{}");
    private static readonly SearchValues<char> Paired = SearchValues.Create("\"'()[]{}“”„‘’«»「」『』（）《》");

    /// <summary>The vowels of English; a short word without one is an abbreviation.</summary>
    public static readonly SearchValues<char> Vowels = SearchValues.Create("aeiouyAEIOUY");

    /// <summary>Verbs of speech in Chinese, as in "…！”他说。"</summary>
    public static readonly SearchValues<char> ChineseSpeech = SearchValues.Create("说說道问問喊叫答");

    /// <summary>Whatever can end a sentence; the smaller set is searched several times as fast.</summary>
    public static SearchValues<char> TerminatorsIn(bool ascii) => ascii ? AsciiTerminators : Terminators;

    /// <summary>Whatever can open or close a pair.</summary>
    public static SearchValues<char> PairedIn(bool ascii) => ascii ? AsciiPaired : Paired;

    public static bool IsTerminator(char c) => Terminators.Contains(c);

    /// <summary>Ends a sentence with no space after it.</summary>
    public static bool EndsWithoutSpace(char c) => c is '。' or '！' or '？' or '｡' or '．' or '।' or '॥';

    /// <summary>Asks or exclaims.</summary>
    public static bool IsEmphatic(char c) => c is '!' or '?' or '‼' or '⁇' or '⁈' or '⁉' or '‽' or '؟' or '！' or '？';

    /// <summary>Closes whatever stands before it; straight quotes are told by their pairs.</summary>
    public static bool IsCloser(char c) => c is ')' or ']' or '}' or '”' or '’' or '»' or '›' or '」' or '』' or '）' or '》' or '】' or '〉' or '〕' or '］';

    /// <summary>A quotation mark that closes.</summary>
    public static bool IsClosingQuote(char c) => c is '"' or '\'' or '“' or '”' or '’' or '»' or '›' or '」' or '』';

    /// <summary>May stand before the first word of a sentence.</summary>
    public static bool IsOpener(char c)
        => c is '"' or '\'' or '(' or '[' or '{' or '“' or '‘' or '„' or '«' or '»' or '‹' or '¿' or '¡' or '「' or '『' or '（' or '《' or '【' or '〈' or '_' or '*' or '`';

    public static bool IsDash(char c) => c is '-' or '–' or '—' or '―';

    /// <summary>Goes on with a sentence.</summary>
    public static bool GoesOn(char c) => c is ',' or ';' or ':' or '、' or '，' or '；' or '：' or '،' or '/' or '%' or '=' or '+' or '&' or '|';

    /// <summary>A letter of the scripts that put no space between words.</summary>
    public static bool IsUnspacedLetter(char c) => c is (>= '\u3040' and <= '\u30FF') or (>= '\u3400' and <= '\u4DBF') or (>= '\u4E00' and <= '\u9FFF') or (>= '\uF900' and <= '\uFAFF');
}
