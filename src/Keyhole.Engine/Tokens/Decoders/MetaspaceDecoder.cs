namespace Keyhole.Engine.Tokens.Decoders;

/// <summary>Turns the replacement back into spaces; in the first part it is dropped where one was put before the text.</summary>
internal sealed class MetaspaceDecoder(string replacement, bool dropsFirst) : IDecoder
{
    public List<string> Decode(List<string> pieces)
    {
        var result = new List<string>(pieces.Count);
        foreach (string piece in pieces)
        {
            result.Add(piece.Replace(replacement, result.Count == 0 && dropsFirst ? "" : " ", StringComparison.Ordinal));
        }

        return result;
    }
}
