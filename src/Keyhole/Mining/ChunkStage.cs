using System.Diagnostics;
using System.Globalization;
using Keyhole.Engine;
using Keyhole.Engine.Models;
using Keyhole.Engine.Tokens;

namespace Keyhole.Mining;

/// <summary>Second part of a run: takes the texts through the model, chunk by chunk.</summary>
internal sealed class ChunkStage
{
    /// <summary>Tokens after which it is seen how many memories' lists have changed: a property of the corpus, whatever the chunks are.</summary>
    public const int WindowTokens = 32768;

    private const double LeastRate = 1e10;   // operations per second and thread that any machine has

    private readonly MiningOptions _options;
    private readonly ModelSpec _spec;
    private readonly Tokenizer _tokenizer;
    private readonly UnfinishedRun _run;
    private readonly Checkpoints _checkpoints;
    private readonly MemoryPlan _plan;
    private readonly int _layers;
    private readonly int _memories;
    private readonly double _nullOperations;   // of a position
    private double _tokensPerSecond;

    public ChunkStage(MiningOptions options, ModelSpec spec, Tokenizer tokenizer, IReadOnlyList<int> layers, UnfinishedRun run, Checkpoints checkpoints, MemoryPlan plan)
    {
        _options = options;
        _spec = spec;
        _tokenizer = tokenizer;
        _run = run;
        _checkpoints = checkpoints;
        _plan = plan;
        _layers = layers[^1] + 1;
        _memories = layers.Sum(layer => spec.Blocks[layer].FeedForward.MemoryCount);
        _nullOperations = options.Nulls.Sum(kind => OperationCount.OfNull(kind, spec, layers));
        _tokensPerSecond = LeastRate * options.Threads / (OperationCount.Of(spec, _layers, new TokenBatch(new int[1], [0, 1])) + _nullOperations);
    }

    /// <summary>2 x multiply-adds so far in this process.</summary>
    public double Operations { get; private set; }

    /// <summary>Goes on to the end of the corpus, or until the lists are stable.</summary>
    /// <param name="pass">Runs the model.</param>
    /// <param name="progress">Told how far it is, or null.</param>
    /// <param name="cancellation">Stops within a layer; the run's state is then that of the layer before.</param>
    /// <exception cref="InputRefusedException">KH5001: a value is not finite.</exception>
    public void Run(ForwardPass pass, IProgress<MiningProgress>? progress, CancellationToken cancellation)
    {
        RunState state = _run.State;
        MiningPass mining = _run.Mining!;
        long start = Stopwatch.GetTimestamp();
        long before = state.MinedTokens;
        while (Next() is { } chunk)
        {
            long begun = Stopwatch.GetTimestamp();
            int rows = chunk.Batch.RowCount;
            int firstLayer = state.ChunkLayers;
            state.ChunkTexts = chunk.Batch.TextCount;
            mining.Begin(chunk, firstLayer, layer =>
            {
                state.ChunkLayers = Math.Max(state.ChunkLayers, layer + 1);
                double tokens = state.MinedTokens + ((double)rows * (layer + 1) / _layers);
                progress?.Report(new MiningProgress("mine", tokens / state.KeptTokens, tokens, (tokens - before) / Stopwatch.GetElapsedTime(start).TotalSeconds)
                {
                    Changed = state.Changed,
                    Checkpoints = _checkpoints.Count,
                });
            });
            Run(pass, chunk, mining, cancellation);
            Operations += OperationCount.Of(_spec, _layers, chunk.Batch) + (rows * _nullOperations);
            state.MinedTexts += chunk.Batch.TextCount;
            state.MinedTokens += rows;
            state.MinedBytes = chunk.End;
            state.WindowTokens += rows;
            (state.ChunkTexts, state.ChunkLayers) = (0, 0);
            double seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
            _tokensPerSecond = rows / Math.Max(seconds, 1e-6);
            _checkpoints.WriteIfDue(seconds, mining);
        }
    }

    private void Run(ForwardPass pass, MiningChunk chunk, MiningPass mining, CancellationToken cancellation)
    {
        try
        {
            pass.Run(chunk.Batch, mining, cancellation);
        }
        catch (NotFiniteException failure)
        {
            throw new InputRefusedException("KH5001", string.Create(CultureInfo.InvariantCulture, $"{_options.Model}: layer {failure.Layer} gives NaN or infinity on unit {chunk.Units[failure.Text]} of the corpus ({string.Join(", ", _run.State.Files.Select(file => file.RelativePath).Take(3))}), which begins '{Beginning(chunk.Batch, failure.Text)}'. The weights hold such values, or overflow on this text; no score is made of them."), failure);
        }
    }

    // The chunk that a stopped run was in, or the next one; null at the end.
    private MiningChunk? Next()
    {
        RunState state = _run.State;
        if (state.ChunkTexts > 0)
        {
            return _run.Spool.Read(state.MinedBytes, int.MaxValue, state.ChunkTexts);
        }

        int length = state.IsStable ? 0 : _run.Spool.TextLength(state.MinedBytes);
        if (length > 0 && state.WindowTokens > 0 && length > WindowTokens - state.WindowTokens)
        {
            CloseWindow();
        }

        return length == 0 || state.IsStable ? null : _run.Spool.Read(state.MinedBytes, Math.Min(ChunkTokens(), WindowTokens - state.WindowTokens), int.MaxValue);
    }

    private void CloseWindow()
    {
        RunState state = _run.State;
        state.Changed = (double)_run.Mining!.TakeChanged() / _memories;
        state.WindowTokens = 0;
        state.IsStable = state.Changed < _options.UntilStable;
    }

    // As many as the plan has room for, and no more than half an interval of checkpoints takes.
    private int ChunkTokens()
    {
        double tokens = _options.ChunkTokens ?? Math.Max(MemoryPlan.LeastChunk, _tokensPerSecond * _checkpoints.IntervalSeconds / 2);
        return (int)Math.Min(tokens, _plan.ChunkTokens);
    }

    private string Beginning(TokenBatch batch, int text)
    {
        const int Tokens = 12;
        return _tokenizer.Decode(batch.Ids.Span.Slice(batch.Start(text), Math.Min(Tokens, batch.Length(text))), skipSpecialTokens: true);
    }
}
