using Keyhole.Statistics;

namespace Keyhole.Features;

/// <summary>Counts for each held-out text how often it was asked and labelled right, task by task, so that the mean accuracy has an interval over texts.</summary>
/// <param name="texts">Texts of the sample.</param>
/// <param name="tasks">Tasks.</param>
internal sealed class ProbeAnswers(int texts, int tasks)
{
    private readonly double[]?[] _texts = new double[texts][];   // asked and right of each task in turn; null for a text that no task asks about

    /// <summary>Adds the answers of a task.</summary>
    public void Add(int number, ProbeTask task, double[] scores)
    {
        for (int i = 0; i < scores.Length; i++)
        {
            double[] counts = _texts[task.HeldOut[i]] ??= new double[2 * tasks];
            counts[2 * number]++;
            counts[(2 * number) + 1] += scores[i] > 0 == task.HeldOutLabels[i] ? 1 : 0;
        }
    }

    /// <summary>Mean over tasks of the share that is right; none without tasks.</summary>
    /// <param name="k">Features that the probes use.</param>
    /// <param name="seed">Which resamples.</param>
    public ProbeScore Mean(int k, ulong seed) => new(string.Empty, k, Bootstrap.OverGroups([.. _texts.OfType<double[]>()], seed, MeanShare), Estimate.None);

    private static double MeanShare(double[] sums)
    {
        double total = 0;
        int asked = 0;
        for (int i = 0; i < sums.Length; i += 2)
        {
            if (sums[i] > 0)
            {
                total += sums[i + 1] / sums[i];
                asked++;
            }
        }

        return asked == 0 ? double.NaN : total / asked;
    }
}
