using Keyhole.Composition;
using Keyhole.Engine.Capture;
using Keyhole.Engine.Checkpoints;
using Keyhole.Engine.Models;

namespace Keyhole.Tests.Composition;

/// <summary>Twin of the tracer: every prefix runs alone with all sites kept, and the method is applied word by word in double precision to whole rows of logits.</summary>
internal sealed class NaiveTracer : IDisposable
{
    private readonly Model _model;
    private readonly ForwardPass _pass;
    private readonly Dictionary<string, double[]> _weights = [];

    public NaiveTracer(string folder)
    {
        _model = Model.Open(folder);
        _pass = new ForwardPass(_model, new ForwardOptions { Threads = 1 });
    }

    public ModelSpec Spec => _model.Spec;

    public void Dispose()
    {
        _pass.Dispose();
        _model.Dispose();
    }

    /// <summary>All sites of a prefix.</summary>
    public SiteCapture Run(int[] ids)
    {
        var capture = new SiteCapture(Spec, ids.Length, ["*"]);
        _pass.Run(TokenBatch.OfText(ids), capture);
        return capture;
    }

    /// <summary>The last row of a site.</summary>
    public static double[] Last(SiteCapture capture, Site site, int layer, int rows)
    {
        float[] values = capture.Values(site, layer);
        return [.. values.AsSpan(values.Length - (values.Length / rows)).ToArray().Select(value => (double)value)];
    }

    /// <summary>Value i of a layer: column i of the output map.</summary>
    public double[] Value(int layer, int memory)
    {
        LinearSpec map = Spec.Blocks[layer].FeedForward.Experts[0].Out;
        double[] weights = Read(map.Weight);
        return [.. Enumerable.Range(0, map.Outputs).Select(d => weights[(d * map.Inputs) + memory])];
    }

    /// <summary>W_U (gain * C v).</summary>
    public double[] Folded(double[] v)
    {
        if (Spec.Head.Norm is not { } norm)
        {
            return Embed(v);
        }

        double mean = norm.Kind == NormKind.LayerNorm ? v.Average() : 0;
        double[]? gain = norm.Weight is null ? null : Read(norm.Weight);
        return Embed([.. v.Select((value, d) => (value - mean) * (gain?[d] ?? 1))]);
    }

    /// <summary>W_U v.</summary>
    public double[] Raw(double[] v) => Embed(v);

    /// <summary>The model's own head.</summary>
    public double[] Head(double[] state)
    {
        if (Spec.Head.Norm is not { } norm)
        {
            return Embed(state);
        }

        double mean = norm.Kind == NormKind.LayerNorm ? state.Average() : 0;
        double scale = Math.Sqrt(state.Average(value => (value - mean) * (value - mean)) + norm.Epsilon);
        double[]? gain = norm.Weight is null ? null : Read(norm.Weight);
        double[]? bias = norm.Bias is null ? null : Read(norm.Bias);
        return Embed([.. state.Select((value, d) => ((value - mean) / scale * (gain?[d] ?? 1)) + (bias?[d] ?? 0))]);
    }

    public static int Argmax(double[] logits) => Array.IndexOf(logits, logits.Max());

    public static int Argmin(double[] logits) => Array.IndexOf(logits, logits.Min());

    public static double Probability(double[] logits, int token) => 1 / logits.Sum(logit => Math.Exp(logit - logits[token]));

    public static double Entropy(double[] logits)
    {
        double[] p = [.. logits.Select((_, token) => Probability(logits, token))];
        return -p.Sum(value => value * Math.Log(value));
    }

    public static double Rank(double[] logits, int token) => logits.Count(logit => logit > logits[token]) + ((logits.Count(logit => logit == logits[token]) - 1) / 2.0);

    private double[] Embed(double[] row)
    {
        if (Spec.Head.ProjectOut is { } map)
        {
            row = Multiply(Read(map.Weight), row);
        }

        return Multiply(Read(Spec.Head.Output), row);
    }

    private static double[] Multiply(double[] matrix, double[] row)
        => [.. Enumerable.Range(0, matrix.Length / row.Length).Select(i => row.Select((value, k) => value * matrix[(i * row.Length) + k]).Sum())];

    private double[] Read(string name)
    {
        if (!_weights.TryGetValue(name, out double[]? values))
        {
            TensorInfo tensor = _model.Checkpoint.Require(name);
            float[] stored = new float[tensor.ElementCount];
            _model.Checkpoint.ReadFloats(tensor, 0, stored);
            values = _weights[name] = [.. stored.Select(value => (double)value)];
        }

        return values;
    }
}
