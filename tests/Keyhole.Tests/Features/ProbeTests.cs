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
        Assert.Equal(1, SparseProbes.Dense([task], texts, seed: 1).First().Accuracy.Value);
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
            inside += SparseProbes.Dense([task], texts, seed: 1).First().Accuracy.Interval.Contains(0.5) ? 1 : 0;
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
    [InlineData(40, 6)]
    [InlineData(12, 30)]
    public void The_discriminant_is_the_one_of_its_definition(int n, int width)
    {
        var random = new Random(n);
        float[][] vectors = Texts(random, n, width);
        bool[] labels = [.. Enumerable.Range(0, n).Select(i => i % 3 == 0)];
        for (int i = 0; i < n; i++)
        {
            vectors[i][1] += (labels[i] ? 1 : 0) + vectors[i][0];
        }

        LinearProbe probe = new FisherProbes(vectors).Fit(labels);
        (double[] direction, double threshold) = Discriminant(vectors, labels);
        double scale = probe.Direction[1] / direction[1];
        Assert.True(scale > 0);
        for (int d = 0; d < width; d++)
        {
            Assert.Equal(direction[d] * scale, probe.Direction[d], 1e-7 * Math.Abs(direction[1] * scale) * width);
        }

        Assert.Equal(threshold * scale, probe.Threshold, 1e-7 * Math.Abs(direction[1] * scale) * width);
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

    // S*^-1 (difference of means) on standardised vectors by Gauss-Jordan, and halfway between the means.
    private static (double[] Direction, double Threshold) Discriminant(float[][] vectors, bool[] labels)
    {
        int n = vectors.Length;
        int width = vectors[0].Length;
        double[] mean = [.. Enumerable.Range(0, width).Select(d => vectors.Average(vector => (double)vector[d]))];
        double[] sd = [.. Enumerable.Range(0, width).Select(d => Math.Sqrt(vectors.Average(vector => Math.Pow(vector[d] - mean[d], 2))))];
        double[][] z = [.. vectors.Select(vector => vector.Select((value, d) => (value - mean[d]) / sd[d]).ToArray())];
        double[,] s = new double[width, width];
        for (int i = 0; i < width; i++)
        {
            for (int j = 0; j < width; j++)
            {
                s[i, j] = z.Average(row => row[i] * row[j]);
            }
        }

        double u = Enumerable.Range(0, width).Average(d => s[d, d]);
        double spread = 0;
        double noise = 0;
        for (int i = 0; i < width; i++)
        {
            for (int j = 0; j < width; j++)
            {
                spread += Math.Pow(s[i, j] - (i == j ? u : 0), 2) / width;
                noise += z.Sum(row => Math.Pow((row[i] * row[j]) - s[i, j], 2)) / width / n / n;
            }
        }

        double r = Math.Min(noise / spread, 1);
        double[,] system = new double[width, width + 1];
        double[] Mean(bool label) => [.. Enumerable.Range(0, width).Select(d => z.Where((_, row) => labels[row] == label).Average(row => row[d]))];
        (double[] yes, double[] no) = (Mean(true), Mean(false));
        for (int i = 0; i < width; i++)
        {
            for (int j = 0; j < width; j++)
            {
                system[i, j] = ((1 - r) * s[i, j]) + (i == j ? r * u : 0);
            }

            system[i, width] = yes[i] - no[i];
        }

        for (int pivot = 0; pivot < width; pivot++)
        {
            for (int row = 0; row < width; row++)
            {
                double factor = row == pivot ? 0 : system[row, pivot] / system[pivot, pivot];
                for (int column = pivot; column <= width; column++)
                {
                    system[row, column] -= factor * system[pivot, column];
                }
            }
        }

        double[] direction = [.. Enumerable.Range(0, width).Select(d => system[d, width] / system[d, d] / sd[d])];
        return (direction, Enumerable.Range(0, width).Sum(d => direction[d] * (mean[d] + (sd[d] * (yes[d] + no[d]) / 2))));
    }
}
