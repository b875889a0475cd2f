using System.Globalization;
using Xunit;

namespace Keyhole.Engine.Tests.Numerics;

/// <summary>Comparisons of float results with double-precision twins; infinities and NaN must agree exactly.</summary>
internal static class Close
{
    /// <summary>Distance from the exact value in units of the last place of a float near it.</summary>
    public static double Ulps(double expected, float actual)
    {
        float rounded = (float)expected;
        if (float.IsNaN(rounded) || float.IsNaN(actual) || float.IsInfinity(rounded) || float.IsInfinity(actual))
        {
            return rounded.Equals(actual) ? 0 : double.PositiveInfinity;
        }

        double ulp = Math.Max(Math.ScaleB(1, Math.ILogB(rounded == 0 ? float.Epsilon : rounded) - 23), float.Epsilon);
        return Math.Abs(actual - expected) / ulp;
    }

    public static void Within(double expected, float actual, double relative, double absolute, string what)
    {
        float rounded = (float)expected;
        bool holds = float.IsFinite(rounded) && float.IsFinite(actual)
            ? Math.Abs(actual - expected) <= (relative * Math.Abs(expected)) + absolute
            : rounded.Equals(actual);
        Assert.True(holds, string.Create(CultureInfo.InvariantCulture, $"{what}: expected {expected:R}, got {actual:R}"));
    }

    public static void Within(double[] expected, ReadOnlySpan<float> actual, double relative, double absolute, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Within(expected[i], actual[i], relative, absolute, $"{what}[{i}]");
        }
    }

    /// <summary>The same bits, any NaN being equal to any other.</summary>
    public static void SameBits(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            bool same = float.IsNaN(expected[i]) ? float.IsNaN(actual[i]) : BitConverter.SingleToInt32Bits(expected[i]) == BitConverter.SingleToInt32Bits(actual[i]);
            Assert.True(same, string.Create(CultureInfo.InvariantCulture, $"{what}[{i}]: expected {expected[i]:R}, got {actual[i]:R}"));
        }
    }
}
