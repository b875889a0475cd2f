using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Keyhole.Engine.Checkpoints;

namespace Keyhole.Engine.Numerics;

/// <summary>Applies the activation functions of feed-forward layers, exact by name.</summary>
public static class Activations
{
    // Names of transformers' ACT2FN (activations.py). gelu_accurate and gelu_python_tanh are the formula of gelu_new.
    private static readonly KeyValuePair<string, ActivationKind>[] Names =
    [
        new("gelu", ActivationKind.Gelu),
        new("gelu_10", ActivationKind.Gelu10),
        new("gelu_accurate", ActivationKind.GeluNew),
        new("gelu_fast", ActivationKind.GeluFast),
        new("gelu_new", ActivationKind.GeluNew),
        new("gelu_python", ActivationKind.Gelu),
        new("gelu_python_tanh", ActivationKind.GeluNew),
        new("gelu_pytorch_tanh", ActivationKind.GeluPytorchTanh),
        new("hardswish", ActivationKind.HardSwish),
        new("laplace", ActivationKind.Laplace),
        new("leaky_relu", ActivationKind.LeakyRelu),
        new("linear", ActivationKind.Identity),
        new("mish", ActivationKind.Mish),
        new("quick_gelu", ActivationKind.QuickGelu),
        new("relu", ActivationKind.Relu),
        new("relu2", ActivationKind.Relu2),
        new("relu6", ActivationKind.Relu6),
        new("sigmoid", ActivationKind.Sigmoid),
        new("silu", ActivationKind.Silu),
        new("swish", ActivationKind.Silu),
        new("tanh", ActivationKind.Tanh),
    ];

    /// <summary>Finds an activation by the name that a Hugging Face configuration gives it (<c>hidden_act</c>, <c>activation_function</c>).</summary>
    /// <exception cref="InputRefusedException">KH3101: the name is not known; the message lists the known ones.</exception>
    public static ActivationKind Parse(string name)
    {
        foreach (KeyValuePair<string, ActivationKind> known in Names)
        {
            if (string.Equals(known.Key, name, StringComparison.Ordinal))
            {
                return known.Value;
            }
        }

        throw new InputRefusedException("KH3101", $"Activation function {Naming.Quote(name)} is not known; expected one of {string.Join(", ", Names.Select(known => known.Key))}.");
    }

    /// <summary>The name that transformers' <c>ACT2FN</c> gives an activation, such as <c>gelu_new</c>; where it has several, the usual one.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is no activation.</exception>
    public static string NameOf(ActivationKind kind) => kind switch
    {
        ActivationKind.Relu => "relu",
        ActivationKind.Relu2 => "relu2",
        ActivationKind.Gelu => "gelu",
        ActivationKind.GeluNew => "gelu_new",
        ActivationKind.GeluFast => "gelu_fast",
        ActivationKind.GeluPytorchTanh => "gelu_pytorch_tanh",
        ActivationKind.QuickGelu => "quick_gelu",
        ActivationKind.Gelu10 => "gelu_10",
        ActivationKind.Mish => "mish",
        ActivationKind.HardSwish => "hardswish",
        ActivationKind.LeakyRelu => "leaky_relu",
        ActivationKind.Relu6 => "relu6",
        ActivationKind.Laplace => "laplace",
        ActivationKind.Silu => "silu",
        ActivationKind.Tanh => "tanh",
        ActivationKind.Sigmoid => "sigmoid",
        ActivationKind.Identity => "linear",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not an activation kind."),
    };

    /// <summary>values[i] = f(values[i]), in place; any length.</summary>
    /// <remarks>NaN gives NaN. An element's result depends on that element alone, never on its place.</remarks>
    public static void Apply(ActivationKind kind, Span<float> values)
    {
        switch (kind)
        {
            case ActivationKind.Relu: Apply<ActivationKernels.Relu>(values); break;
            case ActivationKind.Relu2: Apply<ActivationKernels.Relu2>(values); break;
            case ActivationKind.Gelu: Apply<ActivationKernels.Gelu>(values); break;
            case ActivationKind.GeluNew or ActivationKind.GeluFast or ActivationKind.GeluPytorchTanh: Apply<ActivationKernels.GeluTanh>(values); break;
            case ActivationKind.QuickGelu: Apply<ActivationKernels.QuickGelu>(values); break;
            case ActivationKind.Gelu10: Apply<ActivationKernels.Gelu10>(values); break;
            case ActivationKind.Mish: Apply<ActivationKernels.Mish>(values); break;
            case ActivationKind.HardSwish: Apply<ActivationKernels.HardSwish>(values); break;
            case ActivationKind.LeakyRelu: Apply<ActivationKernels.LeakyRelu>(values); break;
            case ActivationKind.Relu6: Apply<ActivationKernels.Relu6>(values); break;
            case ActivationKind.Laplace: Apply<ActivationKernels.Laplace>(values); break;
            case ActivationKind.Silu: Apply<ActivationKernels.Silu>(values); break;
            case ActivationKind.Tanh: Apply<ActivationKernels.Tanh>(values); break;
            case ActivationKind.Sigmoid: Apply<ActivationKernels.Sigmoid>(values); break;
            case ActivationKind.Identity: break;
            default: throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not an activation kind.");
        }
    }

    /// <summary>post[i] = f(gate[i]) * linear[i]: the coefficients of a gated feed-forward layer.</summary>
    /// <param name="kind">f.</param>
    /// <param name="gate">Pre-activations of the gate, any length.</param>
    /// <param name="linear">The linear part, as long as <paramref name="gate"/>.</param>
    /// <param name="post">Result, as long as <paramref name="gate"/>; may be the same span as either input, not a shifted overlap.</param>
    public static void ApplyGated(ActivationKind kind, ReadOnlySpan<float> gate, ReadOnlySpan<float> linear, Span<float> post)
    {
        Shape.Require(linear, nameof(linear), gate.Length);
        Shape.Require(post, nameof(post), gate.Length);
        Aliasing.RequireSameOrApart(gate, post);
        Aliasing.RequireSameOrApart(linear, post);
        switch (kind)
        {
            case ActivationKind.Relu: ApplyGated<ActivationKernels.Relu>(gate, linear, post); break;
            case ActivationKind.Relu2: ApplyGated<ActivationKernels.Relu2>(gate, linear, post); break;
            case ActivationKind.Gelu: ApplyGated<ActivationKernels.Gelu>(gate, linear, post); break;
            case ActivationKind.GeluNew or ActivationKind.GeluFast or ActivationKind.GeluPytorchTanh: ApplyGated<ActivationKernels.GeluTanh>(gate, linear, post); break;
            case ActivationKind.QuickGelu: ApplyGated<ActivationKernels.QuickGelu>(gate, linear, post); break;
            case ActivationKind.Gelu10: ApplyGated<ActivationKernels.Gelu10>(gate, linear, post); break;
            case ActivationKind.Mish: ApplyGated<ActivationKernels.Mish>(gate, linear, post); break;
            case ActivationKind.HardSwish: ApplyGated<ActivationKernels.HardSwish>(gate, linear, post); break;
            case ActivationKind.LeakyRelu: ApplyGated<ActivationKernels.LeakyRelu>(gate, linear, post); break;
            case ActivationKind.Relu6: ApplyGated<ActivationKernels.Relu6>(gate, linear, post); break;
            case ActivationKind.Laplace: ApplyGated<ActivationKernels.Laplace>(gate, linear, post); break;
            case ActivationKind.Silu: ApplyGated<ActivationKernels.Silu>(gate, linear, post); break;
            case ActivationKind.Tanh: ApplyGated<ActivationKernels.Tanh>(gate, linear, post); break;
            case ActivationKind.Sigmoid: ApplyGated<ActivationKernels.Sigmoid>(gate, linear, post); break;
            case ActivationKind.Identity: ApplyGated<ActivationKernels.Identity>(gate, linear, post); break;
            default: throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not an activation kind.");
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Apply<TKernel>(Span<float> values)
        where TKernel : struct, IActivationKernel
    {
        int i = 0;
        for (; i <= values.Length - Lanes.Count; i += Lanes.Count)
        {
            Lanes.Store(TKernel.Invoke(Lanes.Load(values, i)), values, i);
        }

        if (i < values.Length)
        {
            Lanes.StoreTail(TKernel.Invoke(Lanes.LoadTail(values, i, 0f)), values, i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ApplyGated<TKernel>(ReadOnlySpan<float> gate, ReadOnlySpan<float> linear, Span<float> post)
        where TKernel : struct, IActivationKernel
    {
        int i = 0;
        for (; i <= post.Length - Lanes.Count; i += Lanes.Count)
        {
            Lanes.Store(TKernel.Invoke(Lanes.Load(gate, i)) * Lanes.Load(linear, i), post, i);
        }

        if (i < post.Length)
        {
            Lanes.StoreTail(TKernel.Invoke(Lanes.LoadTail(gate, i, 0f)) * Lanes.LoadTail(linear, i, 0f), post, i);
        }
    }
}
