using Keyhole.Engine.Numerics;
using Xunit;

namespace Keyhole.Engine.Tests.Numerics;

public class RotaryTests
{
    [Fact]
    public void Both_layouts_agree_with_complex_rotation_for_every_size()
    {
        for (int half = 0; half <= 80; half++)
        {
            float[] head = Samples.Normal((2 * half) + 5, half);
            double[] angles = [.. Samples.Normal(half, 9, 3).Select(angle => (double)angle)];
            float[] cosines = [.. angles.Select(angle => (float)Math.Cos(angle))];
            float[] sines = [.. angles.Select(angle => (float)Math.Sin(angle))];

            float[] rotated = [.. head];
            Rotary.ApplyHalf(rotated, cosines, sines);
            Close.Within(Reference.Rotary.ApplyHalf(head, angles), rotated, 0, 1e-6, $"halves of {half}");
            Close.SameBits(head.AsSpan(2 * half), rotated.AsSpan(2 * half), "the part that is not rotated");

            rotated = [.. head];
            Rotary.ApplyInterleaved(rotated, cosines, sines);
            Close.Within(Reference.Rotary.ApplyInterleaved(head, angles), rotated, 0, 1e-6, $"pairs of {half}");
            Close.SameBits(head.AsSpan(2 * half), rotated.AsSpan(2 * half), "the part that is not rotated");
        }
    }

    [Fact]
    public void The_two_layouts_are_one_rotation_of_permuted_heads()
    {
        const int Half = 40;
        float[] head = Samples.Normal(2 * Half, 1);
        float[] cosines = Samples.Normal(Half, 2);
        float[] sines = Samples.Normal(Half, 3);
        float[] interleaved = new float[2 * Half];
        for (int i = 0; i < Half; i++)
        {
            (interleaved[2 * i], interleaved[(2 * i) + 1]) = (head[i], head[i + Half]);
        }

        Rotary.ApplyHalf(head, cosines, sines);
        Rotary.ApplyInterleaved(interleaved, cosines, sines);
        for (int i = 0; i < Half; i++)
        {
            Close.SameBits([head[i], head[i + Half]], [interleaved[2 * i], interleaved[(2 * i) + 1]], $"pair {i}");
        }
    }

    [Fact]
    public void Wrong_lengths_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Rotary.ApplyHalf(new float[7], new float[4], new float[4]));
        Assert.Throws<ArgumentException>(() => Rotary.ApplyInterleaved(new float[8], new float[4], new float[3]));
    }

    [Fact]
    public void The_table_holds_the_cosines_of_float_angles()
    {
        float[] frequencies = RotaryFrequencies.Compute(new RotarySettings { RotaryDim = 64 }, 0).InverseFrequencies;
        var table = new RotaryTable(frequencies, 1.25f, 5000);
        Assert.Equal(5000, table.Positions);
        Assert.Equal(32, table.Half);
        foreach (int position in new[] { 0, 1, 2, 100, 4999 })
        {
            for (int i = 0; i < 32; i++)
            {
                float angle = position * frequencies[i];
                Assert.Equal(1.25 * Math.Cos(angle), table.Cosines(position)[i], 1e-7);
                Assert.Equal(1.25 * Math.Sin(angle), table.Sines(position)[i], 1e-7);
            }
        }

        Assert.Equal(0, new RotaryTable(frequencies, 1, 0).Positions);
    }
}
