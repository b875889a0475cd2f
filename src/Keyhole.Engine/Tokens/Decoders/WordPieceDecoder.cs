namespace Keyhole.Engine.Tokens.Decoders;

/// <summary>Puts spaces between words and joins their continuations; with clean-up, takes the space before English punctuation away.</summary>
internal sealed class WordPieceDecoder(string prefix, bool cleanUp) : IDecoder
{
    private static readonly (string From, string To)[] CleanUps =
    [
        (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"), (" 'm", "'m"), (" do not", " don't"), (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
    ];

    public List<string> Decode(List<string> pieces)
    {
        var result = new List<string>(pieces.Count);
        foreach (string piece in pieces)
        {
            string part = result.Count == 0 ? piece : piece.StartsWith(prefix, StringComparison.Ordinal) ? piece[prefix.Length..] : " " + piece;
            result.Add(cleanUp ? CleanUp(part) : part);
        }

        return result;
    }

    /// <summary>The clean-up of English punctuation.</summary>
    public static string CleanUp(string text) =>
        CleanUps.Aggregate(text, (current, rule) => current.Replace(rule.From, rule.To, StringComparison.Ordinal));
}
