using Keyhole.Composition;
using Keyhole.Corpora;
using Keyhole.Engine.Models;
using Keyhole.Engine.Numerics;
using Keyhole.Statistics;

namespace Keyhole.Features;

/// <summary>Measures one layer at a time: its memories, the null and the residual, on the inputs that the real model gave.</summary>
internal sealed class LayerMeasurement
{
    private const ulong NullStream = 0x6665_0006;
    private const ulong ResampleStream = 0x6665_0007;

    private readonly Model _model;
    private readonly FeatureSample _sample;
    private readonly IReadOnlyList<ProbeTask> _tasks;
    private readonly LetterWords _words;
    private readonly FeatureOptions _options;
    private readonly CancellationToken _cancellation;
    private readonly ParallelOptions _parallel;

    /// <param name="model">The model.</param>
    /// <param name="sample">The positions.</param>
    /// <param name="tasks">Tasks of probes.</param>
    /// <param name="words">Words with their first letters.</param>
    /// <param name="options">What to measure.</param>
    /// <param name="cancellation">Stops it.</param>
    public LayerMeasurement(Model model, FeatureSample sample, IReadOnlyList<ProbeTask> tasks, LetterWords words, FeatureOptions options, CancellationToken cancellation)
    {
        (_model, _sample, _tasks, _words, _options, _cancellation) = (model, sample, tasks, words, options, cancellation);
        _parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Threads, CancellationToken = cancellation };
    }

    /// <summary>Measures a layer.</summary>
    /// <param name="layer">Layer, from 0.</param>
    /// <param name="inputs">What it reads.</param>
    /// <param name="progress">Told the share of the layer that is done.</param>
    public IReadOnlyList<FeatureRow> Of(int layer, LayerInputs inputs, Action<double> progress)
    {
        ulong seed = CounterHash.Hash(_options.Seed ^ ResampleStream, (ulong)layer);
        var rows = new List<FeatureRow>();
        foreach (FeatureSource source in (FeatureSource[])[FeatureSource.Memories, FeatureSource.Permuted])
        {
            ulong? permutation = source == FeatureSource.Permuted ? _options.Seed ^ NullStream : null;
            using FeatureBank bank = FeatureBank.Load(_model, layer, permutation, _options.Threads);
            rows.AddRange(OfBank(bank, layer, source, inputs, seed, share => progress((source == FeatureSource.Permuted ? 0.5 : 0) + (0.5 * share))));
        }

        rows.AddRange(Rows(layer, FeatureSource.Residual, SparseProbes.Dense(_tasks, inputs.MeanResiduals(), seed, _parallel)));
        return rows;
    }

    private List<FeatureRow> OfBank(FeatureBank bank, int layer, FeatureSource source, LayerInputs inputs, ulong seed, Action<double> progress)
    {
        using var passes = new BankPasses(bank, layer, inputs, _sample, _options.Threads, _cancellation);
        BankStatistics statistics = BankStatistics.Of(bank, passes, _words.Positions);
        progress(0.4);
        float[] thresholds = Thresholds(bank.Spec, statistics.Largest);
        float[] mean = statistics.MeanOutput(bank, inputs.Router(layer, 0, _sample.Positions), _sample.Positions);
        Reconstruction kept = Reconstruction.Of(bank, passes, thresholds, mean, _options.TopK);
        progress(0.8);
        var rows = new List<FeatureRow>();
        void Add(FeatureMeasure measure, Estimate estimate, int k = 0) => rows.Add(new FeatureRow(layer, source, measure, string.Empty, k, estimate));
        Add(FeatureMeasure.Alive, new Share(statistics.Largest.Count(largest => largest > 0), bank.Memories).ToEstimate());
        Add(FeatureMeasure.L0, kept.L0(seed));
        foreach ((int place, int k) in _options.TopK.Index())
        {
            Add(FeatureMeasure.ExplainedVariance, kept.ExplainedVariance(place, seed), k);
            if (_options.SaeBench)
            {
                Add(FeatureMeasure.SaeBenchExplainedVariance, kept.SaeBench(place, seed), k);
            }

            Add(FeatureMeasure.Kept, kept.Kept(place).ToEstimate(), k);
        }

        rows.AddRange(Rows(layer, source, SparseProbes.Sparse(_tasks, statistics.Texts, seed)));
        _cancellation.ThrowIfCancellationRequested();
        (float[][] contributions, float[][] outputs) = AtWords(bank, layer, inputs, statistics.Words);
        foreach ((FeatureMeasure measure, Estimate estimate) in new Absorption(bank, _words, statistics.Words, contributions, outputs, thresholds).Measure(_parallel))
        {
            Add(measure, estimate);
        }

        return rows;
    }

    // Method, section 4's rule of what is active, with the largest |m| over the positions that are measured: the null has no other, and both must be held to one rule.
    private static float[] Thresholds(FeedForwardSpec layer, float[] largest) => TracedLayer.IsActiveAboveZero(layer)
        ? new float[largest.Length]
        : Array.ConvertAll(largest, value => (float)(TracedLayer.ActiveFraction * value));

    private static IEnumerable<FeatureRow> Rows(int layer, FeatureSource source, IEnumerable<ProbeScore> scores) => scores.SelectMany(score => score.Task.Length == 0
        ? (FeatureRow[])[new(layer, source, FeatureMeasure.MeanProbeAccuracy, score.Task, score.K, score.Accuracy)]
        : [new(layer, source, FeatureMeasure.ProbeAccuracy, score.Task, score.K, score.Accuracy), new(layer, source, FeatureMeasure.ProbeAuroc, score.Task, score.K, score.Auroc)]);

    // What multiplies the values at each word, and the layer's output there.
    private (float[][] Contributions, float[][] Outputs) AtWords(FeatureBank bank, int layer, LayerInputs inputs, float[][] coefficients)
    {
        const int TileRows = 240;
        var contributions = new float[coefficients.Length][];
        var outputs = new float[coefficients.Length][];
        using var scratch = new BankScratch(bank, TileRows);
        for (int first = 0; first < coefficients.Length; first += TileRows)
        {
            int rows = Math.Min(TileRows, coefficients.Length - first);
            MatrixView weighed = scratch.Coefficients(rows);
            MatrixView sums = scratch.Sums(rows);
            for (int row = 0; row < rows; row++)
            {
                coefficients[first + row].CopyTo(weighed.Row(row));
                bank.Weigh(Router(first + row), weighed.RowRange(row, 1));
                contributions[first + row] = bank.Spec.Router is null ? coefficients[first + row] : weighed.Row(row).ToArray();
            }

            bank.Add(weighed, sums);
            for (int row = 0; row < rows; row++)
            {
                bank.AddBias(Router(first + row) is { Rows: > 0 } router ? router.Row(0) : default, sums.Row(row));
                outputs[first + row] = sums.Row(row).ToArray();
            }
        }

        return (contributions, outputs);

        MatrixView Router(int word) => inputs.Router(layer, _words.Positions[word], 1);
    }
}
