using Keyhole.Reports.Contents;

namespace Keyhole.Reports.Claims;

/// <summary>Claims about what people see in the triggers (the paper's section 3): they need annotators.</summary>
internal static class PatternClaims
{
    private const string NeedsPeople = "needs people who annotate the triggers beside decoys; an algorithm finds patterns in noise too";

    public static IEnumerable<Claim> Of(ReportModel report)
    {
        string sample = report.Thirds.Length == 0 ? string.Empty : "; of sampled memories the last token or bigram is shared by 3 or more triggers in "
            + string.Join(", ", report.Thirds.Where(third => third.WithPattern.Total > 0).Select(third => $"{Numbers.Percent(third.WithPattern.Value)} ({third.Name} layers)"));
        yield return Untested("pattern-every-key", "Fig. 2", "Every key has at least one pattern that people recognise.", "at least one for every key, 3.6 on average", NeedsPeople + sample);
        yield return Untested("pattern-coverage", "Fig. 2", "Most trigger prefixes belong to a pattern.", "65% to 80% of the prefixes", NeedsPeople);
        yield return Untested("pattern-depth", "Fig. 2", "Lower layers see shallow patterns, upper layers semantic ones.", "layers 1–9 mostly shallow, 10–16 more semantic", NeedsPeople);
    }

    private static Claim Untested(string key, string place, string statement, string published, string why) => new()
    {
        Key = key,
        Place = place,
        Statement = statement,
        Published = published,
        Rule = "Two annotators, coverage of real lists minus decoys.",
        Here = why,
        Verdict = Verdict.CannotBeTested,
    };
}
