using Keyhole.Engine.Tokens.Models;
using Keyhole.Engine.Tokens.Text;

namespace Keyhole.Engine.Tokens.SentencePiece;

/// <summary>SentencePiece's word and character models: each word (or character, or user-defined piece) is looked up as a whole.</summary>
/// <param name="pieces">The vocabulary.</param>
/// <param name="unknownId">Id of the unknown token.</param>
/// <param name="userDefined">Pieces that the character model does not take apart.</param>
/// <param name="byCharacter">Whether it is the character model.</param>
internal sealed class WordModel(ScoredPieces pieces, int unknownId, ByteTrie userDefined, bool byCharacter) : IModel
{
    public string Kind => byCharacter ? "sentencepiece-char" : "sentencepiece-word";

    public Vocabulary Vocabulary => pieces.Vocabulary;

    public int UnknownId => unknownId;

    public void Tokenize(ReadOnlySpan<byte> text, int start, int end, Workspace workspace, TokenList output)
    {
        int unknownStart = -1;
        for (int i = start; i < end;)
        {
            int length = byCharacter ? CharacterLength(text[i..end]) : WordLength(text[i..end]);
            int id = Vocabulary.Find(text.Slice(i, length));
            bool unknown = id < 0 || id == unknownId;
            if (unknownStart >= 0 && !unknown)
            {
                output.Add(unknownId, unknownStart, i);
                unknownStart = -1;
            }

            if (!unknown)
            {
                output.Add(id, i, i + length);
            }
            else if (unknownStart < 0)
            {
                unknownStart = i;
            }

            i += length;
        }

        if (unknownStart >= 0)
        {
            output.Add(unknownId, unknownStart, end);
        }
    }

    private int CharacterLength(ReadOnlySpan<byte> text)
    {
        int matched = PrefixMatch.Longest(userDefined, text);
        return matched > 0 ? matched : CodePoints.LengthOf(text[0]);
    }

    private static int WordLength(ReadOnlySpan<byte> text)
    {
        int first = CodePoints.LengthOf(text[0]);
        int next = text[first..].IndexOf(SpaceMark.Utf8);
        return next < 0 ? text.Length : first + next;
    }
}
