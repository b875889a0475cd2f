using System.Text;

namespace Keyhole.Engine.Tokens.Decoders;

/// <summary>Takes up to <paramref name="start"/> leading and <paramref name="stop"/> trailing occurrences of a character from each part.</summary>
internal sealed class StripDecoder(Rune content, int start, int stop) : IDecoder
{
    public List<string> Decode(List<string> pieces) => pieces.ConvertAll(Strip);

    private string Strip(string piece)
    {
        string character = content.ToString();
        int from = 0;
        for (int i = 0; i < start && piece.AsSpan(from).StartsWith(character, StringComparison.Ordinal); i++)
        {
            from += character.Length;
        }

        int to = piece.Length;
        for (int i = 0; i < stop && to > from && piece.AsSpan(from, to - from).EndsWith(character, StringComparison.Ordinal); i++)
        {
            to -= character.Length;
        }

        return piece[from..to];
    }
}
