using Keyhole.Statistics;

namespace Keyhole.Claiming.Evaluation;

/// <summary>Puts a test together from what was counted.</summary>
internal static class TestAssembly
{
    /// <summary>The test.</summary>
    /// <param name="counted">The counts, with their intervals.</param>
    /// <param name="levels">What precision and recall must exceed.</param>
    /// <param name="adjustedP">p after Benjamini and Hochberg.</param>
    /// <param name="examples">Texts.</param>
    public static ClaimTest Of(CountedTest counted, ClaimLevels levels, double adjustedP, ClaimExamples examples)
    {
        DetectorCounts counts = counted.Counts;
        Interval precision = Wider(counted.Intervals[0], new Share(counts.Tp, counts.Tp + counts.Fp));
        Interval recall = Wider(counted.Intervals[1], new Share(counts.Tp, counts.Tp + counts.Fn));
        return new ClaimTest
        {
            Memory = counted.Plan.Memory,
            Pole = counted.Plan.Pole,
            Screened = counted.Plan.Screened,
            Threshold = counted.Above,
            Texts = counted.Positions.Sizes.Length,
            Counts = counts,
            PrecisionInterval = precision,
            RecallInterval = recall,
            NegativeInterval = Wider(counted.Intervals[2], new Share(counts.Tn, counts.Fn + counts.Tn)),
            LiftInterval = counted.Intervals[3],
            PhiInterval = counted.Intervals[4],
            Auroc = counted.Auroc,
            AurocInterval = counted.Intervals[5],
            AveragePrecision = counted.AveragePrecision,
            AveragePrecisionInterval = counted.Intervals[6],
            P = counted.P,
            AdjustedP = adjustedP,
            Verdict = (precision.Lower > levels.Precision, recall.Lower > levels.Recall) switch
            {
                (true, true) => ClaimVerdict.Both,
                (true, false) => ClaimVerdict.Sufficient,
                (false, true) => ClaimVerdict.Necessary,
                _ => ClaimVerdict.Neither,
            },
            Examples = examples,
        };
    }

    // A share that is 0 or 1 in every text has no width in a bootstrap, however few the positions are: Wilson's interval has one.
    private static Interval Wider(Interval resampled, Share share)
    {
        Interval wilson = share.Wilson();
        return double.IsNaN(resampled.Lower) ? Interval.None : new Interval(Math.Min(resampled.Lower, wilson.Lower), Math.Max(resampled.Upper, wilson.Upper));
    }
}
