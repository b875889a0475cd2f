using System.Collections.Immutable;
using Keyhole.Corpora;
using Keyhole.Engine;
using Keyhole.Engine.Models;
using Keyhole.Engine.Readouts;

namespace Keyhole.Composition;

/// <summary>Runs prefixes through the model and reads at their last position what every layer does (method, section 4).</summary>
/// <remarks>
/// Prefixes run in packed blocks, up to their last position alone: attention is causal. Of a block r, y and o of all layers are kept and read out many layers
/// at a time; of the coefficients two bits each (all of them where the readout is not linear). Results do not depend on threads or blocks. One trace at a time on an instance.
/// </remarks>
public sealed class PrefixTracer
{
    private const int Probes = 4;   // target, final prediction, current token, another prefix's target
    private const ulong ShuffleStream = 0x73656374;

    private readonly Model _model;
    private readonly ForwardPass _pass;
    private readonly VocabularyReader _reader;
    private readonly IReadOnlyList<TracedLayer> _layers;
    private readonly ValueTops[] _tops;
    private readonly int[] _known;   // memories of each layer whose threshold is known
    private readonly Readout _readout;
    private ScaledTops? _scaled;     // where the readout is not linear, once a trace has begun

    /// <summary>Prepares a tracer on parts that others may use too, and that must outlive it.</summary>
    /// <param name="model">The model.</param>
    /// <param name="pass">A forward pass of the model.</param>
    /// <param name="reader">A reader of the model's vocabulary.</param>
    /// <param name="layers">One entry a layer.</param>
    /// <param name="readout">The readout of updates: folded or raw.</param>
    /// <exception cref="ArgumentException">The layers are not the model's, or the readout is the model's own.</exception>
    public PrefixTracer(Model model, ForwardPass pass, VocabularyReader reader, IReadOnlyList<TracedLayer> layers, Readout readout = Readout.Folded)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(reader);
        ArgumentNullException.ThrowIfNull(layers);
        ModelSpec spec = model.Spec;
        if (readout == Readout.Model)
        {
            throw new ArgumentException("The model's own readout is for states, and an update is none.", nameof(readout));
        }

        if (layers.Count != spec.LayerCount || layers.Where((layer, l) => !Fits(layer, spec.Blocks[l].FeedForward.MemoryCount)).Any())
        {
            throw new ArgumentException("The layers have other memories than the model.", nameof(layers));
        }

        (_model, _pass, _reader, _layers, _readout) = (model, pass, reader, layers, readout);
        _tops = [.. layers.Select(layer => new ValueTops(layer))];
        _known = [.. layers.Select(layer => layer.Thresholds.Count(threshold => !float.IsNaN(threshold)))];
    }

    /// <summary>How the prefixes are read, option by option, to be kept with the results.</summary>
    public ImmutableSortedDictionary<string, string> Options => TracerOptions.Of(_model.Spec, _readout);

    /// <summary>Most prefixes of a block; null lets the memory decide. Changes no result.</summary>
    internal int? BlockPrefixes { get; init; }

    /// <summary>Reads every prefix.</summary>
    /// <param name="prefixes">Prefixes; each has at least one token.</param>
    /// <param name="seed">Seed of the pairing with other prefixes' targets.</param>
    /// <param name="progress">Told the share of the prefixes that is done, or null.</param>
    /// <param name="cancellation">Stops the run.</param>
    /// <returns>Their traces in the same order.</returns>
    /// <exception cref="InputRefusedException">KH3007, KH3008: a prefix does not fit the model; KH5304: NaN or infinity.</exception>
    public IReadOnlyList<PrefixTrace> Trace(IReadOnlyList<Prefix> prefixes, ulong seed, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(prefixes);
        if (prefixes.Count == 0)
        {
            return [];
        }

        ModelSpec spec = _model.Spec;
        int capacity = Math.Min(prefixes.Count, BlockPrefixes ?? TextBlocks.Capacity(BytesPerPrefix(spec)));
        int[] shuffled = ShuffledTargets(prefixes, seed);
        var traces = new List<PrefixTrace>(prefixes.Count);
        var coefficients = new CoefficientBits(_layers, capacity);
        CoefficientRows? weights = _reader.IsLinear ? null : new CoefficientRows(spec, capacity);
        _scaled = weights is null ? null : _scaled ?? new ScaledTops(_model, _reader, _readout, cancellation);
        using var states = new LastStates(spec, capacity, weights is null ? coefficients : new CoefficientPair(coefficients, weights));
        using var scan = new StateScan(_reader, capacity * (spec.LayerCount + 1));
        foreach ((int first, int count) in TextBlocks.Divide([.. prefixes.Select(prefix => prefix.Ids.Length)], capacity, spec.Width))
        {
            Prefix[] block = [.. prefixes.Skip(first).Take(count)];
            PrefixPass.Run(_model, _pass, block, states, cancellation);
            traces.AddRange(Read(block, shuffled.AsSpan(first, count), states, coefficients, weights, scan, cancellation));
            progress?.Report((double)traces.Count / prefixes.Count);
        }

        return traces;
    }

    private static bool Fits(TracedLayer layer, int memories) => layer.Thresholds.Length == memories && layer.Argmax.Length == memories && layer.Argmin.Length == memories;

    private long BytesPerPrefix(ModelSpec spec)
        => (3L * spec.LayerCount * spec.Width * sizeof(float)) + ((spec.LayerCount + 1) * StateScan.BytesPerRow(spec, Probes)) + CoefficientBits.BytesPerPrefix(_layers)
            + (_reader.IsLinear ? 0 : CoefficientRows.BytesPerPrefix(spec));

    // The target of another prefix for each: the next one in a random cycle of those that have one; -1 without.
    private static int[] ShuffledTargets(IReadOnlyList<Prefix> prefixes, ulong seed)
    {
        int[] shuffled = [.. Enumerable.Repeat(-1, prefixes.Count)];
        int[] cycle = [.. Enumerable.Range(0, prefixes.Count).Where(i => prefixes[i].Target >= 0).OrderBy(i => CounterHash.Hash(seed, ShuffleStream, (ulong)i))];
        for (int i = 0; i < cycle.Length && cycle.Length > 1; i++)
        {
            shuffled[cycle[i]] = prefixes[cycle[(i + 1) % cycle.Length]].Target;
        }

        return shuffled;
    }

    private List<PrefixTrace> Read(Prefix[] block, ReadOnlySpan<int> shuffled, LastStates states, CoefficientBits coefficients, CoefficientRows? weights, StateScan scan, CancellationToken cancellation)
    {
        int layers = _model.Spec.LayerCount;
        int n = block.Length;
        (int[] finals, int[] linearFinals) = scan.Tops(_readout, states.States.RowRange(layers * n, n), cancellation);
        int[] probes = new int[(layers + 1) * n * Probes];
        for (int row = 0; row < (layers + 1) * n; row++)
        {
            Prefix prefix = block[row % n];
            ReadOnlySpan<int> tokens = [prefix.Target, finals[row % n], prefix.Ids[^1], shuffled[row % n]];
            for (int i = 0; i < Probes; i++)
            {
                probes[(row * Probes) + i] = Math.Max(tokens[i], 0);   // what is not there is read at token 0, and left out below
            }
        }

        ScanResult all = scan.Model(states.States, new ScanOptions { Top = 1, LogSumExp = true, Entropy = true, LinearTop = scan.TellsLinearTop(_readout), Probes = ScanProbes.Each(Probes, probes) }, cancellation);
        int[] linearR = scan.LinearOf(all, _readout, states.States, cancellation);
        (int[] topO, int[] linearO) = scan.Tops(_readout, states.Outputs, cancellation);
        int[] topY = scan.LinearTops(_readout, states.Updates, cancellation);
        IReadOnlyList<int[]>? agreeing = weights is null ? null
            : _scaled!.Agreeing([.. Enumerable.Range(0, layers * n).Select(row => new WeightedValues(row / n, weights.Row(row / n, row % n), topY[row]))], cancellation);
        var traces = new List<PrefixTrace>(n);
        for (int i = 0; i < n; i++)
        {
            var read = ImmutableArray.CreateBuilder<PrefixLayer>(layers);
            for (int layer = 0; layer < layers; layer++)
            {
                int row = (layer * n) + i;
                bool last = layer == layers - 1;
                (bool active, bool any) = _tops[layer].Agree(topY[row], coefficients, layer, i);
                read.Add(new PrefixLayer
                {
                    TopR = all.TopTokens[row],
                    TopY = topY[row],
                    TopO = last ? finals[i] : topO[row],
                    LinearTopR = linearR[row],
                    LinearTopO = last ? linearFinals[i] : linearO[row],
                    ActiveShare = Share(coefficients.ActiveCount(layer, i), _known[layer]),
                    PositiveShare = Share(coefficients.PositiveCount(layer, i), _layers[layer].Thresholds.Length),
                    ZeroAgreement = !active,
                    ZeroAgreementOverAll = !any,
                    ZeroAgreementOfProducts = agreeing is null ? null : !agreeing[row].Any(memory => coefficients.IsActive(layer, i, memory)),
                    R = Reading(all, row, block[i].Target, shuffled[i]),
                });
            }

            traces.Add(new PrefixTrace
            {
                Unit = block[i].Unit,
                Position = block[i].Position,
                Tokens = block[i].Tokens,
                Target = block[i].Target,
                Current = block[i].Ids[^1],
                Text = block[i].Text,
                Layers = read.MoveToImmutable(),
                Output = Reading(all, (layers * n) + i, block[i].Target, shuffled[i]),
            });
        }

        return traces;
    }

    private static StateReading Reading(ScanResult scan, int row, int target, int shuffled)
    {
        int probe = row * Probes;
        double Probability(int i) => Math.Exp(scan.ProbeLogits[probe + i] - scan.LogSumExp[row]);
        return new StateReading(
            target < 0 ? double.NaN : scan.ProbeRanks[probe],
            target < 0 ? double.NaN : Probability(0),
            scan.ProbeRanks[probe + 1],
            Probability(1),
            scan.ProbeRanks[probe + 2],
            scan.Entropy[row])
        {
            ShuffledRank = shuffled < 0 ? double.NaN : scan.ProbeRanks[probe + 3],
        };
    }

    private static float Share(int count, int total) => total == 0 ? float.NaN : (float)count / total;
}
