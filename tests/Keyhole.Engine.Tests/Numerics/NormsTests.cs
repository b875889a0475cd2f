using Keyhole.Engine.Numerics;
using Xunit;

namespace Keyhole.Engine.Tests.Numerics;

public class NormsTests
{
    private const float Epsilon = 1e-5f;

    [Fact]
    public void Every_length_agrees_with_the_twin()
    {
        foreach (int length in Samples.Lengths.Where(length => length > 0))
        {
            // A row with a mean far from 0, as residual streams have, shows that the variance takes two passes.
            float[] x = [.. Samples.Normal(length, length, 2).Select(v => v + 10f)];
            float[] weight = Samples.Normal(length, 2);
            float[] bias = Samples.Normal(length, 3);
            float[] y = new float[length];

            Norms.LayerNorm(x, weight, bias, Epsilon, y);
            Close.Within(Reference.Norms.LayerNorm(x, weight, bias, Epsilon), y, 2e-6, 1e-5, $"layer norm of {length}");
            Norms.LayerNorm(x, weight, [], Epsilon, y);
            Close.Within(Reference.Norms.LayerNorm(x, weight, [], Epsilon), y, 2e-6, 1e-5, $"layer norm without bias of {length}");
            Norms.LayerNorm(x, [], [], Epsilon, y);
            Close.Within(Reference.Norms.LayerNorm(x, [], [], Epsilon), y, 2e-6, 1e-5, $"plain layer norm of {length}");
            Norms.RmsNorm(x, weight, Epsilon, y);
            Close.Within(Reference.Norms.RmsNorm(x, weight, Epsilon, 0), y, 1e-6, 0, $"rms norm of {length}");
            Norms.RmsNorm(x, weight, Epsilon, y, 1f);
            Close.Within(Reference.Norms.RmsNorm(x, weight, Epsilon, 1), y, 1e-6, 1e-6, $"rms norm with offset of {length}");
            Norms.RmsNorm(x, [], Epsilon, y);
            Close.Within(Reference.Norms.RmsNorm(x, [], Epsilon, 0), y, 1e-6, 0, $"plain rms norm of {length}");
        }
    }

    [Fact]
    public void In_place_gives_the_same_bits()
    {
        foreach (int length in Samples.Lengths)
        {
            float[] x = Samples.Normal(length, 5);
            float[] weight = Samples.Normal(length, 6);
            float[] bias = Samples.Normal(length, 7);
            float[] y = new float[length];
            float[] inPlace = [.. x];
            Norms.LayerNorm(x, weight, bias, Epsilon, y);
            Norms.LayerNorm(inPlace, weight, bias, Epsilon, inPlace);
            Close.SameBits(y, inPlace, $"layer norm of {length}");

            inPlace = [.. x];
            Norms.RmsNorm(x, weight, Epsilon, y, 1f);
            Norms.RmsNorm(inPlace, weight, Epsilon, inPlace, 1f);
            Close.SameBits(y, inPlace, $"rms norm of {length}");
        }
    }

    [Fact]
    public void Constant_tiny_and_broken_rows()
    {
        float[] y = new float[33];
        Norms.LayerNorm([.. Enumerable.Repeat(3f, 33)], [], [], Epsilon, y);
        Assert.All(y, value => Assert.Equal(0f, value));
        Norms.RmsNorm([.. Enumerable.Repeat(0f, 33)], [], Epsilon, y);
        Assert.All(y, value => Assert.Equal(0f, value));
        Norms.RmsNorm([.. Enumerable.Repeat(1e-40f, 33)], [], Epsilon, y);
        Assert.All(y, value => Assert.Equal(1e-40f / Math.Sqrt(Epsilon), value, 1e-44));

        float[] broken = Samples.Normal(33, 1);
        broken[20] = float.NaN;
        Norms.LayerNorm(broken, [], [], Epsilon, y);
        Assert.All(y, value => Assert.True(float.IsNaN(value)));
        Norms.RmsNorm(broken, [], Epsilon, y);
        Assert.All(y, value => Assert.True(float.IsNaN(value)));
    }

    [Fact]
    public void Wrong_lengths_and_shifted_overlaps_are_refused()
    {
        float[] memory = new float[40];
        float[] four = new float[4];
        float[] five = new float[5];
        Assert.Throws<ArgumentException>(() => Norms.LayerNorm(four, five, [], Epsilon, four));
        Assert.Throws<ArgumentException>(() => Norms.LayerNorm(four, four, five, Epsilon, four));
        Assert.Throws<ArgumentException>(() => Norms.RmsNorm(four, four, Epsilon, five));
        Assert.Throws<ArgumentException>(() => Norms.RmsNorm(memory.AsSpan(0, 20), [], Epsilon, memory.AsSpan(4, 20)));
    }
}
