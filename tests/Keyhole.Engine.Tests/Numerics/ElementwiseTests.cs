using Keyhole.Engine.Numerics;
using Xunit;

namespace Keyhole.Engine.Tests.Numerics;

public class ElementwiseTests
{
    [Fact]
    public void Every_length_agrees_with_one_element_at_a_time_also_in_place()
    {
        foreach (int length in Samples.Lengths)
        {
            float[] a = [.. Samples.Specials.Concat(Samples.Normal(length, 1)).Take(length)];
            float[] b = Samples.Normal(length, 2);
            float[] sum = [.. a.Zip(b, (x, y) => x + y)];
            float[] scaled = [.. a.Select(x => x * -1.7f)];
            float[] added = [.. a.Zip(b, (x, y) => MathF.FusedMultiplyAdd(y, 0.3f, x))];

            float[] result = new float[length];
            Elementwise.Add(a, b, result);
            Close.SameBits(sum, result, $"add of {length}");
            result = [.. a];
            Elementwise.Add(result, b);
            Close.SameBits(sum, result, $"add in place of {length}");
            result = [.. b];
            Elementwise.Add(a, result, result);
            Close.SameBits(sum, result, $"add over the right of {length}");
            result = [.. a];
            Elementwise.Scale(result, -1.7f);
            Close.SameBits(scaled, result, $"scale of {length}");
            result = [.. a];
            Elementwise.MultiplyAdd(result, b, 0.3f);
            Close.SameBits(added, result, $"multiply-add of {length}");
        }
    }

    [Fact]
    public void The_first_non_finite_is_found_wherever_it_stands()
    {
        foreach (float wrong in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity, BitConverter.UInt32BitsToSingle(0xFF800001) })
        {
            for (int length = 1; length <= 100; length++)
            {
                float[] values = Samples.Normal(length, length);
                values[length / 2] = float.MaxValue;
                values[length / 3] = -float.Epsilon;
                Assert.Equal(-1, Elementwise.FirstNonFinite(values));
                for (int place = length - 1; place >= 0; place--)
                {
                    values[place] = wrong;
                    Assert.Equal(place, Elementwise.FirstNonFinite(values));
                }
            }
        }

        Assert.Equal(-1, Elementwise.FirstNonFinite([]));
    }

    [Fact]
    public void Wrong_lengths_and_shifted_overlaps_are_refused()
    {
        float[] memory = new float[40];
        Assert.Throws<ArgumentException>(() => Elementwise.Add(memory.AsSpan(0, 3), memory.AsSpan(10, 4)));
        Assert.Throws<ArgumentException>(() => Elementwise.Add(memory.AsSpan(0, 4), memory.AsSpan(10, 4), memory.AsSpan(20, 5)));
        Assert.Throws<ArgumentException>(() => Elementwise.Add(memory.AsSpan(0, 20), memory.AsSpan(1, 20)));
        Assert.Throws<ArgumentException>(() => Elementwise.MultiplyAdd(memory.AsSpan(0, 20), memory.AsSpan(19, 20), 1f));
        Assert.Throws<ArgumentException>(() => Elementwise.MultiplyAdd(memory.AsSpan(0, 20), memory.AsSpan(20, 19), 1f));
    }
}
