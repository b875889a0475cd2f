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
}
