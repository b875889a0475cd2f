using Keyhole.Engine.Checkpoints;
using Keyhole.Engine.Models;

namespace Keyhole.TestSupport;

/// <summary>The head of a model in plain double precision, never optimised.</summary>
internal sealed class HeadTwin(Model model)
{
    /// <summary>W_U (gain * C v), or W_U v.</summary>
    public double[] Linear(ReadOnlySpan<float> vector, bool folded)
    {
        double[] x = [.. vector.ToArray().Select(value => (double)value)];
        if (folded && model.Spec.Head.Norm is { } norm)
        {
            double[] gain = Tensor(norm.Weight!);
            double mean = norm.Kind == NormKind.LayerNorm ? x.Average() : 0;
            x = [.. x.Select((value, i) => (value - mean) * gain[i])];
        }

        return Unembed(x);
    }

    /// <summary>The model's logits of a last residual.</summary>
    public double[] Model(ReadOnlySpan<float> state)
    {
        double[] x = [.. state.ToArray().Select(value => (double)value)];
        if (model.Spec.Head.Norm is { } norm)
        {
            double mean = norm.Kind == NormKind.LayerNorm ? x.Average() : 0;
            double scale = 1 / Math.Sqrt(x.Average(value => (value - mean) * (value - mean)) + norm.Epsilon);
            double[] gain = Tensor(norm.Weight!);
            double[] bias = norm.Bias is { } name ? Tensor(name) : new double[x.Length];
            x = [.. x.Select((value, i) => ((value - mean) * scale * gain[i]) + bias[i])];
        }

        return Unembed(x);
    }

    private double[] Unembed(double[] x)
    {
        if (model.Spec.Head.ProjectOut is { } project)
        {
            x = Multiply(Tensor(project.Weight), x);
        }

        return Multiply(Tensor(model.Spec.Head.Output), x);
    }

    private static double[] Multiply(double[] matrix, double[] x)
        => [.. Enumerable.Range(0, matrix.Length / x.Length).Select(row => x.Select((value, k) => value * matrix[(row * x.Length) + k]).Sum())];

    private double[] Tensor(string name)
    {
        TensorInfo tensor = model.Checkpoint.Require(name);
        var values = new float[tensor.ElementCount];
        model.Checkpoint.ReadFloats(tensor, 0, values);
        return [.. values.Select(value => (double)value)];
    }
}
