using Keyhole.Features;
using Keyhole.Statistics;
using Xunit;

namespace Keyhole.Tests.Features;

public sealed class ProbeTests
{
    [Fact]
    public void A_planted_feature_is_chosen_and_tells_all_held_out_texts()
    {
        var random = new Random(1);
        float[][] texts = Texts(random, 200, 30);
        ProbeTask task = Task(random, 200);
        foreach ((int text, bool label) in task.Training.Zip(task.TrainingLabels).Concat(task.HeldOut.Zip(task.HeldOutLabels)))
        {
            texts[text][17] = label ? 5 : -5;
        }

        Assert.Equal(17, SparseProbes.MostDifferent(task, texts, 3)[0]);
        ProbeScore[] scores = [.. SparseProbes.Sparse([task], texts, seed: 1)];
        Assert.Equal([1, 2, 5, 1, 2, 5], scores.Select(score => score.K));
        Assert.All(scores, score => Assert.Equal(1, score.Accuracy.Value));
        Assert.Equal(new Interval(1, 1), scores[0].Auroc.Interval);
        Assert.Equal(100, scores[0].Accuracy.N);
        Assert.Equal(1, SparseProbes.Dense([task], texts, seed: 1, new ParallelOptions()).First().Accuracy.Value);
    }

    [Fact]
    public void Features_that_know_nothing_stay_at_chance()
    {
        int inside = 0;
        for (int seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            float[][] texts = Texts(random, 200, 30);
            ProbeTask task = Task(random, 200);
            inside += SparseProbes.Sparse([task], texts, seed: 1).First(score => score.K == 1).Accuracy.Interval.Contains(0.5) ? 1 : 0;
            inside += SparseProbes.Dense([task], texts, seed: 1, new ParallelOptions()).First().Accuracy.Interval.Contains(0.5) ? 1 : 0;
        }

        Assert.InRange(inside, 70, 80);   // 95% of 80, four standard deviations down
    }

    [Fact]
    public void The_mean_over_tasks_has_an_interval_over_texts()
    {
        var random = new Random(2);
        float[][] texts = Texts(random, 300, 10);
        ProbeTask[] tasks = [Task(random, 300), Task(random, 300), new ProbeTask(new FeatureTask("none", 3, 0, 0, 0), [], [], [], [])];
        ProbeScore[] scores = [.. SparseProbes.Sparse(tasks, texts, seed: 3).Where(score => score.K == 2)];
        Assert.Equal(scores[..2].Average(score => score.Accuracy.Value), scores[2].Accuracy.Value, 1e-12);
        Assert.InRange(scores[2].Accuracy.Value, scores[2].Accuracy.Interval.Lower, scores[2].Accuracy.Interval.Upper);
        Assert.InRange(scores[2].Accuracy.Interval.Upper - scores[2].Accuracy.Interval.Lower, 0.02, 0.3);
        Assert.Equal(0, SparseProbes.Sparse([tasks[2]], texts, seed: 3).First().Accuracy.N);
    }

    [Theory]
    [InlineData(60, 5)]
    [InlineData(40, 90)]
    public void A_probe_on_all_dimensions_is_the_regression_of_its_definition(int n, int width)
    {
        var random = new Random(n);
        float[][] vectors = Texts(random, n, width);
        bool[] labels = [.. Enumerable.Range(0, n).Select(i => i % 2 == 0)];   // classes of one size weigh 1
        for (int i = 0; i < n; i++)
        {
            vectors[i][1] = (100 * vectors[i][1]) + (labels[i] ? 30 : 0);
        }

        double[] means = [.. Enumerable.Range(0, width).Select(d => vectors.Average(vector => (double)vector[d]))];
        double[] scales = [.. Enumerable.Range(0, width).Select(d => Math.Sqrt(vectors.Average(vector => Math.Pow(vector[d] - means[d], 2))))];
        LogisticFit fit = LogisticRegression.Fit([.. vectors.SelectMany(vector => vector.Select((value, d) => (value - means[d]) / scales[d]))], n, width, labels, 1)!;
        LinearProbe probe = new LogisticProbes(vectors).Fit(labels);
        foreach (float[] vector in vectors)
        {
            Assert.Equal(fit.LogOdds([.. vector.Select((value, d) => (value - means[d]) / scales[d])]), probe.Score(vector), 2e-3);
        }
    }

    [Fact]
    public void Classes_of_other_sizes_weigh_alike()
    {
        // One dimension, two values: by symmetry the threshold is at 0, however many noes there are.
        float[][] vectors = [.. Enumerable.Repeat((float[])[-1f], 90), .. Enumerable.Repeat((float[])[1f], 10)];
        LinearProbe probe = new LogisticProbes(vectors).Fit([.. Enumerable.Range(0, 100).Select(i => i >= 90)]);
        Assert.Equal(0, probe.Score([0]) / probe.Direction[0], 0.05);
        Assert.True(probe.Score([1]) > 0 && probe.Score([-1]) < 0);
    }

    [Fact]
    public void The_interval_of_the_area_is_the_published_one()
    {
        // Hanley and McNeil 1982, table I: 109 CT images on a scale of 1 to 5; area 0.893, standard error 0.032.
        int[] normal = [33, 6, 6, 11, 2];
        int[] abnormal = [3, 2, 2, 11, 33];
        double[] scores = [.. normal.SelectMany((count, rating) => Enumerable.Repeat((double)rating, count)), .. abnormal.SelectMany((count, rating) => Enumerable.Repeat((double)rating, count))];
        bool[] labels = [.. Enumerable.Repeat(false, 58), .. Enumerable.Repeat(true, 51)];
        Estimate area = RankEstimate.Auroc(scores, labels);
        Assert.Equal(0.893, area.Value, 0.0005);
        Assert.Equal(0.032, (area.Value - area.Interval.Lower) / 1.959963984540054, 0.001);
        Assert.Equal(1, RankEstimate.Auroc([1, 2], [false, true]).Interval.Upper);
        Assert.Equal(0, RankEstimate.Auroc([1, 2], [true, true]).N);
    }

    private static float[][] Texts(Random random, int texts, int features) => [.. Enumerable.Range(0, texts).Select(_ => Enumerable.Range(0, features).Select(_ => (float)random.NextDouble()).ToArray())];

    private static ProbeTask Task(Random random, int texts)
    {
        int[] order = [.. Enumerable.Range(0, texts)];
        random.Shuffle(order);
        bool[] labels = [.. Enumerable.Range(0, texts / 2).Select(i => i % 2 == 0)];
        return new ProbeTask(new FeatureTask($"task-{order[0]}", texts / 2, texts / 2, texts / 4, texts / 4), order[..(texts / 2)], labels, order[(texts / 2)..], labels);
    }
}
