using System.Diagnostics.CodeAnalysis;

namespace Keyhole.Engine.Numerics;

/// <summary>Activation functions of feed-forward layers, by the formulas of Hugging Face transformers' <c>ACT2FN</c>.</summary>
public enum ActivationKind
{
    /// <summary>max(x, 0).</summary>
    Relu,

    /// <summary>max(x, 0)^2.</summary>
    Relu2,

    /// <summary><c>gelu</c>: x (1 + erf(x / sqrt 2)) / 2.</summary>
    Gelu,

    /// <summary><c>gelu_new</c>: x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))) / 2, x^3 by power.</summary>
    [SuppressMessage("Naming", "CA1711", Justification = "gelu_new is the function's name in every configuration file.")]
    GeluNew,

    /// <summary><c>gelu_fast</c>: x (1 + tanh(0.7978845608 x (1 + 0.044715 x^2))) / 2.</summary>
    GeluFast,

    /// <summary><c>gelu_pytorch_tanh</c>: PyTorch's gelu with <c>approximate="tanh"</c>.</summary>
    GeluPytorchTanh,

    /// <summary><c>gelu_10</c>: gelu, at most 10.</summary>
    Gelu10,

    /// <summary><c>quick_gelu</c>: x sigmoid(1.702 x).</summary>
    QuickGelu,

    /// <summary><c>silu</c>: x sigmoid(x).</summary>
    Silu,

    /// <summary><c>mish</c>: x tanh(ln(1 + e^x)).</summary>
    Mish,

    /// <summary><c>hardswish</c>: x min(max(x + 3, 0), 6) / 6.</summary>
    HardSwish,

    /// <summary><c>leaky_relu</c>: x, or 0.01 x below 0.</summary>
    LeakyRelu,

    /// <summary><c>relu6</c>: min(max(x, 0), 6).</summary>
    Relu6,

    /// <summary><c>laplace</c>: the normal distribution function of (x - 0.707107) / 0.282095.</summary>
    Laplace,

    /// <summary>tanh x.</summary>
    Tanh,

    /// <summary>1 / (1 + e^-x).</summary>
    Sigmoid,

    /// <summary><c>linear</c>: x.</summary>
    Identity,
}
