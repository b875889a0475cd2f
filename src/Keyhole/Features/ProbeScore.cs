using Keyhole.Statistics;

namespace Keyhole.Features;

/// <summary>How a probe did on held-out texts.</summary>
/// <param name="Task">Its task; empty for the mean over tasks.</param>
/// <param name="K">Features that it uses; 0 for all.</param>
/// <param name="Accuracy">Share of the texts that it labels right, with Wilson's interval; the mean over tasks with one over texts.</param>
/// <param name="Auroc">Area under its ROC curve; none for the mean.</param>
internal sealed record ProbeScore(string Task, int K, Estimate Accuracy, Estimate Auroc)
{
    /// <summary>Judges scores of held-out texts: above 0 is a yes.</summary>
    public static ProbeScore Of(ProbeTask task, int k, double[] scores)
    {
        Share right = new(scores.Zip(task.HeldOutLabels).LongCount(pair => pair.First > 0 == pair.Second), scores.Length);
        return new ProbeScore(task.Task.Name, k, right.ToEstimate(), RankEstimate.Auroc(scores, task.HeldOutLabels));
    }
}
