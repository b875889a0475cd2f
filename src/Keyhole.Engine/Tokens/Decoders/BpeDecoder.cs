namespace Keyhole.Engine.Tokens.Decoders;

/// <summary>The suffix that ends a word becomes a space, in the last part nothing.</summary>
internal sealed class BpeDecoder(string suffix) : IDecoder
{
    public List<string> Decode(List<string> pieces)
    {
        var result = new List<string>(pieces.Count);
        foreach (string piece in pieces)
        {
            result.Add(Replacement.Replace(piece, suffix, result.Count == pieces.Count - 1 ? "" : " "));
        }

        return result;
    }
}
