using System.Globalization;
using System.Runtime.Intrinsics;
using Keyhole.Engine.Numerics;
using Xunit;

namespace Keyhole.Engine.Tests.Numerics;

public class VectorMathTests
{
    [Fact]
    public void Exp_is_within_1_ulp_over_all_floats() => RequireAccuracy(VectorMath.Exp, Reference.VectorMath.Exp, 1.0);

    [Fact]
    public void Tanh_is_within_3_ulp_over_all_floats() => RequireAccuracy(VectorMath.Tanh, Reference.VectorMath.Tanh, 3.0);

    [Fact]
    public void Sigmoid_is_within_3_ulp_over_all_floats() => RequireAccuracy(VectorMath.Sigmoid, Reference.VectorMath.Sigmoid, 3.0);

    [Fact]
    public void Normal_distribution_is_within_6_ulp_over_all_floats() => RequireAccuracy(VectorMath.NormalCdf, Reference.VectorMath.NormalCdf, 6.0);

    [Fact]
    public void Odd_functions_keep_the_sign_of_zero()
    {
        Assert.True(float.IsNegative(VectorMath.Tanh(Vector512.Create(-0f))[0]));
        Assert.False(float.IsNegative(VectorMath.Tanh(Vector512.Create(0f))[0]));
    }

    [Theory]
    [InlineData(float.PositiveInfinity, float.PositiveInfinity, 1f, 1f, 1f)]
    [InlineData(float.NegativeInfinity, 0f, -1f, 0f, 0f)]
    [InlineData(float.NaN, float.NaN, float.NaN, float.NaN, float.NaN)]
    [InlineData(0f, 1f, 0f, 0.5f, 0.5f)]
    public void Special_values(float x, float exp, float tanh, float sigmoid, float normal)
    {
        Vector512<float> v = Vector512.Create(x);
        Assert.Equal(exp, VectorMath.Exp(v)[7]);
        Assert.Equal(tanh, VectorMath.Tanh(v)[7]);
        Assert.Equal(sigmoid, VectorMath.Sigmoid(v)[7]);
        Assert.Equal(normal, VectorMath.NormalCdf(v)[7]);
    }

    private static void RequireAccuracy(Func<Vector512<float>, Vector512<float>> kernel, Func<double, double> twin, double ulps)
    {
        float[] inputs = [.. Samples.Specials, .. Samples.Sweep(40009), .. Samples.Normal(20000, 1, 3), .. Samples.Normal(20000, 2, 40)];
        for (int i = 0; i + Lanes.Count <= inputs.Length; i += Lanes.Count)
        {
            Vector512<float> results = kernel(Vector512.Create(inputs, i));
            for (int lane = 0; lane < Lanes.Count; lane++)
            {
                double error = Close.Ulps(twin(inputs[i + lane]), results[lane]);
                Assert.True(error <= ulps, string.Create(CultureInfo.InvariantCulture, $"f({inputs[i + lane]:R}) = {results[lane]:R}, off by {error:F2} ulp"));
            }
        }
    }
}
