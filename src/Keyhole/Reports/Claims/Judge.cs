using Keyhole.Statistics;

namespace Keyhole.Reports.Claims;

/// <summary>Verdicts from intervals. Where an interval holds both answers, the claim cannot be tested here.</summary>
internal static class Judge
{
    /// <summary>Whether a figure lies above a level.</summary>
    public static Verdict Above(Interval figure, double level)
        => figure.Lower > level ? Verdict.Holds : figure.Upper < level ? Verdict.Fails : Verdict.CannotBeTested;

    /// <summary>Whether a figure lies below a level.</summary>
    public static Verdict Below(Interval figure, double level)
        => figure.Upper < level ? Verdict.Holds : figure.Lower > level ? Verdict.Fails : Verdict.CannotBeTested;

    /// <summary>Whether the first figure lies below the second.</summary>
    public static Verdict Below(Interval first, Interval second)
        => first.Upper < second.Lower ? Verdict.Holds : first.Lower > second.Upper ? Verdict.Fails : Verdict.CannotBeTested;

    /// <summary>Whether a figure lies between two levels.</summary>
    public static Verdict Within(Interval figure, double lower, double upper)
        => figure.Lower >= lower && figure.Upper <= upper ? Verdict.Holds : figure.Upper < lower || figure.Lower > upper ? Verdict.Fails : Verdict.CannotBeTested;

    /// <summary>Of a claim about every layer: holds where all hold, fails where one fails.</summary>
    public static Verdict All(IEnumerable<Verdict> verdicts)
    {
        Verdict all = Verdict.Holds;
        bool any = false;
        foreach (Verdict verdict in verdicts)
        {
            any = true;
            if (verdict == Verdict.Fails)
            {
                return Verdict.Fails;
            }

            all = verdict == Verdict.CannotBeTested ? verdict : all;
        }

        return any ? all : Verdict.CannotBeTested;
    }

    /// <summary>Shares of several layers together.</summary>
    public static Share Pool(IEnumerable<Share> shares)
        => shares.Aggregate(new Share(0, 0), (sum, share) => new Share(sum.Count + share.Count, sum.Total + share.Total));
}
