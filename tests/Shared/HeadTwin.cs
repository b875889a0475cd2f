using Keyhole.Engine.Checkpoints;
using Keyhole.Engine.Models;

namespace Keyhole.TestSupport;

/// <summary>The head of a model in plain double precision, never optimised.</summary>
internal sealed class HeadTwin(Model model)
{
    private readonly Dictionary<string, double[]> _tensors = [];

    /// <summary>W_U (gain * C v), or W_U v; with an adaptive softmax its log-probabilities.</summary>
    public double[] Linear(ReadOnlySpan<float> vector, bool folded) => Unembed(folded && model.Spec.Head.Norm is { } norm ? Fold(norm, Widen(vector)) : Widen(vector));

    /// <summary>A value vector of a layer, read like an update of it: folded through the norm of the layer's output first, where there is one.</summary>
    public double[] Value(int layer, ReadOnlySpan<float> value, bool folded, double coefficient = 1)
    {
        double[] x = [.. Widen(value).Select(v => v * coefficient)];
        if (folded && model.Spec.Blocks[layer].FeedForwardOutputNorm is { } output)
        {
            x = Fold(output, x);
        }

        return Unembed(folded && model.Spec.Head.Norm is { } norm ? Fold(norm, x) : x);
    }

    /// <summary>The model's logits of a last residual.</summary>
    public double[] Model(ReadOnlySpan<float> state)
    {
        double[] x = Widen(state);
        if (model.Spec.Head.Norm is { } norm)
        {
            double mean = norm.Kind == NormKind.LayerNorm ? x.Average() : 0;
            double scale = 1 / Math.Sqrt(x.Average(value => (value - mean) * (value - mean)) + norm.Epsilon);
            double[] bias = norm.Bias is { } name ? Tensor(name) : new double[x.Length];
            x = [.. Fold(norm, x).Select((value, i) => (value * scale) + bias[i])];
        }

        double[] z = Unembed(x);
        if (model.Spec.Head.Bias is { } added)
        {
            double[] bias = Tensor(added);
            z = [.. z.Select((value, token) => value + bias[token])];
        }

        return model.Spec.Head.SoftCap is { } cap ? [.. z.Select(value => cap * Math.Tanh(value / cap))] : z;
    }

    // gain * C x
    private double[] Fold(NormSpec norm, double[] x)
    {
        double mean = norm.Kind == NormKind.LayerNorm ? x.Average() : 0;
        double[] gain = norm.Weight is { } weight ? Tensor(weight) : [.. x.Select(_ => 1.0)];
        return [.. x.Select((value, i) => (value - mean) * (gain[i] + norm.GainOffset))];
    }

    private double[] Unembed(double[] x)
    {
        if (model.Spec.Head.ProjectOut is { } project)
        {
            x = Multiply(project, x);
        }

        return model.Spec.Head.Adaptive is { } adaptive ? LogProbabilities(adaptive, x) : Multiply(new LinearSpec(model.Spec.Head.Output, null, model.Spec.VocabularySize, x.Length), x);
    }

    // Grave et al. 2017 as fairseq has it: the head's words and one class for each tail, then each tail by itself.
    private double[] LogProbabilities(AdaptiveSoftmaxSpec adaptive, double[] x)
    {
        double[] head = LogSoftmax([.. Multiply(adaptive.Words, x), .. Multiply(adaptive.Classes, x)]);
        int words = adaptive.Words.Outputs;
        return [.. head.Take(words), .. adaptive.Tails.SelectMany((tail, n) => LogSoftmax(Multiply(tail.Words, Multiply(tail.Projection, x))).Select(log => head[words + n] + log))];
    }

    private static double[] LogSoftmax(double[] z)
    {
        double log = z.Max() + Math.Log(z.Sum(value => Math.Exp(value - z.Max())));
        return [.. z.Select(value => value - log)];
    }

    private double[] Multiply(LinearSpec map, double[] x)
    {
        double[] matrix = Tensor(map.Weight);
        return [.. Enumerable.Range(0, map.Outputs).Select(row => x.Select((value, k) => value * matrix[map.Transposed ? (k * map.StoredRows) + map.RowOf(row) : (map.RowOf(row) * map.Inputs) + k]).Sum())];
    }

    private double[] Tensor(string name)
    {
        if (!_tensors.TryGetValue(name, out double[]? values))
        {
            TensorInfo tensor = model.Checkpoint.Require(name);
            var stored = new float[tensor.ElementCount];
            model.Checkpoint.ReadFloats(tensor, 0, stored);
            _tensors[name] = values = [.. stored.Select(value => (double)value)];
        }

        return values;
    }

    private static double[] Widen(ReadOnlySpan<float> vector) => [.. vector.ToArray().Select(value => (double)value)];
}
