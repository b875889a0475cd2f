using Keyhole.Exports;
using Keyhole.Search;

namespace Keyhole.Cli.Searching;

/// <summary>A trigger on one line: the match in brackets, some of the prefix around it, its end, and the token that follows.</summary>
internal static class ExampleLine
{
    private const int Before = 30;
    private const int After = 40;

    /// <summary>The line.</summary>
    public static string Of(TriggerMatch match)
    {
        (int start, int length) = match.Place.GetOffsetAndLength(match.Prefix.Length);
        int end = start + length;
        int from = Edge(match.Prefix, Math.Max(0, start - Before));
        string before = (from > 0 ? "…" : string.Empty) + VisibleText.Of(match.Prefix[from..start]);
        int to = Edge(match.Prefix, Math.Max(end, match.Prefix.Length - After));
        string after = (to > end ? " … " : string.Empty) + VisibleText.Of(match.Prefix[to..]);
        string marked = length == 0 ? string.Empty : $"[{VisibleText.Of(match.Prefix[start..end])}]";
        return before + marked + after + (match.Target is null ? string.Empty : $" → {VisibleText.Of(match.Target)}");
    }

    // A pair of surrogates is not cut.
    private static int Edge(string text, int at) => at > 0 && at < text.Length && char.IsLowSurrogate(text[at]) ? at - 1 : at;
}
