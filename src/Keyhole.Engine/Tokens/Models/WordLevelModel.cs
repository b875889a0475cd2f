using Keyhole.Engine.Tokens.Text;

namespace Keyhole.Engine.Tokens.Models;

/// <summary>One token a word.</summary>
/// <param name="source">Name of the file, for errors.</param>
/// <param name="vocabulary">All words.</param>
/// <param name="unknown">The unknown token.</param>
internal sealed class WordLevelModel(string source, Vocabulary vocabulary, string unknown) : IModel
{
    public string Kind => "wordlevel";

    public Vocabulary Vocabulary => vocabulary;

    public int UnknownId { get; } = vocabulary.Find(unknown);

    public void Tokenize(ReadOnlySpan<byte> text, int start, int end, Workspace workspace, TokenList output)
    {
        int id = Vocabulary.Find(text[start..end]);
        id = id >= 0 ? id : UnknownId;
        if (id < 0)
        {
            throw TokenErrors.NoUnknown(source, CodePoints.String(text[start..end]));
        }

        output.Add(id, start, end);
    }
}
