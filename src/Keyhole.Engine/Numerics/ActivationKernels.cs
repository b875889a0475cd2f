using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Keyhole.Engine.Numerics;

/// <summary>The activation functions. NaN gives NaN; minus infinity gives NaN where the formula is x times a factor that reaches 0, as in PyTorch.</summary>
internal static class ActivationKernels
{
    /// <summary>max(x, 0); written so that NaN stays NaN and -0 gives +0.</summary>
    public readonly struct Relu : IActivationKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Invoke(Vector512<float> x)
            => Vector512.ConditionalSelect(Vector512.LessThanOrEqual(x, Vector512<float>.Zero), Vector512<float>.Zero, x);
    }

    /// <summary>max(x, 0)^2.</summary>
    public readonly struct Relu2 : IActivationKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Invoke(Vector512<float> x)
        {
            Vector512<float> positive = Relu.Invoke(x);
            return positive * positive;
        }
    }

    /// <summary>x times the normal distribution function: (1 + erf(x / sqrt 2)) / 2 without its cancellation at the left.</summary>
    public readonly struct Gelu : IActivationKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Invoke(Vector512<float> x) => x * VectorMath.NormalCdf(x);
    }

    /// <summary>
    /// x sigmoid(2u), u = sqrt(2/pi) (x + 0.044715 x^3), which is x (1 + tanh u) / 2 without its cancellation at the left.
    /// <c>gelu_new</c>, <c>gelu_fast</c> and <c>gelu_pytorch_tanh</c> spell this one function in three orders of operations, with constants
    /// that are the same floats: they differ by rounding only, and the one kernel is nearer to each formula than the formula in float32 is.
    /// </summary>
    public readonly struct GeluTanh : IActivationKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Invoke(Vector512<float> x)
        {
            // 2u = x (c + 0.044715 c x^2), c = 2 sqrt(2/pi)
            Vector512<float> twice = x * Vector512.FusedMultiplyAdd(x * x, Vector512.Create(0.0713548163f), Vector512.Create(1.59576912f));
            return x * VectorMath.Sigmoid(twice);
        }
    }

    /// <summary>min(gelu(x), 10): the limit at -10 of <c>gelu_10</c> is never met, as gelu has its minimum at -0.17.</summary>
    public readonly struct Gelu10 : IActivationKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Invoke(Vector512<float> x) => AtMost(Gelu.Invoke(x), 10);
    }

    /// <summary>x tanh(ln(1 + e^x)) = x n / (n + 2), n = e^x (e^x + 2), without cancellation on either side; from 20 on the factor is 1 in float.</summary>
    public readonly struct Mish : IActivationKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Invoke(Vector512<float> x)
        {
            Vector512<float> e = VectorMath.Exp(AtMost(x, 20));
            Vector512<float> n = e * (e + Vector512.Create(2f));
            return x * (n / (n + Vector512.Create(2f)));
        }
    }

    /// <summary>x r / 6, r = x + 3 between 0 and 6.</summary>
    public readonly struct HardSwish : IActivationKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Invoke(Vector512<float> x) => x * (Relu6.Invoke(x + Vector512.Create(3f)) / Vector512.Create(6f));
    }

    /// <summary>x above 0, otherwise 0.01 x.</summary>
    public readonly struct LeakyRelu : IActivationKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Invoke(Vector512<float> x)
            => Vector512.ConditionalSelect(Vector512.GreaterThan(x, Vector512<float>.Zero), x, x * Vector512.Create(0.01f));
    }

    /// <summary>max(x, 0), at most 6.</summary>
    public readonly struct Relu6 : IActivationKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Invoke(Vector512<float> x) => AtMost(Relu.Invoke(x), 6);
    }

    /// <summary>(1 + erf((x - mu) / (sigma sqrt 2))) / 2, mu = 0.707107, sigma = 0.282095.</summary>
    public readonly struct Laplace : IActivationKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Invoke(Vector512<float> x) => VectorMath.NormalCdf((x - Vector512.Create(0.707107f)) / Vector512.Create(0.282095f));
    }

    /// <summary>x sigmoid(1.702 x).</summary>
    public readonly struct QuickGelu : IActivationKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Invoke(Vector512<float> x) => x * VectorMath.Sigmoid(x * Vector512.Create(1.702f));
    }

    /// <summary>x sigmoid(x).</summary>
    public readonly struct Silu : IActivationKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Invoke(Vector512<float> x) => x * VectorMath.Sigmoid(x);
    }

    /// <summary>tanh x.</summary>
    public readonly struct Tanh : IActivationKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Invoke(Vector512<float> x) => VectorMath.Tanh(x);
    }

    /// <summary>1 / (1 + e^-x).</summary>
    public readonly struct Sigmoid : IActivationKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Invoke(Vector512<float> x) => VectorMath.Sigmoid(x);
    }

    /// <summary>x.</summary>
    public readonly struct Identity : IActivationKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Invoke(Vector512<float> x) => x;
    }

    // min(x, limit), where NaN stays NaN.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> AtMost(Vector512<float> x, float limit)
        => Vector512.ConditionalSelect(Vector512.GreaterThan(x, Vector512.Create(limit)), Vector512.Create(limit), x);
}
