using Keyhole.Engine.Tokens.Text;

namespace Keyhole.Engine.Tokens.Models;

/// <summary>WordPiece: the longest piece from the left, again and again; a word that cannot be spelled is unknown as a whole.</summary>
internal sealed class WordPieceModel : IModel
{
    private readonly byte[] _prefix;
    private readonly int _longestWord;
    private readonly string _source;
    private readonly int _longestPiece;

    /// <param name="source">Name of the file, for errors.</param>
    /// <param name="vocabulary">All pieces.</param>
    /// <param name="unknown">The unknown token.</param>
    /// <param name="prefix">What a piece that does not begin a word begins with.</param>
    /// <param name="longestWord">A word of more characters is unknown.</param>
    public WordPieceModel(string source, Vocabulary vocabulary, string unknown, string prefix, int longestWord)
    {
        _source = source;
        Vocabulary = vocabulary;
        UnknownId = vocabulary.Find(unknown);
        _prefix = CodePoints.Utf8(prefix);
        _longestWord = longestWord;
        for (int id = 0; id < vocabulary.Size; id++)
        {
            _longestPiece = vocabulary.TryPiece(id, out ReadOnlySpan<byte> piece) ? Math.Max(_longestPiece, piece.Length) : _longestPiece;
        }
    }

    public string Kind => "wordpiece";

    public Vocabulary Vocabulary { get; }

    public int UnknownId { get; }

    public void Tokenize(ReadOnlySpan<byte> text, int start, int end, Workspace workspace, TokenList output)
    {
        ReadOnlySpan<byte> word = text[start..end];
        int first = output.Count;
        if (CodePoints.Count(word) > _longestWord || !TrySpell(word, start, workspace, output))
        {
            if (UnknownId < 0)
            {
                throw TokenErrors.NoUnknown(_source, CodePoints.String(word));
            }

            output.Truncate(first);
            output.Add(UnknownId, start, end);
        }
    }

    private bool TrySpell(ReadOnlySpan<byte> word, int start, Workspace workspace, TokenList output)
    {
        // The bytes before the place are free to hold the prefix, so a continuation is looked up without a copy of its own.
        byte[] buffer = workspace.Scratch(_prefix.Length + word.Length);
        word.CopyTo(buffer.AsSpan(_prefix.Length));
        for (int from = 0; from < word.Length;)
        {
            int before = from == 0 ? 0 : _prefix.Length;
            Span<byte> candidate = buffer.AsSpan(_prefix.Length + from - before, before + word.Length - from);
            _prefix.AsSpan(0, before).CopyTo(candidate);
            int length = Math.Min(candidate.Length, _longestPiece);
            while (length > before && ((length < candidate.Length && (candidate[length] & 0xC0) == 0x80) || Vocabulary.Find(candidate[..length]) < 0))
            {
                length--;
            }

            if (length <= before)
            {
                return false;
            }

            output.Add(Vocabulary.Find(candidate[..length]), start + from, start + from + length - before);
            from += length - before;
        }

        return true;
    }
}
