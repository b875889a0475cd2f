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
            string part = Replacement.Replace(piece, pad, "");
            if (cleanUp)
            {
                part = Replacement.Replace(WordPieceDecoder.CleanUp(part), wordDelimiter, " ");
            }

            if (part.Length > 0)
            {
                result.Add(part);
            }
        }

        return result;
    }
}
