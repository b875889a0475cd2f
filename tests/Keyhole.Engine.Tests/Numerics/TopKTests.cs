using Keyhole.Engine.Numerics;
using Xunit;

namespace Keyhole.Engine.Tests.Numerics;

public class TopKTests
{
    [Fact]
    public void Every_length_agrees_with_a_full_sort()
    {
        foreach (int length in Samples.Lengths)
        {
            float[] values = Samples.Normal(length, length);
            foreach (int k in new[] { 0, 1, 2, 25, 300 })
            {
                RequireSame(values, k);
            }
        }
    }

    [Fact]
    public void Ties_are_ordered_by_index()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            float[] values = [.. Samples.Normal(seed + 1, seed, 3).Select(x => MathF.Round(x))];
            RequireSame(values, 1 + (seed % 30));
        }
    }

    [Fact]
    public void Sorted_rows_and_special_values()
    {
        float[] rising = [.. Enumerable.Range(0, 500).Select(i => (float)i)];
        RequireSame(rising, 20);
        RequireSame([.. rising.Reverse()], 20);
        RequireSame([.. Samples.Specials, .. Samples.Normal(50, 1), .. Samples.Specials], 10);
        RequireSame([.. Samples.Specials, .. Samples.Normal(50, 1), .. Samples.Specials], 90);
        RequireSame([.. Enumerable.Repeat(float.NegativeInfinity, 40)], 5);
        RequireSame([float.NaN, float.NaN, 1f], 3);
        RequireSame([float.NaN], 1);
    }

    [Fact]
    public void Short_results_and_negative_counts_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => TopK.Largest(new float[10], 5, new int[4], new float[5]));
        Assert.Throws<ArgumentOutOfRangeException>(() => TopK.Largest(new float[10], 5, new int[5], new float[4]));
        Assert.Throws<ArgumentOutOfRangeException>(() => TopK.Smallest(new float[10], -1, [], []));
    }

    private static void RequireSame(float[] values, int k)
    {
        int[] indices = new int[k];
        float[] top = new float[k];
        int count = TopK.Largest(values, k, indices, top);
        Assert.Equal(Reference.TopK.Largest(values, k), indices.Zip(top).Take(count));
        count = TopK.Smallest(values, k, indices, top);
        Assert.Equal(Reference.TopK.Smallest(values, k), indices.Zip(top).Take(count));
    }
}
