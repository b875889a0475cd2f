using Keyhole.Claiming.Evaluation;
using Keyhole.Claiming.Passes;
using Keyhole.Statistics;
using Xunit;

namespace Keyhole.Tests.Claiming;

/// <summary>Parts of the evaluation against their definitions.</summary>
public sealed class RankedPositionsTests
{
    [Fact]
    public void A_text_that_counts_twice_is_there_twice()
    {
        var random = new Random(2);
        for (int round = 0; round < 50; round++)
        {
            int n = random.Next(1, 60);
            float[] scores = [.. Enumerable.Range(0, n).Select(_ => random.Next(-4, 5) / 2f * (random.Next(2) == 0 ? 1 : -1))];   // with -0
            bool[] holds = [.. scores.Select(_ => random.Next(3) == 0)];
            int[] texts = [.. scores.Select((_, i) => i / 4)];
            int[] times = [.. Enumerable.Range(0, (n / 4) + 1).Select(_ => random.Next(4))];
            float[] sorted = [.. scores];
            int[] order = [.. Enumerable.Range(0, n)];
            Array.Sort(sorted, order);
            var ranked = RankedPositions.Of(sorted, order, texts, holds);
            int[] repeated = [.. Enumerable.Range(0, n).SelectMany(i => Enumerable.Repeat(i, times[texts[i]]))];
            double[] all = [.. scores];
            Assert.Equal(Ranking.Auroc(all, holds), ranked.Auroc);
            Assert.Equal(Ranking.AveragePrecision(all, holds), ranked.AveragePrecision);
            (double auroc, double precision) = ranked.Weighted(times);
            double[] drawn = [.. repeated.Select(i => (double)scores[i])];
            bool[] holding = [.. repeated.Select(i => holds[i])];
            Assert.Equal(Ranking.Auroc(drawn, holding), auroc, 1e-12);
            Assert.Equal(Ranking.AveragePrecision(drawn, holding), precision, 1e-12);
        }
    }

    [Fact]
    public void Heaps_keep_the_largest()
    {
        var random = new Random(4);
        foreach (int kept in (int[])[1, 2, 3, 7, 40])
        {
            var largest = new LargestOfRows(kept);
            for (int batch = 0; batch < 5; batch++)
            {
                largest.Forget();
                float[][] rows = [.. Enumerable.Range(0, 6).Select(_ => Enumerable.Range(0, 30).Select(_ => (float)random.Next(-20, 21)).ToArray())];
                float[] norms = [.. Enumerable.Range(0, 30).Select(_ => random.NextSingle())];
                for (int from = 0; from < 30; from += 10)   // in ranges, as tiles come
                {
                    largest.Begin(0, 0, rows.Length);
                    for (int row = 0; row < rows.Length; row++)
                    {
                        largest.Add(row, rows[row].AsSpan(from, 10), batch % 2 == 0 ? default : norms.AsSpan(from, 10));
                    }
                }

                for (int row = 0; row < rows.Length; row++)
                {
                    float[] sizes = [.. rows[row].Select((m, i) => MathF.Abs(m) * (batch % 2 == 0 ? 1 : norms[i])).OrderDescending()];
                    Assert.Equal(kept <= sizes.Length ? sizes[kept - 1] : -1, largest.Least(row));
                }
            }
        }
    }
}
