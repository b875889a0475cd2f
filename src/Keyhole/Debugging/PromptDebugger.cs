using System.Collections.Immutable;
using Keyhole.Composition;
using Keyhole.Engine;
using Keyhole.Engine.Capture;
using Keyhole.Engine.Models;
using Keyhole.Engine.Numerics;
using Keyhole.Engine.Readouts;
using Keyhole.Exports;
using Keyhole.Interventions;
using Keyhole.Memories;
using Keyhole.Studies;

namespace Keyhole.Debugging;

/// <summary>Runs a prompt and reads at one of its positions what every layer does (method, section 4), which memories add most, and what interventions change.</summary>
/// <remarks>
/// A position is read as the end of its prefix, so the numbers are those of an analysis of the same prefix (<see cref="PrefixTracer"/>). With interventions the prefix runs a second
/// time in the same batch. Results do not depend on threads. One question at a time on an instance.
/// </remarks>
public sealed class PromptDebugger
{
    private static readonly ImmutableArray<string> s_notes = ["blocks", "experts", "head"];

    private readonly Model _model;
    private readonly ForwardPass _pass;
    private readonly VocabularyReader _reader;
    private readonly ValueNorms _norms;
    private readonly Study? _study;
    private readonly Readout _readout;

    /// <summary>Prepares a debugger on parts that others may use too, and that must outlive it.</summary>
    /// <param name="model">The model.</param>
    /// <param name="pass">A forward pass of the model.</param>
    /// <param name="reader">A reader of its vocabulary.</param>
    /// <param name="norms">Norms of its values.</param>
    /// <param name="study">A study of the model: it names the readout of values, and tells what they promote where it has them; or null.</param>
    public PromptDebugger(Model model, ForwardPass pass, VocabularyReader reader, ValueNorms norms, Study? study)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(reader);
        ArgumentNullException.ThrowIfNull(norms);
        (_model, _pass, _reader, _norms, _study) = (model, pass, reader, norms, study);
        _readout = study is not null && string.Equals(ValueJson.ReadoutOf(study), nameof(Readout.Raw), StringComparison.OrdinalIgnoreCase) ? Readout.Raw : Readout.Folded;
    }

    /// <summary>How a model's blocks differ from r + y = o, and what else must be known to read the numbers; empty for a plain model.</summary>
    /// <param name="spec">The model.</param>
    public static IReadOnlyList<string> Notes(ModelSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ImmutableSortedDictionary<string, string> options = TracerOptions.Of(spec, Readout.Folded);
        return [.. s_notes.Where(options.ContainsKey).Select(name => options[name])];
    }

    /// <summary>Answers a question.</summary>
    /// <param name="question">The question.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="ArgumentException">The position is not in the prompt, or the token not in the vocabulary.</exception>
    /// <exception cref="InputRefusedException">KH3007, KH3008: the prompt does not fit the model; KH5304, KH7105: NaN or infinity, without and with interventions; KH7104: an intervention names a position that is not in the prefix.</exception>
    public DebuggedPrompt Run(PromptQuestion question, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(question);
        ArgumentOutOfRangeException.ThrowIfNegative(question.Position, nameof(question));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(question.Position, question.Ids.Length, nameof(question));
        var texts = new PromptRuns(question);
        var coefficients = new PositionCoefficients(_model.Spec, texts.Read);
        using var states = new PromptStates(_model.Spec, texts.Batch, coefficients);
        RunPass(question, texts, states, cancellation);
        using var scan = new StateScan(_reader, Math.Max(2 * texts.Read * _model.Spec.LayerCount, texts.Read + question.Ids.Length));
        ScanResult outputs = ReadOutputs(question, texts, states, scan, cancellation);
        int chosen = question.Token ?? outputs.TopTokens[0];
        ReadVector[,] residuals = ReadStates(question, texts, states, chosen, scan, cancellation);
        ReadVector[,] updates = ReadUpdates(question, texts, states, chosen, scan, cancellation);
        int layers = _model.Spec.LayerCount;
        ReadLayer[][] read = [.. Enumerable.Range(0, texts.Read).Select(text => Enumerable.Range(0, layers)
            .Select(layer => new ReadLayer(residuals[text, 2 * layer], updates[text, layer], residuals[text, (2 * layer) + 1])).ToArray())];
        return new DebuggedPrompt
        {
            Position = question.Position,
            Chosen = chosen,
            Predictions = [.. Enumerable.Range(0, question.Ids.Length).Select(position => ReadVector.TopOf(outputs, texts.Read + position)[0])],
            Layers = Layers(question, read[0], coefficients, cancellation),
            Output = read[0][^1].O,
            Entropy = outputs.Entropy[0],
            Readout = _readout,
            Effect = texts.Read == 1 ? null : Effect(question, read[1], chosen, outputs, coefficients),
        };
    }

    private void RunPass(PromptQuestion question, PromptRuns texts, PromptStates states, CancellationToken cancellation)
    {
        try
        {
            _pass.Run(texts.Batch, states, texts.Changes(_model.Spec, question), cancellation);
        }
        catch (NotFiniteException failure)
        {
            throw PromptRuns.Refused(failure, _model, changed: texts.Read > 1 && failure.Text == 1);
        }
    }

    // The final states: of the runs at the position, then of every position of the prompt.
    private ScanResult ReadOutputs(PromptQuestion question, PromptRuns texts, PromptStates states, StateScan scan, CancellationToken cancellation)
    {
        int last = _model.Spec.LayerCount - 1;
        using var rows = new AlignedBuffer((long)(texts.Read + question.Ids.Length) * _model.Spec.Width);
        MatrixView finals = rows.Matrix(texts.Read + question.Ids.Length, _model.Spec.Width);
        for (int row = 0; row < finals.Rows; row++)
        {
            (row < texts.Read ? states.O(last, row) : states.Outputs.Row(texts.RowOf(row - texts.Read))).CopyTo(finals.Row(row));
        }

        var options = new ScanOptions { Top = question.Top, LogSumExp = true, Entropy = true, WholeRows = texts.Read > 1 ? [0, 1] : [] };
        return scan.Model(finals, options, cancellation);
    }

    // r and o of all layers by turns, [runs, 2 L].
    private ReadVector[,] ReadStates(PromptQuestion question, PromptRuns texts, PromptStates states, int chosen, StateScan scan, CancellationToken cancellation)
        => Read(texts.Read, 2 * _model.Spec.LayerCount, chosen,
            (text, i) => i % 2 == 0 ? states.R(i / 2, text) : states.O(i / 2, text),
            rows => scan.Model(rows, Options(question, rows.Rows, chosen), cancellation));

    // y of all layers, [runs, L].
    private ReadVector[,] ReadUpdates(PromptQuestion question, PromptRuns texts, PromptStates states, int chosen, StateScan scan, CancellationToken cancellation)
        => Read(texts.Read, _model.Spec.LayerCount, chosen,
            (text, layer) => states.Y(layer, text),
            rows => scan.Linear(_readout, rows, Options(question, rows.Rows, chosen), cancellation));

    private static ScanOptions Options(PromptQuestion question, int rows, int chosen)
        => new() { Top = question.Top, LogSumExp = true, Probes = ScanProbes.Each(1, [.. Enumerable.Repeat(chosen, rows)]) };

    private delegate ReadOnlySpan<float> VectorOf(int text, int index);

    private ReadVector[,] Read(int runs, int each, int chosen, VectorOf vector, Func<MatrixView, ScanResult> scan)
    {
        using var buffer = new AlignedBuffer((long)runs * each * _model.Spec.Width);
        MatrixView rows = buffer.Matrix(runs * each, _model.Spec.Width);
        for (int row = 0; row < rows.Rows; row++)
        {
            vector(row / each, row % each).CopyTo(rows.Row(row));
        }

        ScanResult result = scan(rows);
        var read = new ReadVector[runs, each];
        for (int row = 0; row < rows.Rows; row++)
        {
            read[row / each, row % each] = ReadVector.Of(result, row, chosen);
        }

        return read;
    }

    private ImmutableArray<DebuggedLayer> Layers(PromptQuestion question, ReadLayer[] read, PositionCoefficients coefficients, CancellationToken cancellation)
    {
        var strengths = new double[read.Length];
        DominantMemory[][] strongest = [.. read.Select((_, layer) => Strongest(layer, question.Memories, coefficients, out strengths[layer]))];
        DominantMemory[] filled = ValueTokens.Fill([.. strongest.SelectMany(memories => memories)], question.ValueTokens, _study, _model, _reader, _readout, cancellation);
        ILookup<int, DominantMemory> byLayer = filled.ToLookup(memory => memory.Id.Layer);
        return [.. read.Select((reading, layer) => new DebuggedLayer(layer, reading, [.. byLayer[layer]], strengths[layer]))];
    }

    private DominantMemory[] Strongest(int layer, int count, PositionCoefficients coefficients, out double total)
    {
        ReadOnlySpan<float> m = coefficients.Row(layer, 0);
        ReadOnlySpan<float> norms = _norms.Of(layer);
        var strengths = new double[m.Length];
        total = 0;
        for (int memory = 0; memory < m.Length; memory++)
        {
            strengths[memory] = Math.Abs((double)m[memory] * norms[memory] * coefficients.WeightOf(layer, 0, memory));
            total += strengths[memory];
        }

        double sum = total;
        return [.. Enumerable.Range(0, strengths.Length)
            .Where(memory => strengths[memory] > 0)
            .OrderByDescending(memory => strengths[memory]).ThenBy(memory => memory)
            .Take(count)
            .Select(memory => new DominantMemory
            {
                Id = _model.Spec.NameOf(layer, memory),
                Coefficient = coefficients.Row(layer, 0)[memory],
                RouterWeight = coefficients.WeightOf(layer, 0, memory),
                Strength = strengths[memory],
                Share = strengths[memory] / sum,
            })];
    }

    private InterventionEffect Effect(PromptQuestion question, ReadLayer[] changed, int chosen, ScanResult outputs, PositionCoefficients coefficients)
    {
        var both = new FinalDistributions(outputs.WholeLogits[0], outputs.LogSumExp[0], outputs.WholeLogits[1], outputs.LogSumExp[1]);
        return new InterventionEffect
        {
            Applied = [.. question.Interventions.Select(intervention => new AppliedIntervention(intervention, At(intervention, 0, coefficients), At(intervention, 1, coefficients)))],
            Layers = [.. changed],
            Output = changed[^1].O,
            Divergence = both.Divergence(),
            Tokens = both.Of(outputs.TopTokens.Take(2 * question.Top).Where(token => token >= 0)),
            Chosen = both.Of(chosen),
        };
    }

    private float? At(ResolvedIntervention intervention, int text, PositionCoefficients coefficients)
    {
        NeuronId id = intervention.Wish.Memory;
        int memory = _model.Spec.Blocks[id.Layer].FeedForward.NumberOf(id);
        return coefficients.WeightOf(id.Layer, text, memory) == 0 ? null : coefficients.Row(id.Layer, text)[memory];
    }
}
