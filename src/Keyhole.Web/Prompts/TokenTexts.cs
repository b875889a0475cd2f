using Keyhole.Engine;
using Keyhole.Engine.Tokens;

namespace Keyhole.Web.Prompts;

/// <summary>Texts of tokens, each decoded once. Not safe for several threads at once.</summary>
/// <param name="tokenizer">The model's tokenizer.</param>
internal sealed class TokenTexts(Tokenizer tokenizer)
{
    private readonly Dictionary<int, string?> _texts = [];

    /// <summary>The text of a token by itself; null where the tokenizer does not know it: a model may have more ids.</summary>
    public string? Of(int token)
    {
        if (!_texts.TryGetValue(token, out string? text))
        {
            _texts[token] = text = Decode(token);
        }

        return text;
    }

    /// <summary>What tokens add to the text of those before them; those that the tokenizer does not know add nothing.</summary>
    /// <param name="before">Tokens before.</param>
    /// <param name="added">Tokens that follow.</param>
    public string Added(int[] before, IReadOnlyCollection<int> added)
    {
        int[] first = [.. before.Where(token => Of(token) is not null)];
        int[] then = [.. added.Where(token => Of(token) is not null)];
        string start = tokenizer.Decode(first);
        string whole = tokenizer.Decode([.. first, .. then]);
        return whole.StartsWith(start, StringComparison.Ordinal) ? whole[start.Length..] : tokenizer.Decode(then);
    }

    private string? Decode(int token)
    {
        try
        {
            return tokenizer.Decode([token]);
        }
        catch (InputRefusedException)
        {
            return null;
        }
    }
}
