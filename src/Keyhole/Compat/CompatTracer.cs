using System.Collections.Immutable;
using Keyhole.Composition;
using Keyhole.Engine;
using Keyhole.Engine.Models;
using Keyhole.Engine.Numerics;
using Keyhole.Engine.Readouts;

namespace Keyhole.Compat;

/// <summary>Runs prefixes through the model and gives the released code's numbers of every layer at their last position (docs/compat.md).</summary>
/// <remarks>
/// r, y and o go through the output embedding as they are. The final prediction is the model's own, which for a model without a final norm (the paper's) is top(o) of the last layer.
/// The vocabulary's scan puts equals at their mean rank, which is rounded down: the first rank of two equals. One trace at a time on an instance.
/// </remarks>
internal sealed class CompatTracer
{
    private const int MostProbes = 2;

    private readonly Model _model;
    private readonly ForwardPass _pass;
    private readonly VocabularyReader _reader;
    private readonly IReadOnlyList<CompatLayer> _layers;
    private ScaledTops? _scaled;   // where the readout is not linear, once a trace has begun

    /// <summary>Prepares a tracer on parts that others may use too, and that must outlive it.</summary>
    /// <param name="model">The model.</param>
    /// <param name="pass">A forward pass of the model.</param>
    /// <param name="reader">A reader of the model's vocabulary.</param>
    /// <param name="layers">One entry a layer.</param>
    public CompatTracer(Model model, ForwardPass pass, VocabularyReader reader, IReadOnlyList<CompatLayer> layers)
        => (_model, _pass, _reader, _layers) = (model, pass, reader, layers);

    /// <summary>Most prefixes of a block; null lets the memory decide. Changes no result.</summary>
    public int? BlockPrefixes { get; init; }

    /// <summary>Reads every prefix.</summary>
    /// <param name="prefixes">Prefixes; each has at least one token.</param>
    /// <param name="progress">Told the share of the prefixes that is done, or null.</param>
    /// <param name="cancellation">Stops the run.</param>
    /// <returns>Their traces in the same order.</returns>
    /// <exception cref="InputRefusedException">KH3007, KH3008: a prefix does not fit the model; KH5304: NaN or infinity.</exception>
    public IReadOnlyList<CompatTrace> Trace(IReadOnlyList<Prefix> prefixes, IProgress<double>? progress, CancellationToken cancellation)
    {
        if (prefixes.Count == 0)
        {
            return [];
        }

        ModelSpec spec = _model.Spec;
        int capacity = Math.Min(prefixes.Count, BlockPrefixes ?? TextBlocks.Capacity(BytesPerPrefix(spec)));
        var traces = new List<CompatTrace>(prefixes.Count);
        var coefficients = new CoefficientRows(spec, capacity);
        using var states = new LastStates(spec, capacity, coefficients);
        using var scan = new StateScan(_reader, capacity * spec.LayerCount);
        foreach ((int first, int count) in TextBlocks.Divide([.. prefixes.Select(prefix => prefix.Ids.Length)], capacity, spec.Width))
        {
            Prefix[] block = [.. prefixes.Skip(first).Take(count)];
            PrefixPass.Run(_model, _pass, block, states, cancellation);
            traces.AddRange(Read(block, states, coefficients, scan, cancellation));
            progress?.Report((double)traces.Count / prefixes.Count);
        }

        return traces;
    }

    private static long BytesPerPrefix(ModelSpec spec)
        => (3L * spec.LayerCount * spec.Width * sizeof(float)) + (spec.LayerCount * StateScan.BytesPerRow(spec, MostProbes)) + CoefficientRows.BytesPerPrefix(spec);

    private IEnumerable<CompatTrace> Read(Prefix[] block, LastStates states, CoefficientRows coefficients, StateScan scan, CancellationToken cancellation)
    {
        int n = block.Length;
        int layers = _layers.Count;
        MatrixView residuals = states.States.RowRange(0, layers * n);
        MatrixView last = states.States.RowRange(layers * n, n);
        int[] finals = scan.Model(last, new ScanOptions { Top = 1 }, cancellation).TopTokens;
        ScanResult r = scan.Linear(Readout.Raw, residuals, new ScanOptions { Top = 1, LogSumExp = true, Probes = ScanProbes.Each(1, [.. Enumerable.Range(0, layers * n).Select(row => finals[row % n])]) }, cancellation);
        ScanResult y = scan.Linear(Readout.Raw, states.Updates, new ScanOptions { Top = 1, LogSumExp = true, Probes = ScanProbes.Each(MostProbes, [.. Enumerable.Range(0, layers * n).SelectMany(row => new[] { finals[row % n], r.TopTokens[row] })]) }, cancellation);
        ScanResult o = scan.Linear(Readout.Raw, states.Outputs, new ScanOptions { Top = 1, LogSumExp = true }, cancellation);
        ScanResult lastO = scan.Linear(Readout.Raw, last, new ScanOptions { Top = 1, LogSumExp = true }, cancellation);
        IReadOnlyList<int[]>? agreeing = _reader.IsLinear ? null
            : (_scaled ??= new ScaledTops(_model, _reader, Readout.Raw, cancellation)).Agreeing(
                [.. Enumerable.Range(0, layers * n).Select(row => new WeightedValues(row / n, coefficients.Row(row / n, row % n), row < (layers - 1) * n ? o.TopTokens[row] : lastO.TopTokens[row % n]))], cancellation);
        for (int i = 0; i < n; i++)
        {
            var read = ImmutableArray.CreateBuilder<CompatReading>(layers);
            for (int layer = 0; layer < layers; layer++)
            {
                int row = (layer * n) + i;
                CompatVector residual = Top(r, row) with { FinalRank = Rank(r, row), FinalProbability = Probability(r, row, row) };
                CompatVector update = Top(y, row) with
                {
                    FinalRank = Rank(y, MostProbes * row),
                    FinalProbability = Probability(y, row, MostProbes * row),
                    ResidualTopRank = Rank(y, (MostProbes * row) + 1),
                    ResidualTopProbability = Probability(y, row, (MostProbes * row) + 1),
                };
                CompatVector output = layer == layers - 1 ? Top(lastO, i) : Top(o, row);
                float[] weights = Weights(_layers[layer], coefficients.Row(layer, i).Span);
                int[] tops = agreeing is null ? Tops(_layers[layer], weights) : Tops(weights.Length, agreeing[row], output.Top);
                read.Add(CompatScorer.Read(residual, update, output, weights, tops, Reductions.L2Norm(residuals.Row(row))));
            }

            yield return new CompatTrace { Unit = block[i].Unit, Position = block[i].Position, Layers = read.MoveToImmutable() };
        }
    }

    // m_i |v_i|
    private static float[] Weights(CompatLayer layer, ReadOnlySpan<float> coefficients)
    {
        var weights = new float[coefficients.Length];
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = coefficients[i] * layer.Norms[i];
        }

        return weights;
    }

    // top(m_i v_i) where the readout is linear: a coefficient below zero turns the value round.
    private static int[] Tops(CompatLayer layer, float[] weights) => [.. weights.Select((weight, i) => weight < 0 ? layer.Argmin[i] : layer.Argmax[i])];

    // Where it is not: all that is asked of a memory's top token is whether it is that of o.
    private static int[] Tops(int memories, int[] agreeing, int outputTop)
    {
        var tops = new int[memories];
        Array.Fill(tops, -1);
        foreach (int memory in agreeing)
        {
            tops[memory] = outputTop;
        }

        return tops;
    }

    private static CompatVector Top(ScanResult scan, int row) => new(scan.TopTokens[row], Math.Exp(scan.TopLogits[row] - scan.LogSumExp[row]));

    private static int Rank(ScanResult scan, int probe) => (int)scan.ProbeRanks[probe];

    private static double Probability(ScanResult scan, int row, int probe) => Math.Exp(scan.ProbeLogits[probe] - scan.LogSumExp[row]);
}
