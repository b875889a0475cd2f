using Keyhole.Composition;
using Keyhole.Engine.Capture;
using Keyhole.Engine.Checkpoints;
using Keyhole.Engine.Models;
using Keyhole.TestSupport;

namespace Keyhole.Tests.Composition;

/// <summary>Twin of the tracer: every prefix runs alone with all sites kept, and the method is applied word by word in double precision to whole rows of logits.</summary>
internal sealed class NaiveTracer : IDisposable
{
    private readonly Model _model;
    private readonly ForwardPass _pass;
    private readonly HeadTwin _head;
    private readonly Dictionary<string, double[]> _weights = [];

    public NaiveTracer(string folder)
    {
        _model = Model.Open(folder);
        _pass = new ForwardPass(_model, new ForwardOptions { Threads = 1 });
        _head = new HeadTwin(_model);
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

    /// <summary>Value i of a layer: column i of the output map, of one expert after the other.</summary>
    public double[] Value(int layer, int memory)
    {
        FeedForwardSpec feedForward = Spec.Blocks[layer].FeedForward;
        LinearSpec map = feedForward.Experts[memory / feedForward.ExpertSize].Out;
        double[] weights = Read(map.Weight);
        return [.. Enumerable.Range(0, map.Outputs).Select(d => weights[(map.RowOf(d) * map.Inputs) + (memory % feedForward.ExpertSize)])];
    }

    /// <summary>The folded or raw readout of value i of a layer, times a coefficient.</summary>
    public double[] ReadValue(int layer, int memory, bool folded, double coefficient = 1) => _head.Value(layer, Narrow(Value(layer, memory)), folded, coefficient);

    /// <summary>W_U (gain * C v).</summary>
    public double[] Folded(double[] v) => _head.Linear(Narrow(v), folded: true);

    /// <summary>W_U v.</summary>
    public double[] Raw(double[] v) => _head.Linear(Narrow(v), folded: false);

    /// <summary>The model's own head.</summary>
    public double[] Head(double[] state) => _head.Model(Narrow(state));

    public static int Argmax(double[] logits) => Array.IndexOf(logits, logits.Max());

    public static int Argmin(double[] logits) => Array.IndexOf(logits, logits.Min());

    public static double Probability(double[] logits, int token) => 1 / logits.Sum(logit => Math.Exp(logit - logits[token]));

    public static double Entropy(double[] logits)
    {
        double[] p = [.. logits.Select((_, token) => Probability(logits, token))];
        return -p.Sum(value => value * Math.Log(value));
    }

    public static double Rank(double[] logits, int token) => logits.Count(logit => logit > logits[token]) + ((logits.Count(logit => logit == logits[token]) - 1) / 2.0);

    private static float[] Narrow(double[] row) => [.. row.Select(value => (float)value)];

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
