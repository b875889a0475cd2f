namespace Keyhole.Engine.Tokens.Decoders;

/// <summary>The suffix that ends a word becomes a space, in the last part nothing.</summary>
internal sealed class BpeDecoder(string suffix) : IDecoder
{
    public List<string> Decode(List<string> pieces)
    {
        var result = new List<string>(pieces.Count);
        foreach (string piece in pieces)
        {
            result.Add(suffix.Length == 0 ? piece : piece.Replace(suffix, result.Count == pieces.Count - 1 ? "" : " ", StringComparison.Ordinal));
        }

        return result;
    }
}
