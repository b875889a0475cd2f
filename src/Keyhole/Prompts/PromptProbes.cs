using Keyhole.Engine.Readouts;

namespace Keyhole.Prompts;

/// <summary>The tokens that are looked up in a state of a prompt, in a fixed order, and their readings.</summary>
internal static class PromptProbes
{
    private const int Single = 4;   // answer, current token, subject, shuffled answer; then competitors, then associates

    /// <summary>The tokens; what a prompt does not have is looked up as token 0, and left out by <see cref="Read"/>.</summary>
    public static IEnumerable<int> Of(PromptTokens prompt, int shuffled)
        => [prompt.Answer, prompt.Ids[^1], Math.Max(prompt.Subject, 0), Math.Max(shuffled, 0), .. prompt.Competitors, .. prompt.Associates];

    /// <summary>Readings of one row of a scan.</summary>
    /// <param name="scan">The scan.</param>
    /// <param name="row">The row.</param>
    /// <param name="first">First probe of the row.</param>
    /// <param name="prompt">The prompt.</param>
    /// <param name="shuffled">Answer of another prompt; -1 without.</param>
    public static PromptReading Read(ScanResult scan, int row, int first, PromptTokens prompt, int shuffled)
    {
        (double answerRank, double answer) = Best(first, 1);
        (double currentRank, double current) = Best(first + 1, 1);
        (double subjectRank, double subject) = Best(first + 2, prompt.Subject < 0 ? 0 : 1);
        (double shuffledRank, double other) = Best(first + 3, shuffled < 0 ? 0 : 1);
        (double competitorRank, double competitors) = Best(first + Single, prompt.Competitors.Length);
        (double associateRank, double associates) = Best(first + Single + prompt.Competitors.Length, prompt.Associates.Length);
        return new PromptReading(scan.TopTokens[row], answerRank, answer, competitorRank, competitors, associateRank, associates, currentRank, current, subjectRank, subject, shuffledRank, other, scan.Entropy[row]);

        // The best rank of some probes and their probability together; NaN of none.
        (double Rank, double Probability) Best(int start, int count)
        {
            double rank = double.NaN;
            double probability = count == 0 ? double.NaN : 0;
            for (int probe = start; probe < start + count; probe++)
            {
                rank = double.IsNaN(rank) ? scan.ProbeRanks[probe] : Math.Min(rank, scan.ProbeRanks[probe]);
                probability += Math.Exp(scan.ProbeLogits[probe] - scan.LogSumExp[row]);
            }

            return (rank, probability);
        }
    }
}
