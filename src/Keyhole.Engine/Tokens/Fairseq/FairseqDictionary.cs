using Keyhole.Engine.Checkpoints;
using Keyhole.Engine.Tokens.Models;
using Keyhole.Engine.Tokens.PreTokenizers;
using Keyhole.Engine.Tokens.Processors;
using Keyhole.Engine.Tokens.Text;

namespace Keyhole.Engine.Tokens.Fairseq;

/// <summary>Reads <c>dict.txt</c>, fairseq's dictionary: a token a word of the text, with <c>&lt;/s&gt;</c> before the first.</summary>
/// <remarks>
/// As fairseq 0.9 reads it (data/dictionary.py, tokenizer.py, tasks/language_modeling.py): ids 0 to 3 are <c>&lt;s&gt;</c>, <c>&lt;pad&gt;</c>,
/// <c>&lt;/s&gt;</c> and <c>&lt;unk&gt;</c>, the lines follow from 4; a language model's source begins with <c>&lt;/s&gt;</c> and has nothing after it.
/// </remarks>
internal static class FairseqDictionary
{
    /// <summary>The file's name, by which it is found beside a checkpoint.</summary>
    public const string FileName = "dict.txt";

    private const long LargestFile = 256L << 20;
    private const int PadId = 1;
    private const int EndId = 2;
    private const string Unknown = "<unk>";
    private static readonly string[] s_special = ["<s>", "<pad>", "</s>", Unknown];

    /// <summary>Reads a dictionary.</summary>
    /// <exception cref="InputRefusedException">KH2002, KH2003: it cannot be read, or a line is no entry.</exception>
    public static Tokenizer Load(string path)
    {
        ReadOnlySpan<byte> text = TokenFiles.ReadAll(path, LargestFile);
        if (!System.Text.Unicode.Utf8.IsValid(text))
        {
            throw TokenErrors.Unreadable(path, "it is not UTF-8.");
        }
        if (text.IsEmpty)
        {
            throw TokenErrors.Unreadable(path, "it is empty.");
        }

        var vocabulary = new Vocabulary(s_special.Length + (text.Length / 12));
        foreach (string piece in s_special)
        {
            vocabulary.Add(CodePoints.Utf8(piece), vocabulary.Size);
        }

        var model = new WordLevelModel(path, vocabulary, Unknown);   // before the lines: one that overwrites <unk> does not change the id of unknown words
        AddLines(path, text, vocabulary);
        var special = new SpecialIds(EndId, EndId, model.UnknownId);
        return new PipelineTokenizer(new TokenizerParts(path, model, AddedVocabulary.SpecialOnly([0, PadId, EndId]))
        {
            Kind = "fairseq",
            PreTokenizer = new ClassSplitter(codePoint => IsSpace(codePoint) ? 0 : 1),
            PostSteps = [new WrapStep([EndId], [])],
            Special = special,
        });
    }

    // Lines end as in Python's text files: \n, \r\n or \r.
    private static void AddLines(string path, ReadOnlySpan<byte> text, Vocabulary vocabulary)
    {
        for (int number = 1; !text.IsEmpty; number++)
        {
            int end = text.IndexOfAny((byte)'\n', (byte)'\r');
            ReadOnlySpan<byte> line = end < 0 ? text : text[..end];
            int next = end < 0 ? text.Length : text[end..].StartsWith("\r\n"u8) ? end + 2 : end + 1;
            AddLine(path, number, line, vocabulary);
            text = text[next..];
        }
    }

    private static void AddLine(string path, int number, ReadOnlySpan<byte> line, Vocabulary vocabulary)
    {
        ReadOnlySpan<byte> rest = TrimEnd(line);
        bool overwrites = rest.EndsWith(" #fairseq:overwrite"u8);
        rest = overwrites ? rest[..rest.LastIndexOf((byte)' ')] : rest;
        int space = rest.LastIndexOf((byte)' ');
        if (space <= 0 || !IsWhole(rest[(space + 1)..]))
        {
            throw Line(path, number, Shown(line), "a word, a space and its count, with ' #fairseq:overwrite' after it where the word stands twice");
        }

        ReadOnlySpan<byte> word = rest[..space];
        if (!overwrites && vocabulary.Find(word) >= 0)
        {
            throw Line(path, number, $"the word {Shown(word)} again", "each word once, none of <s>, <pad>, </s> and <unk>, or ' #fairseq:overwrite' at the end of the line");
        }
        if (vocabulary.Size > Vocabulary.MaximumId)
        {
            throw Line(path, number, "one line too many", $"at most {Vocabulary.MaximumId + 1} ids");
        }

        vocabulary.Add(word, vocabulary.Size);
    }

    /// <summary>White space as Python has it: that of Unicode, and the four separators of ASCII.</summary>
    private static bool IsSpace(int codePoint) => codePoint is >= 0x1C and <= 0x1F || CodePoints.IsWhiteSpace(codePoint);

    private static ReadOnlySpan<byte> TrimEnd(ReadOnlySpan<byte> line)
    {
        while (!line.IsEmpty && IsSpace(CodePoints.ReadBefore(line, line.Length, out int length)))
        {
            line = line[..^length];
        }

        return line;
    }

    private static bool IsWhole(ReadOnlySpan<byte> number)
    {
        ReadOnlySpan<byte> digits = number.StartsWith("-"u8) ? number[1..] : number;
        return !digits.IsEmpty && !digits.ContainsAnyExceptInRange((byte)'0', (byte)'9');
    }

    private static InputRefusedException Line(string path, int number, string found, string expected)
        => TokenErrors.Field(path, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"line {number}"), found, expected);

    private static string Shown(ReadOnlySpan<byte> utf8) => Naming.Quote(CodePoints.String(utf8[..Math.Min(utf8.Length, 600)]));
}
