using Keyhole.Statistics;

namespace Keyhole.Claiming.Evaluation;

/// <summary>Positions by falling score, as much of them as ranking measures need: the text of each, whether P holds, and where equal scores end.</summary>
internal sealed class RankedPositions
{
    private const int HoldsFlag = 1 << 30;
    private const int EndFlag = 1 << 31;
    private const int TextMask = HoldsFlag - 1;

    private readonly int[] _entries;

    private RankedPositions(int[] entries) => _entries = entries;

    /// <summary>Number of positions.</summary>
    public int Count => _entries.Length;

    /// <summary>Area under the ROC curve.</summary>
    public double Auroc { get; private init; }

    /// <summary>Average precision.</summary>
    public double AveragePrecision { get; private init; }

    /// <summary>Takes positions in order.</summary>
    /// <param name="sorted">Scores, ascending; -0 and 0 are one.</param>
    /// <param name="order">The position of each.</param>
    /// <param name="texts">Text of each position, by position.</param>
    /// <param name="holds">Whether P holds, by position.</param>
    public static RankedPositions Of(float[] sorted, int[] order, int[] texts, bool[] holds)
    {
        int[] entries = new int[sorted.Length];
        var positives = new List<long>();
        var negatives = new List<long>();
        for (int i = 0; i < sorted.Length; i++)
        {
            bool begins = i == 0 || sorted[i] != sorted[i - 1];
            if (begins)
            {
                positives.Add(0);
                negatives.Add(0);
            }

            bool holding = holds[order[i]];
            (holding ? positives : negatives)[^1]++;
            entries[sorted.Length - 1 - i] = texts[order[i]] | (holding ? HoldsFlag : 0) | (begins ? EndFlag : 0);   // what begins a group going up ends it going down
        }

        long[] with = [.. positives];
        long[] without = [.. negatives];
        return new RankedPositions(entries) { Auroc = Ranking.Auroc(with, without), AveragePrecision = Ranking.AveragePrecision(with, without) };
    }

    /// <summary>Both measures where each text counts a number of times.</summary>
    /// <param name="times">Of each text.</param>
    public (double Auroc, double AveragePrecision) Weighted(int[] times)
    {
        long right = 0, wrong = 0, rightBefore = 0, wrongBefore = 0;
        double inOrder = 0;
        double precision = 0;
        foreach (int entry in _entries)
        {
            int count = times[entry & TextMask];
            if ((entry & HoldsFlag) != 0)
            {
                right += count;
            }
            else
            {
                wrong += count;
            }

            if ((entry & EndFlag) != 0)
            {
                double more = right - rightBefore;
                inOrder += (wrong - wrongBefore) * (rightBefore + (more / 2));
                precision += more == 0 ? 0 : more * right / (right + wrong);
                (rightBefore, wrongBefore) = (right, wrong);
            }
        }

        return (right == 0 || wrong == 0 ? double.NaN : inOrder / ((double)right * wrong), right == 0 ? double.NaN : precision / right);
    }
}
