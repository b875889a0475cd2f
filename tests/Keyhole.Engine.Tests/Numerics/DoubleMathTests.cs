using Keyhole.Engine.Numerics;
using Xunit;

namespace Keyhole.Engine.Tests.Numerics;

public class DoubleMathTests
{
    [Fact]
    public void Log_agrees_with_the_library()
    {
        for (int i = 1; i < 20000; i++)
        {
            double x = Math.Pow(1.02, i % 3500) * i / 7.0;
            Assert.Equal(Math.Log(x), DoubleMath.Log(x), 1e-15 * Math.Max(1, Math.Abs(Math.Log(x))));
            Assert.Equal(Math.Log(1 / x), DoubleMath.Log(1 / x), 1e-15 * Math.Max(1, Math.Abs(Math.Log(x))));
        }

        Assert.Equal(0, DoubleMath.Log(1));
        Assert.Equal(double.NegativeInfinity, DoubleMath.Log(0));
        Assert.Equal(double.PositiveInfinity, DoubleMath.Log(double.PositiveInfinity));
        Assert.True(double.IsNaN(DoubleMath.Log(-1)));
        Assert.True(double.IsNaN(DoubleMath.Log(double.NaN)));
    }

    [Fact]
    public void Power_agrees_with_the_library()
    {
        foreach (double theta in new[] { 1.5, 10000, 500000, 1e6, 8e7 })
        {
            for (int i = 0; i <= 256; i++)
            {
                double expected = Math.Pow(theta, i / 128.0);
                Assert.Equal(expected, DoubleMath.Pow(theta, i / 128.0), 2e-14 * expected);
            }
        }
    }

    [Fact]
    public void Sine_and_cosine_agree_with_the_library()
    {
        for (int i = -200000; i < 200000; i++)
        {
            double x = i * 0.73;
            (double sin, double cos) = DoubleMath.SinCos(x);
            Assert.Equal(Math.Sin(x), sin, 3e-16);
            Assert.Equal(Math.Cos(x), cos, 3e-16);
        }
    }
}
