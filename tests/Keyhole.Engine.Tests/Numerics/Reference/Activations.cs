using Keyhole.Engine.Numerics;

namespace Keyhole.Engine.Tests.Numerics.Reference;

/// <summary>Double-precision twin: each formula as transformers' activations.py writes it.</summary>
internal static class Activations
{
    public static double Apply(ActivationKind kind, double x) => kind switch
    {
        ActivationKind.Relu => x > 0 || double.IsNaN(x) ? x : 0,
        ActivationKind.Relu2 => x > 0 || double.IsNaN(x) ? x * x : 0,

        // x (1 + erf(x / sqrt 2)) / 2, with erfc on the left so that the twin itself does not cancel
        ActivationKind.Gelu => x * VectorMath.NormalCdf(x),
        ActivationKind.GeluNew => HalfOnePlusTanh(x, Math.Sqrt(2 / Math.PI) * (x + (0.044715 * Math.Pow(x, 3)))),
        ActivationKind.GeluFast => HalfOnePlusTanh(x, x * 0.7978845608 * (1 + (0.044715 * x * x))),
        ActivationKind.GeluPytorchTanh => HalfOnePlusTanh(x, Math.Sqrt(2) * (2 / Math.Sqrt(Math.PI)) * 0.5 * (x + (0.044715 * x * x * x))),
        ActivationKind.QuickGelu => x * VectorMath.Sigmoid(1.702 * x),
        ActivationKind.Gelu10 => Math.Clamp(x * VectorMath.NormalCdf(x), -10, 10),
        ActivationKind.Mish => x * Math.Tanh(double.LogP1(Math.Exp(x))),
        ActivationKind.HardSwish => x * Math.Clamp(x + 3, 0, 6) / 6,
        ActivationKind.LeakyRelu => x > 0 ? x : 0.01 * x,
        ActivationKind.Relu6 => Math.Clamp(x, 0, 6),
        ActivationKind.Laplace => VectorMath.NormalCdf(Math.Clamp((x - 0.707107) / 0.282095, -30, 30)),
        ActivationKind.Silu => x * VectorMath.Sigmoid(x),
        ActivationKind.Tanh => Math.Tanh(x),
        ActivationKind.Sigmoid => VectorMath.Sigmoid(x),
        ActivationKind.Identity => x,
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    private static double HalfOnePlusTanh(double x, double u) => 0.5 * x * (1 + Math.Tanh(u));
}
