using Keyhole.Engine.Numerics;
using Keyhole.Statistics;

namespace Keyhole.Features;

/// <summary>Probes of texts: logistic regressions on the few features whose class means differ most, or on all.</summary>
/// <remarks>A text is the mean of its positions, as in SAEBench; features are chosen on the training half by the difference of their class means (Gurnee et al. 2023, "Finding neurons in a haystack").</remarks>
internal static class SparseProbes
{
    /// <summary>Numbers of features, ascending.</summary>
    public static IReadOnlyList<int> Sizes { get; } = [1, 2, 5];

    private const double InversePenalty = 1;   // scikit-learn's C

    /// <summary>Fits probes on k features of each task, and judges them on its held-out texts.</summary>
    /// <param name="tasks">The tasks; those without texts are passed over.</param>
    /// <param name="texts">Features of each text of the sample, shape [texts][M].</param>
    /// <param name="seed">Which resamples.</param>
    public static IEnumerable<ProbeScore> Sparse(IReadOnlyList<ProbeTask> tasks, float[][] texts, ulong seed)
    {
        var answers = Sizes.ToDictionary(size => size, _ => new ProbeAnswers(texts.Length, tasks.Count));
        for (int number = 0; number < tasks.Count; number++)
        {
            ProbeTask task = tasks[number];
            if (task.Training.Length == 0)
            {
                continue;
            }

            int[] order = MostDifferent(task, texts, Sizes[^1]);
            foreach (int size in Sizes.Where(size => size <= order.Length))
            {
                double[] scores = Scores(task, texts, order.AsSpan(0, size));
                answers[size].Add(number, task, scores);
                yield return ProbeScore.Of(task, size, scores);
            }
        }

        foreach (int size in Sizes)
        {
            yield return answers[size].Mean(size, seed);
        }
    }

    /// <summary>Fits probes on all dimensions of each task, and judges them on its held-out texts.</summary>
    /// <param name="tasks">The tasks; those without texts are passed over.</param>
    /// <param name="texts">A vector of each text of the sample, shape [texts][D].</param>
    /// <param name="seed">Which resamples.</param>
    /// <param name="parallel">Threads that fit probes, and what stops them.</param>
    public static IEnumerable<ProbeScore> Dense(IReadOnlyList<ProbeTask> tasks, float[][] texts, ulong seed, ParallelOptions parallel)
    {
        var scores = new double[tasks.Count][];
        Parallel.For(0, scores.Length, parallel, number =>
        {
            ProbeTask task = tasks[number];
            LinearProbe? probe = task.Training.Length == 0 ? null : new LogisticProbes([.. task.Training.Select(text => texts[text])]).Fit(task.TrainingLabels);
            scores[number] = probe is null ? [] : [.. task.HeldOut.Select(text => probe.Score(texts[text]))];
        });
        var answers = new ProbeAnswers(texts.Length, tasks.Count);
        for (int number = 0; number < tasks.Count; number++)
        {
            if (scores[number].Length > 0)
            {
                answers.Add(number, tasks[number], scores[number]);
                yield return ProbeScore.Of(tasks[number], 0, scores[number]);
            }
        }

        yield return answers.Mean(0, seed);
    }

    /// <summary>The features whose means over the two classes of the training half differ most, the first of equals first.</summary>
    /// <param name="task">The task.</param>
    /// <param name="texts">Features of each text of the sample, shape [texts][M].</param>
    /// <param name="most">How many.</param>
    internal static int[] MostDifferent(ProbeTask task, float[][] texts, int most)
    {
        var difference = new double[texts[0].Length];
        double positives = task.TrainingLabels.Count(label => label);
        double negatives = task.TrainingLabels.Length - positives;
        for (int i = 0; i < task.Training.Length; i++)
        {
            double weight = task.TrainingLabels[i] ? 1 / positives : -1 / negatives;
            ReadOnlySpan<float> features = texts[task.Training[i]];
            for (int feature = 0; feature < features.Length; feature++)
            {
                difference[feature] += weight * features[feature];
            }
        }

        float[] sizes = Array.ConvertAll(difference, value => (float)Math.Abs(value));
        var indices = new int[Math.Min(most, sizes.Length)];
        return indices[..TopK.Largest(sizes, indices.Length, indices, new float[indices.Length])];
    }

    // Log odds of the held-out texts by a logistic regression on features of mean 0 and variance 1 over the training half.
    private static double[] Scores(ProbeTask task, float[][] texts, ReadOnlySpan<int> features)
    {
        int k = features.Length;
        var means = new double[k];
        var scales = new double[k];
        for (int j = 0; j < k; j++)
        {
            int feature = features[j];
            means[j] = task.Training.Average(text => (double)texts[text][feature]);
            double variance = task.Training.Average(text => Math.Pow(texts[text][feature] - means[j], 2));
            scales[j] = variance > 0 ? Math.Sqrt(variance) : 1;
        }

        var x = new double[task.Training.Length * k];
        for (int i = 0; i < task.Training.Length; i++)
        {
            Fill(texts[task.Training[i]], features, means, scales, x.AsSpan(i * k, k));
        }

        LogisticFit fit = LogisticRegression.Fit(x, task.Training.Length, k, task.TrainingLabels, InversePenalty)!;   // both classes are there
        var row = new double[k];
        var scores = new double[task.HeldOut.Length];
        for (int i = 0; i < scores.Length; i++)
        {
            Fill(texts[task.HeldOut[i]], features, means, scales, row);
            scores[i] = fit.LogOdds(row);
        }

        return scores;
    }

    private static void Fill(float[] text, ReadOnlySpan<int> features, double[] means, double[] scales, Span<double> row)
    {
        for (int j = 0; j < row.Length; j++)
        {
            row[j] = (text[features[j]] - means[j]) / scales[j];
        }
    }
}
