namespace Keyhole.Perplexity;

/// <summary>A stretch [Start, End) of a text's tokens that goes through the model at once, of which [FirstNew, End) is new; what comes before is context.</summary>
/// <param name="Start">First token.</param>
/// <param name="FirstNew">First token that no earlier window held.</param>
/// <param name="End">One past the last token.</param>
internal readonly record struct ScoringWindow(int Start, int FirstNew, int End)
{
    /// <summary>Windows of <paramref name="body"/> tokens, moved by <paramref name="stride"/>, until the text's end is reached.</summary>
    /// <param name="length">Tokens of the text.</param>
    /// <param name="body">Tokens of the text that a window holds, at least 1.</param>
    /// <param name="stride">From 1 to <paramref name="body"/>.</param>
    public static IEnumerable<ScoringWindow> Of(int length, int body, int stride)
    {
        int end = 0;
        for (int start = 0; end < length; start += stride)
        {
            int next = Math.Min(start + body, length);
            yield return new ScoringWindow(start, end, next);
            end = next;
        }
    }
}
