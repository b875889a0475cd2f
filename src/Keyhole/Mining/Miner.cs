using System.Diagnostics;
using System.Globalization;
using Keyhole.Corpora;
using Keyhole.Engine;
using Keyhole.Engine.Models;
using Keyhole.Engine.Tokens;
using Keyhole.Memories;
using Keyhole.Mining.Nulls;
using Keyhole.Studies;

namespace Keyhole.Mining;

/// <summary>Mines the trigger examples and statistics of a model's memories over a corpus into a study.</summary>
/// <remarks>
/// The corpus is read and tokenised once; its tokens go through the model in chunks, a layer at a time. The study's memories do not depend on
/// threads, memory, chunks or the machine.
/// </remarks>
public sealed class Miner : IDisposable
{
    private readonly MiningOptions _options;
    private readonly Model _model;
    private readonly Tokenizer _tokenizer;
    private readonly UnitTokenizer _unitTokenizer;
    private readonly int[] _layers;
    private readonly Stopwatch _clock;

    /// <summary>Opens the model and its tokenizer.</summary>
    /// <param name="options">What to mine, and how.</param>
    /// <exception cref="InputRefusedException">The model cannot be used, or an option does not fit it.</exception>
    public Miner(MiningOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Threads);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Rules.Top);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.ChunkTokens ?? 1);
        _clock = Stopwatch.StartNew();
        _options = options with { Nulls = [.. options.Nulls.Distinct().Order()] };
        _model = Model.Open(options.Model);
        try
        {
            _tokenizer = TokenizerLoader.Load(options.Model);
            _unitTokenizer = new UnitTokenizer(_tokenizer, options.Bos, _model.Spec.ContextLength);
            _layers = MinedLayers.Of(options, _model.Spec);
            RequirePossible(options, _model.Spec);
        }
        catch
        {
            _model.Dispose();
            throw;
        }
    }

    /// <summary>Refuses options that a model does not allow, before anything is read.</summary>
    /// <param name="options">What to mine, and how.</param>
    /// <param name="spec">The model.</param>
    /// <exception cref="InputRefusedException">KH5007, KH5008, KH7501, KH7502, KH7505 or KH7506: an option does not fit the model, or another option.</exception>
    public static void RequirePossible(MiningOptions options, ModelSpec spec)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(spec);
        MinedLayers.RequireListsThatFit(options.Rules.Top, spec, MinedLayers.Of(options, spec));
        if (options.Rules.SignCases)
        {
            RequireSignCases(options.Rules, spec);
        }

        foreach (NullKind kind in options.Nulls)
        {
            MinedNull.RequirePossible(kind, spec, options.Rules);
        }
    }

    /// <summary>Whether a run that was stopped has left a checkpoint to go on from.</summary>
    public bool CanGoOn { get; private set; }

    /// <summary>The model's description.</summary>
    public ModelSpec Spec => _model.Spec;

    /// <summary>
    /// Runs to the end and leaves a complete study, or throws and leaves none. Where <see cref="MiningOptions.Checkpoints"/> are on, a run that is cancelled or killed
    /// leaves the folder <c>STUDY.run</c>, from which one with <see cref="MiningOptions.Resume"/> goes on; both make the same study as a run that was not disturbed.
    /// </summary>
    /// <param name="planned">Called with the memory plan before mining starts.</param>
    /// <param name="progress">Told how far the run is, or null.</param>
    /// <param name="cancellation">Stops the run, after it has written a checkpoint.</param>
    /// <exception cref="InputRefusedException">The corpus or the model cannot be used, or is not what a stopped run had.</exception>
    /// <exception cref="StudyNotWrittenException">The disk is full or cannot be written; the last checkpoint stands.</exception>
    public MiningResult Run(Action<MemoryPlan>? planned = null, IProgress<MiningProgress>? progress = null, CancellationToken cancellation = default)
    {
        using var weightsHash = new WeightsHash(_model.Checkpoint);
        var provenance = new MinedProvenance(_options, _model, TokenizerFingerprint.Of(_tokenizer), _layers);
        Corpus corpus = Corpus.Open(_options.Corpus, new CorpusOptions { Unit = _options.Unit, TextField = _options.TextField, Limit = _options.Sample is null ? _options.Limit : null });
        bool resumes = _options.Resume && RunFolder.HasCheckpoint(_options.Output);
        if (_options.Resume && File.Exists(_options.Output) && !(resumes && _options.Overwrite) && Finished(provenance, weightsHash, corpus, cancellation) is { } finished)
        {
            return finished;
        }

        StudyWriter.RequireFree(_options.Output, _options.Overwrite);
        foreach (NullKind kind in _options.Nulls)
        {
            StudyWriter.RequireFree(NullStudy.PathOf(_options.Output, kind), _options.Overwrite || resumes);   // a run killed between its last steps may have written it
        }

        using RunFolder folder = RunFolder.Enter(_options.Output, _options.Resume, _options.Overwrite);
        using UnfinishedRun run = resumes
            ? UnfinishedRun.Restore(folder, provenance.Identity(weightsHash.Value(cancellation)), _options.Shard.Count, _model.Spec.ContextLength, Mining)
            : UnfinishedRun.Begin(folder, _options.Shard.Count, _model.Spec.ContextLength);
        if (resumes && CorpusComparison.Difference(corpus, run.State.Files, run.State.Readings, cancellation) is { } difference)
        {
            throw RunIdentity.Changed(folder.Checkpoint, $"of the corpus {difference}");
        }

        var checkpoints = new Checkpoints(folder, _options.Checkpoints, () => provenance.Identity(weightsHash.Value(CancellationToken.None)), run.State, run.Spool, run.Units);
        try
        {
            MiningResult result = Run(corpus, run, checkpoints, provenance, weightsHash, planned, progress, cancellation);
            folder.Delete();
            return result;
        }
        catch (OperationCanceledException) when (checkpoints.IsOn && (run.State.IsRead || !corpus.HasStandardInput))
        {
            checkpoints.Write(run.Mining);
            CanGoOn = true;
            throw;
        }
        catch (Exception failure) when (failure is EndOfStreamException or InvalidDataException)
        {
            throw CheckpointFile.Damaged(folder, failure);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _model.Dispose();

    private static void RequireSignCases(MiningRules rules, ModelSpec spec)
    {
        if (!spec.Blocks[0].FeedForward.IsGated)
        {
            throw new InputRefusedException("KH7505", "--sign-cases: this model's memories have no gate, so there are no sign cases.");
        }

        if (rules.RankBy == RankBy.Pre)
        {
            throw new InputRefusedException("KH7506", "--sign-cases with --rank-by pre: the lists of sign cases are ordered by |m|. Leave one of them out.");
        }
    }

    // The study that is there, where it is this run's; null where it is another one that may be overwritten.
    private MiningResult? Finished(MinedProvenance provenance, WeightsHash weightsHash, Corpus corpus, CancellationToken cancellation)
    {
        MiningResult finished;
        try
        {
            string weights = weightsHash.Value(cancellation);
            finished = FinishedStudy.Require(_options.Output, provenance.Identity(weights), corpus, cancellation);
            foreach (NullKind kind in _options.Nulls)
            {
                FinishedStudy.Require(NullStudy.PathOf(_options.Output, kind), provenance.Identity(weights, kind), corpus, cancellation);
            }
        }
        catch (InputRefusedException) when (_options.Overwrite)
        {
            return null;
        }

        if (Directory.Exists(RunFolder.PathOf(_options.Output)))
        {
            RunFolder.Enter(_options.Output, resume: false, overwrite: true).Delete();   // a run killed between its last two steps leaves it
        }

        return finished;
    }

    private MiningResult Run(
        Corpus corpus, UnfinishedRun run, Checkpoints checkpoints, MinedProvenance provenance, WeightsHash weightsHash, Action<MemoryPlan>? planned, IProgress<MiningProgress>? progress, CancellationToken cancellation)
    {
        RunState state = run.State;
        long resumedTokens = state.MinedTokens;
        double loaded = _clock.Elapsed.TotalSeconds;
        new CorpusStage(_options, _unitTokenizer, corpus, run, checkpoints).Run(progress, cancellation);

        double tokenised = _clock.Elapsed.TotalSeconds;
        MemoryPlan plan = Plan(state);
        planned?.Invoke(plan);
        using var pass = new ForwardPass(_model, new ForwardOptions { Threads = _options.Threads, KeepLayers = plan.KeepsLayers });
        pass.Prepare(_layers[^1], cancellation);
        run.Mining ??= Mining(state);
        double prepared = _clock.Elapsed.TotalSeconds;

        var chunks = new ChunkStage(_options, _model.Spec, _tokenizer, _layers, run, checkpoints, plan);
        chunks.Run(pass, progress, cancellation);
        double mined = _clock.Elapsed.TotalSeconds;

        StudyStage study = Write(run, provenance, weightsHash, progress, cancellation);
        return new MiningResult
        {
            Units = state.MinedTexts,
            Tokens = state.MinedTokens,
            Candidates = state.Candidates,
            Memories = study.Memories,
            DeadMemories = study.DeadMemories,
            FloatingPointOperations = chunks.Operations,
            LoadSeconds = loaded + prepared - tokenised,
            TokenizeSeconds = tokenised - loaded,
            MineSeconds = mined - prepared,
            WriteSeconds = _clock.Elapsed.TotalSeconds - mined,
            Checkpoints = checkpoints.Count,
            CheckpointSeconds = checkpoints.Seconds,
            ResumedTokens = resumedTokens,
            Changed = state.Changed,
            IsStable = state.IsStable,
            Nulls = [.. _options.Nulls.Select(Compared)],
        };
    }

    // The studies of the nulls first: where that of the memories stands, all do.
    private StudyStage Write(UnfinishedRun run, MinedProvenance provenance, WeightsHash weightsHash, IProgress<MiningProgress>? progress, CancellationToken cancellation)
    {
        string corpus = Corpus.HashOf(run.State.Files);
        string weights = weightsHash.Value(cancellation);
        foreach (MinedNull mined in run.Mining!.Nulls)
        {
            Stage(NullStudy.PathOf(_options.Output, mined.Kind), overwrite: true, mined.Observer).Run(provenance.Of(corpus, weights, run.State, mined.Kind), progress, cancellation);   // what may not be replaced was refused
        }

        StudyStage study = Stage(_options.Output, _options.Overwrite, run.Mining.Memories);
        study.Run(provenance.Of(corpus, weights, run.State), progress, cancellation);
        return study;

        StudyStage Stage(string output, bool overwrite, MiningObserver observer) => new(output, overwrite, observer, _options, _model.Spec, _tokenizer, _layers, run);
    }

    private NullComparison Compared(NullKind kind)
    {
        using var memories = Study.Open(_options.Output);
        using var nullStudy = Study.Open(NullStudy.PathOf(_options.Output, kind));
        return NullComparison.Of(memories, nullStudy);
    }

    private MemoryPlan Plan(RunState state)
    {
        int? askedChunk = _options.ChunkTokens is { } asked ? (int)Math.Clamp(state.KeptTokens, 1, asked) : null;
        return MemoryPlan.Make(_model.Spec, _layers, _options.Rules, _options.Threads, _tokenizer.VocabularySize, state.Longest, _options.Memory, askedChunk, _options.Nulls);
    }

    private MiningPass Mining(RunState state)
    {
        var pass = new ForwardOptions { Threads = _options.Threads, KeepLayers = Plan(state).KeepsLayers };
        return new MiningPass(
            _layers,
            new MiningObserver(_model.Spec, _layers, _options.Rules, _options.Threads, state.Candidates, random: state.Random.Kept),
            [.. _options.Nulls.Select(kind => new MinedNull(kind, _model, _layers, _options.Rules, _options.NullSeed, pass, state.Candidates, state.Random.Kept))]);
    }
}
