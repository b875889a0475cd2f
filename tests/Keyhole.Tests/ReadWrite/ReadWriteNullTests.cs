using Keyhole.Memories;
using Keyhole.ReadWrite;
using Xunit;

namespace Keyhole.Tests.ReadWrite;

public sealed class ReadWriteNullTests
{
    [Fact]
    public void Shares_add_up_and_are_those_of_random_weights()
    {
        const int dimension = 3;   // where a cosine is uniform, so that 1/4 lie beyond 0.5
        var chance = new ReadWriteNull(dimension);
        Assert.Equal(1.0 / 4 * (1.0 / 2), chance.Share(ReadWriteClass.Enrichment, gated: true), 1e-14);
        Assert.Equal(1.0 / 4, chance.Share(ReadWriteClass.OrthogonalOutput, gated: true), 1e-14);
        Assert.Equal(0.95, chance.Likely, 1e-14);
        foreach (bool gated in (bool[])[true, false])
        {
            Assert.Equal(1, Enum.GetValues<ReadWriteClass>().Sum(one => chance.Share(one, gated)), 1e-14);
            Assert.Equal(1, ReadWriteNames.Possible(gated).Sum(one => chance.Share(one, gated)), 1e-14);
            ReadWriteSummary random = ReadWriteSummary.Of([.. Random(dimension, 40_000, gated)], dimension);
            foreach (ReadWriteClass one in Enum.GetValues<ReadWriteClass>())
            {
                Assert.Equal(chance.Share(one, gated), random.Layers[0].Of(one).Value, 0.011);   // 4.5 standard errors at 1/2
            }

            Assert.Equal(0.05, random.Layers[0].BeyondChance.Value, 0.005);
        }
    }

    private static IEnumerable<ReadWriteRecord> Random(int dimension, int memories, bool gated)
    {
        var random = new Random(6);
        double[] Direction() => [.. Enumerable.Range(0, dimension).Select(_ => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()))];
        for (int i = 0; i < memories; i++)
        {
            (double[] key, double[] value, double[] gate) = (Direction(), Direction(), Direction());
            yield return new ReadWriteRecord(new NeuronId(0, i), Cosine(key, value), gated ? Cosine(gate, value) : null, gated ? Cosine(gate, key) : null);
        }
    }

    private static double Cosine(double[] a, double[] b)
        => a.Zip(b, (x, y) => x * y).Sum() / Math.Sqrt(a.Sum(x => x * x) * b.Sum(x => x * x));
}
