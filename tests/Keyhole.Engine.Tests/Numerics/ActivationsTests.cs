using Keyhole.Engine.Numerics;
using Xunit;

namespace Keyhole.Engine.Tests.Numerics;

public class ActivationsTests
{
    public static TheoryData<ActivationKind> Kinds => [.. Enum.GetValues<ActivationKind>()];

    [Fact]
    public void Every_kind_has_the_name_that_it_is_found_by()
    {
        Assert.All(Enum.GetValues<ActivationKind>(), kind => Assert.Equal(kind, Activations.Parse(Activations.NameOf(kind))));
        Assert.Equal("gelu_new", Activations.NameOf(ActivationKind.GeluNew));
        Assert.Throws<ArgumentOutOfRangeException>(() => Activations.NameOf((ActivationKind)99));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_length_agrees_with_the_twin(ActivationKind kind)
    {
        foreach (int length in Samples.Lengths)
        {
            float[] values = Samples.Normal(length, length + 1, 3);
            double[] expected = [.. values.Select(x => Reference.Activations.Apply(kind, x))];
            Activations.Apply(kind, values);
            Close.Within(expected, values, 5e-7, 2e-8, $"{kind} of {length}");
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void All_floats_agree_with_the_twin(ActivationKind kind)
    {
        float[] inputs = [.. Samples.Specials, .. Samples.Sweep(400009)];
        float[] values = [.. inputs];
        Activations.Apply(kind, values);
        for (int i = 0; i < inputs.Length; i++)
        {
            // The twin squares and cubes in double: beyond 1e18 it stays finite where the float formula of relu2 overflows, and both agree after rounding.
            Close.Within(Reference.Activations.Apply(kind, inputs[i]), values[i], 5e-7, 2e-8, $"{kind}({inputs[i]:R})");
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Gated_is_the_activation_times_the_linear_part_also_in_place(ActivationKind kind)
    {
        foreach (int length in Samples.Lengths)
        {
            float[] gate = Samples.Normal(length, 3, 2);
            float[] linear = Samples.Normal(length, 4, 2);
            float[] expected = [.. gate];
            Activations.Apply(kind, expected);
            for (int i = 0; i < length; i++)
            {
                expected[i] *= linear[i];
            }

            float[] post = new float[length];
            Activations.ApplyGated(kind, gate, linear, post);
            Close.SameBits(expected, post, $"{kind} of {length}");

            float[] onGate = [.. gate];
            Activations.ApplyGated(kind, onGate, linear, onGate);
            Close.SameBits(expected, onGate, $"{kind} of {length} over the gate");

            Activations.ApplyGated(kind, gate, linear, linear);
            Close.SameBits(expected, linear, $"{kind} of {length} over the linear part");
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void An_elements_result_does_not_depend_on_its_place(ActivationKind kind)
    {
        float[] values = [.. Samples.Specials, .. Samples.Normal(40, 5, 4)];
        float[] whole = [.. values];
        Activations.Apply(kind, whole);
        for (int i = 0; i < values.Length; i++)
        {
            float[] alone = [values[i]];
            Activations.Apply(kind, alone);
            Close.SameBits(whole.AsSpan(i, 1), alone, $"{kind} of element {i}");
        }
    }

    [Fact]
    public void Erf_and_tanh_forms_of_gelu_differ()
    {
        float[] erf = [2f];
        float[] tanh = [2f];
        Activations.Apply(ActivationKind.Gelu, erf);
        Activations.Apply(ActivationKind.GeluNew, tanh);
        Assert.Equal(1.9544997f, erf[0], 2e-7f);
        Assert.Equal(1.9545977f, tanh[0], 2e-7f);
    }

    [Theory]
    [InlineData("gelu", ActivationKind.Gelu)]
    [InlineData("gelu_new", ActivationKind.GeluNew)]
    [InlineData("gelu_fast", ActivationKind.GeluFast)]
    [InlineData("gelu_pytorch_tanh", ActivationKind.GeluPytorchTanh)]
    [InlineData("quick_gelu", ActivationKind.QuickGelu)]
    [InlineData("silu", ActivationKind.Silu)]
    [InlineData("swish", ActivationKind.Silu)]
    [InlineData("relu", ActivationKind.Relu)]
    [InlineData("relu2", ActivationKind.Relu2)]
    [InlineData("tanh", ActivationKind.Tanh)]
    [InlineData("sigmoid", ActivationKind.Sigmoid)]
    [InlineData("linear", ActivationKind.Identity)]
    [InlineData("gelu_10", ActivationKind.Gelu10)]
    [InlineData("hardswish", ActivationKind.HardSwish)]
    [InlineData("laplace", ActivationKind.Laplace)]
    [InlineData("leaky_relu", ActivationKind.LeakyRelu)]
    [InlineData("mish", ActivationKind.Mish)]
    [InlineData("relu6", ActivationKind.Relu6)]
    public void Names_of_transformers_are_known(string name, ActivationKind kind) => Assert.Equal(kind, Activations.Parse(name));

    [Fact]
    public void An_unknown_name_is_refused_with_the_known_ones()
    {
        InputRefusedException error = Assert.Throws<InputRefusedException>(() => Activations.Parse("sqrtsoftplus"));
        Assert.Equal("KH3101", error.Code);
        Assert.Contains("'sqrtsoftplus'", error.Message, StringComparison.Ordinal);
        Assert.Contains("leaky_relu, linear, mish, quick_gelu", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_lengths_and_shifted_overlaps_are_refused()
    {
        float[] memory = new float[40];
        Assert.Throws<ArgumentException>(() => Activations.ApplyGated(ActivationKind.Silu, memory.AsSpan(0, 20), memory.AsSpan(20, 19), memory.AsSpan(0, 20)));
        Assert.Throws<ArgumentException>(() => Activations.ApplyGated(ActivationKind.Silu, memory.AsSpan(0, 20), memory.AsSpan(20, 20), memory.AsSpan(1, 20)));
        Assert.Throws<ArgumentException>(() => Activations.ApplyGated(ActivationKind.Silu, memory.AsSpan(0, 20), memory.AsSpan(10, 20), memory.AsSpan(0, 20)));
    }
}
