using Keyhole.Engine.Numerics;
using Xunit;

namespace Keyhole.Engine.Tests.Numerics;

public class RotaryFrequenciesTests
{
    [Theory]
    [InlineData(10000, 64)]
    [InlineData(500000, 128)]
    [InlineData(10000, 2)]
    [InlineData(1000000, 20)]
    public void Default_and_linear(double theta, int dim)
    {
        Require(Reference.RotaryFrequencies.Default(theta, dim), 1, new RotarySettings { Theta = theta, RotaryDim = dim });
        Require(Reference.RotaryFrequencies.Linear(theta, dim, 2.5), 1, new RotarySettings { Kind = RotaryKind.Linear, Theta = theta, RotaryDim = dim, Factor = 2.5 });
    }

    [Theory]
    [InlineData(10)]
    [InlineData(2048)]
    [InlineData(5000)]
    public void Dynamic_grows_beyond_the_trained_positions(int length)
    {
        var settings = new RotarySettings { Kind = RotaryKind.Dynamic, RotaryDim = 64, Factor = 2, MaxPositions = 2048 };
        Require(Reference.RotaryFrequencies.Dynamic(10000, 64, 2, 2048, length), 1, settings, length);
        bool unscaled = RotaryFrequencies.Compute(settings, length).InverseFrequencies[31] == RotaryFrequencies.Compute(new RotarySettings { RotaryDim = 64 }, 0).InverseFrequencies[31];
        Assert.Equal(length <= 2048, unscaled);
    }

    [Theory]
    [InlineData(true, null, null, null)]
    [InlineData(false, null, null, null)]
    [InlineData(true, 0.707, 0.707, null)]
    [InlineData(true, 1.0, 0.5, null)]
    [InlineData(true, 1.0, 0.0, null)]
    [InlineData(true, null, null, 1.5)]
    public void Yarn(bool truncate, double? mscale, double? mscaleAllDim, double? attentionFactor)
    {
        var settings = new RotarySettings
        {
            Kind = RotaryKind.Yarn, Theta = 10000, RotaryDim = 64, Factor = 40, MaxPositions = 163840, OriginalMaxPositions = 4096,
            Truncate = truncate, Mscale = mscale, MscaleAllDim = mscaleAllDim, AttentionFactor = attentionFactor,
        };
        (double[] frequencies, double attention) = Reference.RotaryFrequencies.Yarn(settings, 40, 4096);
        Require(frequencies, attentionFactor ?? attention, settings);
    }

    [Fact]
    public void Yarn_without_a_factor_takes_the_ratio_of_positions()
    {
        var settings = new RotarySettings { Kind = RotaryKind.Yarn, RotaryDim = 32, MaxPositions = 32768, OriginalMaxPositions = 4096 };
        (double[] frequencies, double attention) = Reference.RotaryFrequencies.Yarn(settings, 8, 4096);
        Assert.Equal(1.2079441541679836, attention, 1e-15);   // 0.1 ln 8 + 1
        Require(frequencies, attention, settings);
    }

    [Theory]
    [InlineData(8, 8192, 500000, 128)]
    [InlineData(32, 8192, 500000, 64)]
    [InlineData(8, 16, 500000, 8)]
    public void Llama3(double factor, int original, double theta, int dim)
    {
        var settings = new RotarySettings { Kind = RotaryKind.Llama3, Theta = theta, RotaryDim = dim, Factor = factor, OriginalMaxPositions = original, LowFrequencyFactor = 1, HighFrequencyFactor = 4 };
        Require(Reference.RotaryFrequencies.Llama3(settings), 1, settings);
    }

    [Fact]
    public void Long_rope_takes_the_set_of_the_length()
    {
        double[] shortFactors = [1, 1.1, 1.25, 1.5];
        double[] longFactors = [1, 4, 16, 60];
        var settings = new RotarySettings { Kind = RotaryKind.LongRope, RotaryDim = 8, MaxPositions = 131072, OriginalMaxPositions = 4096, ShortFactors = shortFactors, LongFactors = longFactors };
        double attention = Math.Sqrt(1 + (Math.Log(32) / Math.Log(4096)));
        double[] plain = Reference.RotaryFrequencies.Default(10000, 8);
        Require([.. plain.Zip(shortFactors, (f, s) => f / s)], attention, settings, 4096);
        Require([.. plain.Zip(longFactors, (f, l) => f / l)], attention, settings, 4097);
    }

    [Fact]
    public void Divisors_of_a_gguf_divide_the_frequencies()
    {
        float[] divisors = [1f, 2f, 8f, 32f];
        double[] expected = [.. Reference.RotaryFrequencies.Default(10000, 8).Zip(divisors, (f, d) => f / d)];
        Require(expected, 1, new RotarySettings { RotaryDim = 8, FrequencyDivisors = divisors });
    }

    [Fact]
    public void Wrong_settings_are_refused_by_name()
    {
        RequireRefused("rotary dimension is 7", new RotarySettings { RotaryDim = 7 });
        RequireRefused("rotary dimension is 2000000000", new RotarySettings { RotaryDim = 2000000000 });
        RequireRefused("rotary dimension is 0", new RotarySettings { RotaryDim = 0 });
        RequireRefused("rope_theta is NaN", new RotarySettings { RotaryDim = 8, Theta = double.NaN });
        RequireRefused("factor is NaN", new RotarySettings { RotaryDim = 8, Kind = RotaryKind.Linear });
        RequireRefused("factor is 0", new RotarySettings { RotaryDim = 8, Kind = RotaryKind.Llama3, Factor = 0, OriginalMaxPositions = 16 });
        RequireRefused("high_freq_factor is 1", new RotarySettings { RotaryDim = 8, Kind = RotaryKind.Llama3, Factor = 8, OriginalMaxPositions = 16, HighFrequencyFactor = 1 });
        RequireRefused("original_max_position_embeddings is 0", new RotarySettings { RotaryDim = 8, Kind = RotaryKind.Yarn, Factor = 2 });
        RequireRefused("entries of short_factor is 0", new RotarySettings { RotaryDim = 8, Kind = RotaryKind.LongRope, Factor = 2, MaxPositions = 100 });
        RequireRefused("entries of rope_freqs.weight is 3", new RotarySettings { RotaryDim = 8, FrequencyDivisors = [1f, 1f, 1f] });
        RequireRefused("rotary frequency is", new RotarySettings { RotaryDim = 8, FrequencyDivisors = [1f, 1f, 0f, 1f] });
        RequireRefused("attention_factor is -1", new RotarySettings { RotaryDim = 8, AttentionFactor = -1 });
    }

    private static void Require(double[] frequencies, double attention, RotarySettings settings, int length = 0)
    {
        (float[] computed, float factor) = RotaryFrequencies.Compute(settings, length);
        Assert.Equal((float)attention, factor);
        for (int i = 0; i < frequencies.Length; i++)
        {
            Assert.True(Close.Ulps(frequencies[i], computed[i]) <= 0.51, $"frequency {i}: expected {frequencies[i]}, got {computed[i]}");
        }

        Assert.Equal(frequencies.Length, computed.Length);
    }

    private static void RequireRefused(string sentence, RotarySettings settings)
    {
        InputRefusedException error = Assert.Throws<InputRefusedException>(() => RotaryFrequencies.Compute(settings, 100));
        Assert.Equal("KH3102", error.Code);
        Assert.Contains(sentence, error.Message, StringComparison.Ordinal);
    }
}
