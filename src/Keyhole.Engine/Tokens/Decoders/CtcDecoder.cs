namespace Keyhole.Engine.Tokens.Decoders;

/// <summary>Connectionist temporal classification: repeated pieces count once, padding is dropped, the word delimiter is a space.</summary>
internal sealed class CtcDecoder(string pad, string wordDelimiter, bool cleanUp) : IDecoder
{
    public List<string> Decode(List<string> pieces)
    {
        var result = new List<string>(pieces.Count);
        string? previous = null;
        foreach (string piece in pieces)
        {
            if (piece == previous)
            {
                continue;
            }

            previous = piece;
            string part = pad.Length == 0 ? piece : piece.Replace(pad, "", StringComparison.Ordinal);
            if (cleanUp)
            {
                part = WordPieceDecoder.CleanUp(part);
                part = wordDelimiter.Length == 0 ? part : part.Replace(wordDelimiter, " ", StringComparison.Ordinal);
            }

            if (part.Length > 0)
            {
                result.Add(part);
            }
        }

        return result;
    }
}
