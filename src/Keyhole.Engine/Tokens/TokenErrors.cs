namespace Keyhole.Engine.Tokens;

/// <summary>The errors of this area; docs/errors/tokenizers.md lists them.</summary>
internal static class TokenErrors
{
    private const int LongestShown = 500;

    public static InputRefusedException NotFound(string path) =>
        new("KH2001", $"{path}: no tokenizer here. Expected tokenizer.json, vocab.json with merges.txt, tokenizer.model, fairseq's dict.txt or a .gguf file.");

    public static InputRefusedException Unreadable(string path, string reason, Exception? inner = null) =>
        new("KH2002", $"{path}: cannot be read as a tokenizer: {reason} Fetch the file again.", inner);

    public static InputRefusedException Field(string path, string field, string found, string expected) =>
        new("KH2003", $"{path}: {Shown(field)} is {Shown(found)}; expected {expected}.");

    public static InputRefusedException UnknownPart(string path, string field, string found, string known) =>
        new("KH2004", $"{path}: {field} has the type '{Shown(found)}', which is not known here. Known: {known}.");

    public static InputRefusedException Pattern(string path, string pattern, string reason) =>
        new("KH2005", $"{path}: the regular expression '{Shown(pattern)}' cannot be used: {reason}");

    public static InputRefusedException UnknownId(string source, int id, int size) =>
        new("KH2006", $"{source}: token id {id} is not in the vocabulary; expected an id from 0 to {size - 1} that has a piece.");

    public static InputRefusedException PatternSteps(string pattern) =>
        new("KH2007", $"The regular expression '{Shown(pattern)}' needs too many steps on this text. Split the text, or use a tokenizer with a simpler expression.");

    public static InputRefusedException NoUnknown(string source, string text) =>
        new("KH2008", $"{source}: '{Shown(text)}' cannot be spelled with this vocabulary, and it names no unknown token.");

    public static InputRefusedException TooLongNormalized(long length, int limit) =>
        new("KH2009", $"A text becomes {length} bytes long while it is normalised; expected at most {limit}. Split it, for example into lines.");

    public static InputRefusedException TooLong(int length, int limit) =>
        new("KH2009", $"A text of {length} UTF-16 units is too long for one encoding; expected at most {limit}. Split it, for example into lines.");

    // What a file holds may be as long as the file.
    private static string Shown(string text) => text.Length > LongestShown ? string.Concat(text.AsSpan(0, LongestShown), "...") : text;
}
