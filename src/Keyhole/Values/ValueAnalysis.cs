using System.Collections.Immutable;
using System.Globalization;
using Keyhole.Engine;
using Keyhole.Engine.Models;
using Keyhole.Engine.Numerics;
using Keyhole.Engine.Readouts;
using Keyhole.Memories;
using Keyhole.Studies;

namespace Keyhole.Values;

/// <summary>Reads every value vector of a study's memories over the vocabulary and holds it against the memory's triggers (method, section 3).</summary>
public static class ValueAnalysis
{
    /// <summary>Values of all memories of the study, in its order (layer, expert, index). The model's own predictions are <see cref="TriggerPredictions"/>' work.</summary>
    /// <param name="study">The study.</param>
    /// <param name="model">Its model.</param>
    /// <param name="options">How to read.</param>
    /// <param name="progress">Told the share that is done, or null.</param>
    /// <param name="cancellation">Stops within a layer.</param>
    /// <exception cref="InputRefusedException">KH5201: a value vector holds NaN or infinity.</exception>
    public static IReadOnlyList<ValueRecord> Run(Study study, Model model, ValueOptions options, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(study);
        return Run(model, MemoryTriggers.ReadAll(study, cancellation), options, progress, cancellation);
    }

    /// <summary>Values of memories of a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="memories">The memories with their triggers, in the order (layer, expert, index).</param>
    /// <param name="options">How to read.</param>
    /// <param name="progress">Told the share that is done, or null.</param>
    /// <param name="cancellation">Stops within a layer.</param>
    /// <exception cref="InputRefusedException">KH5201: a value vector holds NaN or infinity.</exception>
    public static IReadOnlyList<ValueRecord> Run(Model model, IReadOnlyList<MemoryTriggers> memories, ValueOptions options, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(memories);
        ArgumentNullException.ThrowIfNull(options);
        var records = new List<ValueRecord>(memories.Count);
        using var reader = new VocabularyReader(model, options.Threads);
        foreach (MemoryTriggers[] batch in Batches(memories, options.BatchBytes / (sizeof(float) * (long)reader.Width)))
        {
            double done = records.Count;
            var step = progress is null ? null : new StepProgress(share => progress.Report((done + (share * batch.Length)) / memories.Count));
            ReadBatch(model, reader, batch, options, records, step, cancellation);
        }

        return records;
    }

    // Whole runs of memories that follow each other; a batch may hold several layers, or a part of one.
    private static IEnumerable<MemoryTriggers[]> Batches(IReadOnlyList<MemoryTriggers> memories, long most)
        => memories.Chunk((int)Math.Clamp(most, 1024, int.MaxValue / 2));

    private static void ReadBatch(Model model, VocabularyReader reader, MemoryTriggers[] batch, ValueOptions options, List<ValueRecord> records, IProgress<double>? progress, CancellationToken cancellation)
    {
        using var rows = new AlignedBuffer((long)batch.Length * reader.Width);
        MatrixView prepared = rows.Matrix(batch.Length, reader.Width);
        float[] norms = Prepare(model, reader, batch, options.Readout, prepared);
        ScanProbes probes = Probes(batch);
        ScanResult result = reader.Scan(prepared, new ScanOptions { Top = options.Top, Bottom = options.Top, LogSumExp = true, Probes = probes }, progress, cancellation);
        for (int i = 0; i < batch.Length; i++)
        {
            records.Add(Record(batch[i], i, norms[i], result, options.Top, probes.Start(i), reader.VocabularySize));
        }
    }

    private static float[] Prepare(Model model, VocabularyReader reader, MemoryTriggers[] batch, Readout readout, MatrixView prepared)
    {
        var norms = new float[batch.Length];
        int width = model.Spec.Width;
        for (int first = 0; first < batch.Length;)
        {
            // Of one layer or expert, from the first to the last memory of the batch; what lies between and was not mined is read and left.
            NeuronId start = batch[first].Id;
            int end = first;
            while (end < batch.Length && batch[end].Id.Layer == start.Layer && batch[end].Id.Expert == start.Expert)
            {
                end++;
            }

            FeedForwardSpec feedForward = model.Spec.Blocks[start.Layer].FeedForward;
            int firstNumber = feedForward.NumberOf(start);
            int count = feedForward.NumberOf(batch[end - 1].Id) - firstNumber + 1;
            using var buffer = new AlignedBuffer((long)count * width);
            MatrixView values = buffer.Matrix(count, width);
            MemoryVectors.ReadValues(model, start.Layer, firstNumber, values);
            for (int i = first; i < end; i++)
            {
                MatrixView value = values.RowRange(feedForward.NumberOf(batch[i].Id) - firstNumber, 1);
                norms[i] = Reductions.L2Norm(value.Row(0));
                if (!float.IsFinite(norms[i]))
                {
                    throw new InputRefusedException("KH5201", string.Create(CultureInfo.InvariantCulture, $"{model.Path}: the value of {batch[i].Id} holds NaN or infinity, or is too long for a number; no readout is made of it."));
                }

                reader.PrepareValues(start.Layer, readout, value, prepared.RowRange(i, 1));
            }

            first = end;
        }

        return norms;
    }

    private static ScanProbes Probes(MemoryTriggers[] batch)
    {
        var starts = new int[batch.Length + 1];
        var tokens = new List<int>();
        for (int i = 0; i < batch.Length; i++)
        {
            AddProbes(batch[i].Positive, tokens);
            AddProbes(batch[i].Negative, tokens);
            starts[i + 1] = tokens.Count;
        }

        return new ScanProbes(starts, [.. tokens]);
    }

    private static void AddProbes(PoleTriggers? pole, List<int> tokens)
    {
        if (pole is { Target: >= 0 })
        {
            tokens.Add(pole.Target);
            tokens.Add(pole.Current);
        }
    }

    private static ValueRecord Record(MemoryTriggers memory, int row, float norm, ScanResult result, int kept, int probe, int vocabulary)
    {
        ImmutableArray<TokenLogit> top = List(result.TopTokens, result.TopLogits, row, kept);
        ImmutableArray<TokenLogit> bottom = List(result.BottomTokens, result.BottomLogits, row, kept);
        double logSumExp = result.LogSumExp[row];
        ValuePole positive = Pole(memory.Positive, top[0].Token, result, ref probe, logSumExp, rank => rank);
        return new ValueRecord
        {
            Id = memory.Id,
            Norm = norm,
            MaxProbability = Math.Exp(top[0].Logit - logSumExp),
            LogSumExp = logSumExp,
            Top = top,
            Bottom = bottom,
            Positive = positive,
            Negative = memory.Negative is { } negative ? Pole(negative, bottom[0].Token, result, ref probe, logSumExp, rank => vocabulary - 1 - rank) : null,
        };
    }

    private static ValuePole Pole(PoleTriggers triggers, int top, ScanResult result, ref int probe, double logSumExp, Func<double, double> rankOf)
    {
        int hits = triggers.Targets.Count(target => target == top);
        if (triggers.Target < 0)
        {
            return new ValuePole { Current = triggers.Current, PrecisionTriggers = triggers.Targets.Length, PrecisionHits = hits };
        }

        int at = probe;
        probe += 2;
        return new ValuePole
        {
            Target = triggers.Target,
            Current = triggers.Current,
            TargetRank = rankOf(result.ProbeRanks[at]),
            TargetProbability = Math.Exp(result.ProbeLogits[at] - logSumExp),
            CurrentRank = rankOf(result.ProbeRanks[at + 1]),
            Agrees = triggers.Target == top,
            AgreesWithCurrent = triggers.Current == top,
            PrecisionTriggers = triggers.Targets.Length,
            PrecisionHits = hits,
        };
    }

    private static ImmutableArray<TokenLogit> List(int[] tokens, float[] logits, int row, int kept)
        => [.. Enumerable.Range(row * kept, kept).Where(i => tokens[i] >= 0).Select(i => new TokenLogit(tokens[i], logits[i]))];
}
