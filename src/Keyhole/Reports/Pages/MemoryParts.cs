using System.Collections.Immutable;
using Keyhole.Exports;
using Keyhole.Memories;
using Keyhole.Reports.Contents;
using Keyhole.Statistics;

namespace Keyhole.Reports.Pages;

/// <summary>Memories: cards of the tables, and pages with statistics and triggers.</summary>
/// <param name="fragments">Templates.</param>
/// <param name="gated">Whether memories have two poles, which are then named.</param>
internal sealed class MemoryParts(Fragments fragments, bool gated)
{
    private const int CardTriggers = 5;
    private const int PageTriggers = 10;
    private const int CardTokens = 6;
    private const int CardPatterns = 2;
    private const int PagePatterns = 6;
    private const int PageTokens = 12;

    /// <summary>Table 1, one part a third.</summary>
    public Html Keys(ImmutableArray<ThirdContent> thirds) => Thirds(thirds, third => third.Keys,
        third => third.WithPattern.Total == 0 ? string.Empty
            : $"Of {Numbers.Count(third.WithPattern.Total)} memories drawn at random {Numbers.Percent(third.WithPattern.Value)} ({Numbers.Percent(third.WithPattern.Wilson())}) have such a pattern.",
        "No memory of this third has such a pattern.");

    /// <summary>Table 2, one part a third.</summary>
    public Html Values(ImmutableArray<ThirdContent> thirds) => Thirds(thirds, third => third.Values, _ => string.Empty, "No value of this third has a trigger that its top token follows.");

    /// <summary>One memory with all that is known of it.</summary>
    public Html Whole(MemoryPage memory) => fragments.Fill("card", ("id", memory.Id.ToString()), ("pole", Pole(memory)), ("lines", Lines(memory, int.MaxValue)),
        ("triggers", Html.Join([Triggers(memory, int.MaxValue), fragments.Fill("facts", ("facts", Facts(memory)))])));

    /// <summary>Groups of memories, each folded.</summary>
    public Html Groups(ImmutableArray<MemoryGroup> groups)
    {
        HashSet<string> named = [];
        return Html.Join(groups.Where(group => group.Pages.Length > 0).SelectMany(group => (Html[])
        [
            fragments.Fill("heading", ("text", $"{group.Title} ({group.Pages.Length})")),
            fragments.Paragraph(group.Rule),
            .. group.Pages.Select(page => Page(page, named)),
        ]));
    }

    private Html Page(MemoryPage memory, HashSet<string> named)
    {
        string anchor = named.Add(memory.Id.ToString()) ? memory.Id.ToString() : $"{memory.Id}-{named.Count}";
        return fragments.Fill("memory", ("anchor", anchor), ("id", memory.Id.ToString()), ("pole", Pole(memory)), ("gist", Gist(memory)),
            ("body", fragments.Fill("body", ("lines", Lines(memory, PageTokens)), ("triggers", Triggers(memory, PageTriggers)), ("facts", Facts(memory)))));
    }

    private Html Thirds(ImmutableArray<ThirdContent> thirds, Func<ThirdContent, ImmutableArray<MemoryPage>> pages, Func<ThirdContent, string> note, string none)
        => Html.Join(thirds.Select(third => fragments.Fill("third",
            ("name", Capital(third.Name)),
            ("layers", third.Layers),
            ("note", note(third) is { Length: > 0 } text ? fragments.Paragraph(text) : Html.Empty),
            ("cards", pages(third).Length == 0 ? fragments.Absent(none) : Html.Join(pages(third).Select(page => fragments.Fill("card",
                ("id", page.Id.ToString()), ("pole", Pole(page)), ("lines", Lines(page, CardTokens)), ("triggers", Triggers(page, CardTriggers)))))))));

    private Html Lines(MemoryPage memory, int tokens)
    {
        List<Html> lines = [];
        if (memory.Pattern is { } pattern)
        {
            lines.Add(Line("pattern", Html.Join([
                FormattableString.Invariant($"{pattern.Prefixes} of {pattern.Triggers} triggers end in "),
                Token(pattern.Tokens)])));
        }

        foreach (string found in memory.Triggers.Patterns.Take(tokens > CardTokens ? PagePatterns : CardPatterns))
        {
            lines.Add(Line("beyond decoys", found));
        }

        if (memory.Value is { } value)
        {
            bool negative = memory.Pole == Memories.Pole.Negative;
            lines.Add(Line("promotes", Scored(negative ? value.Bottom : value.Top, tokens)));
            if (tokens > CardTokens)
            {
                lines.Add(Line("demotes", Scored(negative ? value.Top : value.Bottom, tokens)));
            }

            lines.Add(Line("value", Facts(value)));
        }

        return Html.Join(lines);
    }

    private static string Facts(ValueCard value)
    {
        string precision = value.Precision.Total == 0 ? "no trigger with a next token"
            : $"precision@50 {Numbers.Percent(value.Precision.Value)} ({value.Precision.Count} of {value.Precision.Total})";
        string rank = double.IsNaN(value.TargetRank) ? string.Empty : $", the token after the best trigger ranks {Numbers.Count((long)value.TargetRank + 1)}";
        return $"{precision}, largest probability {Numbers.Percent(value.MaxProbability)}{rank}";
    }

    private Html Facts(MemoryPage memory) => Html.Join(memory.View.Statistics
        .Concat(memory.Value is { } value ? [("norm of the value", Numbers.Plain(value.Norm))] : Array.Empty<(string, string)>())
        .Concat(memory.View.Histogram.Columns.Count > 0 ? [("histogram", memory.View.Histogram.Draw())] : Array.Empty<(string, string)>())
        .Select(fact => fragments.Fill("fact", ("name", fact.Item1), ("value", fact.Item2))));

    private Html Triggers(MemoryPage memory, int most)
    {
        IReadOnlyList<TriggerLine> lines = memory.Triggers.Lines;
        return lines.Count == 0 ? fragments.Absent("It never fires on this pole.") : fragments.Fill("triggers", ("items", Html.Join(lines.Take(most).Select(line => fragments.Fill("trigger",
            ("coefficient", line.Coefficient),
            ("before", (line.IsCut ? "…" : string.Empty) + line.Before),
            ("last", line.Last),
            ("target", line.Target is null ? Html.Empty : fragments.Fill("target", ("text", line.Target))),
            ("at", FormattableString.Invariant($"{line.Unit}:{line.Position}")))))));
    }

    private Html Gist(MemoryPage memory)
    {
        List<Html> parts = [];
        if (memory.Value is { } value)
        {
            ImmutableArray<(string Token, double Logit)> promoted = memory.Pole == Memories.Pole.Negative ? value.Bottom : value.Top;
            parts.Add(Html.Join(["promotes ", Token(promoted.Length > 0 ? promoted[0].Token : string.Empty), $" ({Numbers.Percent(value.MaxProbability)})"]));
            if (value.Precision.Total > 0)
            {
                parts.Add($", precision@50 {Numbers.Percent(value.Precision.Value)}");
            }
        }

        if (memory.Triggers.Lines is [var best, ..])
        {
            parts.Add(Html.Join([parts.Count > 0 ? "; fires on " : "fires on ", Token(best.Last)]));
        }

        return Html.Join(parts);
    }

    private Html Scored(ImmutableArray<(string Token, double Logit)> tokens, int most)
        => Html.Join(tokens.Take(most).Select(token => fragments.Fill("scored-token", ("text", VisibleText.Of(token.Token)), ("logit", Numbers.Plain(token.Logit)))));

    private Html Token(string text) => fragments.Fill("token", ("text", VisibleText.Of(text)));

    private Html Line(string label, Html value) => fragments.Fill("line", ("label", label), ("value", value));

    private string Pole(MemoryPage memory) => gated ? memory.Pole == Memories.Pole.Positive ? "positive pole" : "negative pole" : string.Empty;

    private static string Capital(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];
}
