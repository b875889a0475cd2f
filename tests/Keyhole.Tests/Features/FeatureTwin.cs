using Keyhole.Composition;
using Keyhole.Corpora;
using Keyhole.Engine.Capture;
using Keyhole.Engine.Models;
using Keyhole.Engine.Numerics;
using Keyhole.Features;
using Keyhole.Statistics;

namespace Keyhole.Tests.Features;

/// <summary>The definitions of docs/features.md in double precision, one position after the other, from captured inputs and the checkpoint's vectors.</summary>
internal sealed class FeatureTwin
{
    private readonly Model _model;
    private readonly int _layer;
    private readonly double[][] _keys;
    private readonly double[][]? _gates;
    private readonly double[][] _values;

    private FeatureTwin(Model model, int layer, ulong? permutation, FeatureSample sample)
    {
        (_model, _layer) = (model, layer);
        FeedForwardSpec spec = model.Spec.Blocks[layer].FeedForward;
        _keys = Vectors(MemoryVectorKind.Key, permutation, rows => MemoryVectors.ReadKeys(model, layer, 0, rows));
        _gates = spec.IsGated ? Vectors(MemoryVectorKind.GateKey, permutation, rows => MemoryVectors.ReadGateKeys(model, layer, 0, rows)) : null;
        _values = Vectors(MemoryVectorKind.Value, permutation, rows => MemoryVectors.ReadValues(model, layer, 0, rows));
        Run(sample);
    }

    /// <summary>m of each position of the sample, [P][M].</summary>
    public List<double[]> Coefficients { get; } = [];

    /// <summary>What multiplies the values.</summary>
    public List<double[]> Contributions { get; } = [];

    /// <summary>y of each position, b2 included.</summary>
    public List<double[]> Outputs { get; } = [];

    public static FeatureTwin Of(Model model, int layer, ulong? permutation, FeatureSample sample) => new(model, layer, permutation, sample);

    public double L0()
    {
        double[] thresholds = Thresholds();
        return Coefficients.Average(m => m.Where((value, memory) => Math.Abs(value) > thresholds[memory]).Count());
    }

    public double Alive() => Enumerable.Range(0, _values.Length).Count(memory => Coefficients.Any(m => m[memory] != 0 && Math.Abs(m[memory]) > Thresholds()[memory])) / (double)_values.Length;

    public double ExplainedVariance(int k)
    {
        double[] mean = Mean();
        return 1 - (Enumerable.Range(0, Outputs.Count).Sum(position => Error(position, k)) / Outputs.Sum(y => Distance(y, mean)));
    }

    public double SaeBench(int k)
    {
        double[] mean = Mean();
        return Enumerable.Range(0, Outputs.Count).Average(position => 1 - (Error(position, k) / Distance(Outputs[position], mean)));
    }

    public double Kept(int k) => Enumerable.Range(0, Outputs.Count).SelectMany(position => Strongest(position, k).Where(memory => Contributions[position][memory] != 0)).Distinct().Count() / (double)_values.Length;

    private double[] Thresholds() => [.. Enumerable.Range(0, _values.Length).Select(memory
        => TracedLayer.IsActiveAboveZero(_model.Spec.Blocks[_layer].FeedForward) ? 0 : 0.01 * Coefficients.Max(m => Math.Abs(m[memory])))];

    private double[] Mean() => [.. Enumerable.Range(0, _model.Spec.Width).Select(d => Outputs.Average(y => y[d]))];

    private static double Distance(double[] y, double[] mean) => y.Zip(mean).Sum(pair => Math.Pow(pair.First - pair.Second, 2));

    private double Error(int position, int k)
    {
        HashSet<int> kept = [.. Strongest(position, k)];
        double[] left = new double[_model.Spec.Width];
        for (int memory = 0; memory < _values.Length; memory++)
        {
            for (int d = 0; d < left.Length && !kept.Contains(memory); d++)
            {
                left[d] += Contributions[position][memory] * _values[memory][d];
            }
        }

        return left.Sum(value => value * value);
    }

    private IEnumerable<int> Strongest(int position, int k) => Enumerable.Range(0, _values.Length)
        .OrderByDescending(memory => Math.Abs(Contributions[position][memory]) * Math.Sqrt(_values[memory].Sum(value => value * value))).ThenBy(memory => memory).Take(k);

    private double[][] Vectors(MemoryVectorKind kind, ulong? permutation, Action<MatrixView> read)
    {
        int count = _model.Spec.Blocks[_layer].FeedForward.MemoryCount;
        int width = _model.Spec.Width;
        using var buffer = new AlignedBuffer((long)count * width);
        read(buffer.Matrix(count, width));
        return [.. Enumerable.Range(0, count).Select(memory =>
        {
            double[] vector = Array.ConvertAll(buffer.Span((long)memory * width, width).ToArray(), value => (double)value);
            int[] order = permutation is { } seed ? ShuffledPairs.Permutation(width, CounterHash.Hash(seed, (ulong)_layer, (ulong)kind), (ulong)memory) : [.. Enumerable.Range(0, width)];
            return (double[])[.. order.Select(d => vector[d])];
        })];
    }

    private void Run(FeatureSample sample)
    {
        FeedForwardSpec spec = _model.Spec.Blocks[_layer].FeedForward;
        (float[] keyBiases, float[] gateBiases, float[] outputBiases) = (MemoryVectors.KeyBiases(_model, _layer), MemoryVectors.GateKeyBiases(_model, _layer), MemoryVectors.OutputBiases(_model, _layer));
        using var pass = new ForwardPass(_model, new ForwardOptions { Threads = 1 });
        int width = _model.Spec.Width;
        foreach (FeatureText text in sample.Texts)
        {
            List<string> sites = [$"blocks.{_layer}.mlp.hook_in"];
            if (spec.Router is not null)
            {
                sites.Add(SiteName.Of(Site.ExpertWeights, _layer));
            }

            var capture = new SiteCapture(_model.Spec, text.Unit.Tokens.Length, sites);
            pass.Run(TokenBatch.OfText([.. text.Unit.Tokens]), capture);
            for (int position = text.First; position < text.First + text.Count; position++)
            {
                double[] x = Array.ConvertAll(capture.Values(Site.MlpIn, _layer).AsSpan(position * width, width).ToArray(), value => (double)value);
                double[] m = new double[_values.Length];
                double[] contributions = new double[_values.Length];
                double[] y = new double[width];
                for (int expert = 0; expert < spec.Experts.Length; expert++)
                {
                    double weight = spec.Router is null ? 1 : capture.Values(Site.ExpertWeights, _layer)[(position * spec.Experts.Length) + expert];
                    for (int d = 0; d < width && outputBiases.Length > 0; d++)
                    {
                        y[d] += weight * outputBiases[(expert * width) + d];
                    }

                    for (int memory = expert * spec.ExpertSize; memory < (expert + 1) * spec.ExpertSize && weight != 0; memory++)
                    {
                        double linear = Dot(x, _keys[memory]) + (keyBiases.Length > 0 ? keyBiases[memory] : 0);
                        m[memory] = _gates is null ? Activation(spec.Activation, linear) : linear * Activation(spec.Activation, Dot(x, _gates[memory]) + (gateBiases.Length > 0 ? gateBiases[memory] : 0));
                        contributions[memory] = weight * m[memory];
                        for (int d = 0; d < width; d++)
                        {
                            y[d] += contributions[memory] * _values[memory][d];
                        }
                    }
                }

                Coefficients.Add(m);
                Contributions.Add(contributions);
                Outputs.Add(y);
            }
        }
    }

    private static double Activation(ActivationKind kind, double value) => kind switch
    {
        ActivationKind.Relu => Math.Max(0, value),
        ActivationKind.Silu => value / (1 + Math.Exp(-value)),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    private static double Dot(double[] left, double[] right) => left.Zip(right).Sum(pair => pair.First * pair.Second);
}
