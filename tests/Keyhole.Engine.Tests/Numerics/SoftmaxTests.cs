using Keyhole.Engine.Numerics;
using Xunit;

namespace Keyhole.Engine.Tests.Numerics;

public class SoftmaxTests
{
    // Scores here lie up to 60 apart: the float difference from the maximum is off by up to 2e-6, and so is its exponential, relatively.
    private const double DifferenceRounding = 4e-6;

    [Fact]
    public void Every_length_agrees_with_the_twin()
    {
        foreach (int length in Samples.Lengths)
        {
            float[] scores = Samples.Normal(length, length, 8);
            double[] expected = Reference.Softmax.Row(scores);
            double logSumExp = Reference.Softmax.LogSumExp(scores);
            Assert.Equal(logSumExp, Softmax.LogSumExp(scores), length == 0 ? 0 : 2e-7);
            Softmax.Row(scores);
            Close.Within(expected, scores, DifferenceRounding, 1e-38, $"softmax of {length}");
        }
    }

    [Fact]
    public void Causal_rows_agree_with_the_twin_and_hide_the_rest()
    {
        foreach (int length in new[] { 1, 2, 15, 16, 17, 31, 33, 64, 100 })
        {
            for (int visible = 0; visible <= length; visible++)
            {
                float[] row = Samples.Normal(length, visible, 20);
                double[] expected = Reference.Softmax.CausalRow(row, visible, 0.125f);
                row.AsSpan(visible).Fill(float.NaN);
                Softmax.CausalRow(row, visible, 0.125f);
                Close.Within(expected, row, DifferenceRounding, 1e-38, $"{visible} of {length}");
                Assert.All(row[visible..], value => Assert.Equal(0, BitConverter.SingleToInt32Bits(value)));
            }
        }
    }

    [Fact]
    public void A_row_does_not_depend_on_what_is_hidden()
    {
        for (int visible = 0; visible <= 77; visible++)
        {
            float[] row = Samples.Normal(77 + 16, visible, 5);
            float[] alone = row[..visible];
            row.AsSpan(visible).Fill(float.PositiveInfinity);
            Softmax.CausalRow(row, visible, 0.3f);
            Softmax.CausalRow(alone, visible, 0.3f);
            Close.SameBits(alone, row.AsSpan(0, visible), "visible part");
            Assert.All(row[visible..], value => Assert.Equal(0, BitConverter.SingleToInt32Bits(value)));
        }
    }

    [Fact]
    public void Great_scores_do_not_overflow_and_minus_infinity_gets_zero()
    {
        float[] scores = [1e30f, 1e30f, float.NegativeInfinity, -1e30f];
        Softmax.Row(scores);
        Assert.Equal([0.5f, 0.5f, 0f, 0f], scores);
        Assert.Equal(1e30f, Softmax.LogSumExp([1e30f, float.NegativeInfinity]));
        Assert.Equal(-1000 + Math.Log(2), Softmax.LogSumExp([-1000f, -1000f]), 1e-12);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void A_broken_row_becomes_nan_throughout(float wrong)
    {
        for (int place = 0; place < 40; place++)
        {
            float[] scores = Samples.Normal(40, 2);
            scores[place] = wrong;
            Assert.True(double.IsNaN(Softmax.LogSumExp(scores)));
            Softmax.Row(scores);
            Assert.All(scores, value => Assert.True(float.IsNaN(value)));
        }
    }

    [Fact]
    public void A_row_of_minus_infinity_is_nan_as_in_pytorch()
    {
        float[] scores = [.. Enumerable.Repeat(float.NegativeInfinity, 20)];
        Assert.Equal(double.NegativeInfinity, Softmax.LogSumExp(scores));
        Softmax.Row(scores);
        Assert.All(scores, value => Assert.True(float.IsNaN(value)));
        Assert.Equal(double.NegativeInfinity, Softmax.LogSumExp([]));
        Assert.True(double.IsNaN(Softmax.LogSumExp([float.NegativeInfinity, float.NaN])));
    }

    [Fact]
    public void Wrong_arguments_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Softmax.CausalRow(new float[4], 5, 1f));
        Assert.Throws<ArgumentOutOfRangeException>(() => Softmax.CausalRow(new float[4], -1, 1f));
        Assert.Throws<ArgumentOutOfRangeException>(() => Softmax.CausalRow(new float[4], 4, 0f));
    }

    [Fact]
    public void Log_sum_exp_keeps_many_small_terms()
    {
        // 200,000 terms of 1e-8 beside one of 1: float sums would lose all of them.
        float[] logits = [.. Enumerable.Repeat((float)Math.Log(1e-8), 200_000)];
        logits[0] = 0;
        Assert.Equal(Math.Log(1 + (199_999 * 1e-8)), Softmax.LogSumExp(logits), 1e-8);
    }
}
