using Keyhole.Engine;
using Keyhole.Engine.Tokens;

namespace Keyhole.Cli.Captures;

/// <summary>A token that may come next.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Text">Its text; null where no tokenizer knows it.</param>
/// <param name="Probability">Its probability.</param>
internal sealed record NextToken(int Id, string? Text, double Probability)
{
    /// <summary>The most likely ones, best first; of equals the smaller id.</summary>
    /// <param name="logits">Logits of one position, [V].</param>
    /// <param name="tokenizer">The model's tokenizer, or null.</param>
    /// <param name="count">How many.</param>
    public static NextToken[] MostLikely(ReadOnlySpan<float> logits, Tokenizer? tokenizer, int count)
    {
        float[] values = logits.ToArray();
        double largest = values.Max();
        double total = values.Sum(logit => Math.Exp(logit - largest));   // softmax, the largest taken off so that nothing overflows
        return [.. Enumerable.Range(0, values.Length)
            .OrderByDescending(id => values[id]).ThenBy(id => id)
            .Take(count)
            .Select(id => new NextToken(id, Decode(tokenizer, id), Math.Exp(values[id] - largest) / total))];
    }

    // A model may have more rows of logits than its tokenizer has tokens.
    private static string? Decode(Tokenizer? tokenizer, int id)
    {
        try
        {
            return tokenizer?.Decode([id]);
        }
        catch (InputRefusedException)
        {
            return null;
        }
    }
}
