using System.Globalization;
using Keyhole.Claiming.Predicates;
using Keyhole.Composition;
using Keyhole.Engine;
using Keyhole.Engine.Models;
using Keyhole.Values;

namespace Keyhole.Claiming.Passes;

/// <summary>Takes texts through the model, chunk by chunk and layer by layer, with the predicates of all claims: each text once.</summary>
internal sealed class ClaimPass : IDisposable
{
    private const long KeptWeightBytes = 1L << 30;
    private const int ChunkWithLayersKept = 8192;
    private const int ChunkWithLayersLoaded = 32768;   // weights are unpacked anew for each chunk
    private const int LeastChunk = 2048;
    private const int MostScores = 1 << 24;            // of a chunk: 64 MiB

    private readonly Model _model;
    private readonly ForwardPass _pass;
    private readonly ClaimTexts _texts;
    private readonly PositionTest?[] _tests;
    private readonly int _threads;
    private readonly int _chunkTokens;
    private readonly List<PrefixText> _chunk = [];
    private int _tokens;

    /// <param name="model">The model, which must outlive the pass.</param>
    /// <param name="texts">The texts.</param>
    /// <param name="tests">Of each claim its predicate; null where it depends on the memory.</param>
    /// <param name="threads">Worker threads.</param>
    /// <param name="chunkTokens">Most tokens of a chunk; null lets the model's size decide.</param>
    public ClaimPass(Model model, ClaimTexts texts, PositionTest?[] tests, int threads, int? chunkTokens)
    {
        (_model, _texts, _tests, _threads) = (model, texts, tests, threads);
        bool keeps = ForwardPass.PackedBytes(model.Spec) <= KeptWeightBytes;
        _pass = new ForwardPass(model, new ForwardOptions { Threads = threads, KeepLayers = keeps });
        _chunkTokens = chunkTokens ?? (keeps ? ChunkWithLayersKept : ChunkWithLayersLoaded);
    }

    /// <summary>Positions and what the predicates say of them.</summary>
    public required PositionTable Table { get; init; }

    /// <summary>Columns that were put aside.</summary>
    public required ScoreFile Scores { get; init; }

    /// <summary>Runs the texts, all or one half.</summary>
    /// <param name="half">0 or 1; null for all.</param>
    /// <param name="columns">What is put aside of every position.</param>
    /// <param name="screening">Counts all memories, or null.</param>
    /// <param name="progress">Told the share that is done, or null.</param>
    /// <param name="cancellation">Stops at the next tile.</param>
    /// <exception cref="InputRefusedException">KH7807: NaN or infinity; a text cannot be read or run.</exception>
    public void Run(int? half, ScoreColumns columns, Screening? screening, IProgress<double>? progress, CancellationToken cancellation)
    {
        var capture = new ScoreCapture(_model, columns, _threads);
        var observer = new ClaimObserver(capture, screening);
        int chunkTokens = Math.Min(_chunkTokens, Math.Max(LeastChunk, MostScores / Math.Max(1, columns.Count)));
        double read = 0;
        double before = 0;
        foreach (PrefixText text in _texts.Read(half, new StepProgress(share => read = share), cancellation))
        {
            if (_tokens + text.Unit.Tokens.Length > chunkTokens)
            {
                Flush(capture, observer, progress, ref before, read, cancellation);
            }

            _chunk.Add(text);
            _tokens += text.Unit.Tokens.Length;
        }

        Flush(capture, observer, progress, ref before, 1, cancellation);
    }

    public void Dispose() => _pass.Dispose();

    private void Flush(ScoreCapture capture, ClaimObserver observer, IProgress<double>? progress, ref double before, double read, CancellationToken cancellation)
    {
        if (_chunk.Count == 0)
        {
            return;
        }

        ClaimChunk chunk = AddPositions(cancellation);
        double from = before;
        double part = Math.Max(0, read - from);
        int layers = _model.Spec.LayerCount;
        observer.Begin(chunk, layer => progress?.Report(from + (part * (layer + 1) / layers)));
        try
        {
            _pass.Run(chunk.Batch, observer, cancellation);
        }
        catch (NotFiniteException failure)
        {
            throw new InputRefusedException("KH7807", string.Create(CultureInfo.InvariantCulture, $"{_model.Path}: layer {failure.Layer} gives NaN or infinity on unit {_chunk[failure.Text].Unit.Index} of {_texts.Name}. The weights hold such values, or overflow on this text; no claim is tested with them."), failure);
        }

        Scores.Add(chunk.First, chunk.Count, capture.Scores);
        before = Math.Max(before, read);
        _chunk.Clear();
        _tokens = 0;
    }

    // The positions of the chunk's texts into the table, and as rows of a batch.
    private ClaimChunk AddPositions(CancellationToken cancellation)
    {
        bool[]?[][] holds = new bool[]?[_chunk.Count][];
        try
        {
            Parallel.For(0, _chunk.Count, new ParallelOptions { MaxDegreeOfParallelism = _threads, CancellationToken = cancellation }, text => holds[text] = [.. _tests.Select(test => test?.Of(_chunk[text]))]);
        }
        catch (AggregateException failures) when (failures.InnerException is InputRefusedException refused)
        {
            throw refused;
        }

        int first = Table.Count;
        int[] ids = new int[_tokens];
        int[] starts = new int[_chunk.Count + 1];
        int[] positions = new int[_tokens];
        Array.Fill(positions, -1);
        for (int text = 0; text < _chunk.Count; text++)
        {
            PrefixText one = _chunk[text];
            int start = starts[text];
            one.Unit.Tokens.CopyTo(ids, start);
            starts[text + 1] = start + one.Unit.Tokens.Length;
            (int begin, int end) = _texts.Positions(one);
            for (int position = begin; position < end; position++)
            {
                positions[start + position] = Table.Count - first + position - begin;
            }

            Table.Add(one, begin, end, holds[text]);
        }

        return new ClaimChunk(new TokenBatch(ids, starts), positions, first, Table.Count - first);
    }
}
