using System.Collections.Frozen;
using Keyhole.Engine;
using Keyhole.Studies;
using Keyhole.Studies.Analysis;

namespace Keyhole.Composition;

/// <summary>Which tokens are stop words: those whose decoded text, trimmed and in lower case, stands in a list of words. A token that is empty or punctuation is none.</summary>
/// <remarks>Not safe for several threads at once.</remarks>
public sealed class StopWords
{
    /// <summary>Option of the section of prefixes: <c>english</c>, or the user's words, one a line.</summary>
    public const string Option = "stop-words";

    private const string EnglishName = "english";
    private const string Resource = "stopwords.en.txt";

    private readonly FrozenSet<string> _words;
    private readonly Func<int, string?> _piece;
    private readonly Dictionary<int, bool> _known = [];

    /// <summary>Takes any words.</summary>
    /// <param name="words">Words; case and white space around them do not count.</param>
    /// <param name="piece">Decoded text of a token id, null where unknown; <see cref="Studies.Study.TokenPiece"/>.</param>
    public StopWords(IEnumerable<string> words, Func<int, string?> piece)
    {
        ArgumentNullException.ThrowIfNull(words);
        ArgumentNullException.ThrowIfNull(piece);
        _words = words.Select(Plain).Where(word => word.Length > 0).ToFrozenSet(StringComparer.Ordinal);
        _piece = piece;
    }

    /// <summary>Number of words.</summary>
    public int Count => _words.Count;

    /// <summary>The bundled list: NLTK's English one.</summary>
    /// <param name="piece">Decoded text of a token id, null where unknown.</param>
    public static StopWords English(Func<int, string?> piece)
    {
        using Stream stream = typeof(StopWords).Assembly.GetManifestResourceStream(Resource)!;
        using var reader = new StreamReader(stream);
        return new StopWords(reader.ReadToEnd().Split('\n'), piece);
    }

    /// <summary>A list from a file: one word a line, UTF-8.</summary>
    /// <param name="path">The file.</param>
    /// <param name="piece">Decoded text of a token id, null where unknown.</param>
    /// <exception cref="InputRefusedException">KH5306: the file is missing, cannot be read or holds no word.</exception>
    public static StopWords Read(string path, Func<int, string?> piece)
    {
        if (!File.Exists(path))
        {
            throw new InputRefusedException("KH5306", $"{path}: no such file. --stop-words takes a file of one word a line.");
        }

        StopWords words;
        try
        {
            words = new StopWords(File.ReadAllLines(path), piece);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new InputRefusedException("KH5306", $"{path}: cannot be read ({cause.Message.TrimEnd('.')}).", cause);
        }

        return words.Count > 0 ? words : throw new InputRefusedException("KH5306", $"{path}: holds no word; write one a line.");
    }

    /// <summary>The words that a study's prefixes were analysed with.</summary>
    /// <param name="study">The study.</param>
    /// <exception cref="InputRefusedException">KH5105: damaged.</exception>
    public static StopWords Of(Study study)
    {
        ArgumentNullException.ThrowIfNull(study);
        string words = AnalysisSections.Read(study, AnalysisSections.Prefixes)?.GetValueOrDefault(Option) ?? EnglishName;
        return words == EnglishName ? English(study.TokenPiece) : new StopWords(words.Split('\n'), study.TokenPiece);
    }

    /// <summary>The words as an option of the section of prefixes, so that whoever reads the study later counts by the same.</summary>
    /// <param name="path">The user's file, or null.</param>
    internal static string Describe(string? path) => path is null ? EnglishName : string.Join('\n', Read(path, _ => null)._words.Order(StringComparer.Ordinal));

    /// <summary>Whether a token is a stop word.</summary>
    /// <param name="token">Its id.</param>
    public bool Contains(int token)
    {
        if (!_known.TryGetValue(token, out bool found))
        {
            found = _known[token] = _words.Contains(Plain(_piece(token) ?? string.Empty));
        }

        return found;
    }

    /// <summary>Whether a word in small letters is a stop word.</summary>
    internal bool ContainsWord(string word) => _words.Contains(word);

    private static string Plain(string text) => text.Trim().ToLowerInvariant();
}
