using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Keyhole.Compat;
using Keyhole.Corpora;
using Keyhole.Engine;
using Keyhole.Engine.Models;
using Keyhole.Engine.Numerics;
using Keyhole.Engine.Tokens;
using Keyhole.Memories;
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
    private readonly DateTimeOffset _started = DateTimeOffset.UtcNow;

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
        _options = options;
        _model = Model.Open(options.Model);
        try
        {
            _tokenizer = TokenizerLoader.Load(options.Model);
            _unitTokenizer = new UnitTokenizer(_tokenizer, options.Bos, _model.Spec.ContextLength);
            _layers = MinedLayers(options, _model.Spec);
            RequireListsThatFit(options.Rules.Top);
        }
        catch
        {
            _model.Dispose();
            throw;
        }
    }

    /// <summary>The model's description.</summary>
    public ModelSpec Spec => _model.Spec;

    /// <summary>Runs to the end and leaves a complete study, or throws and leaves none.</summary>
    /// <param name="planned">Called with the memory plan before mining starts.</param>
    /// <param name="progress">Told how far the run is, or null.</param>
    /// <param name="cancellation">Stops the run; nothing is left behind.</param>
    /// <exception cref="InputRefusedException">The corpus or the model cannot be used.</exception>
    public MiningResult Run(Action<MemoryPlan>? planned = null, IProgress<MiningProgress>? progress = null, CancellationToken cancellation = default)
    {
        using StudyWriter study = StudyWriter.Create(_options.Output, _options.Overwrite);
        using var weightsHash = new WeightsHash(_model.Checkpoint, cancellation);
        using var spool = new TokenSpool(_options.Output + ".tokens");
        double loaded = _clock.Elapsed.TotalSeconds;

        Corpus corpus = Corpus.Open(_options.Corpus, new CorpusOptions { Unit = _options.Unit, TextField = _options.TextField, Limit = _options.Sample is null ? _options.Limit : null });
        long candidates = Tokenise(corpus, study, spool, progress, cancellation);
        if (spool.Texts == 0)
        {
            throw new InputRefusedException("KH5006", $"{string.Join(", ", _options.Corpus)}: no text in this corpus. Check the path, --unit and --text-field.");
        }

        double tokenised = _clock.Elapsed.TotalSeconds;
        MemoryPlan plan = MemoryPlan.Make(_model.Spec, _layers, _options.Rules, _options.Threads, _tokenizer.VocabularySize, spool.Longest, _options.Memory, _options.ChunkTokens is { } asked ? (int)Math.Min(asked, spool.Tokens) : null);
        planned?.Invoke(plan);
        using var pass = new ForwardPass(_model, new ForwardOptions { Threads = _options.Threads, KeepLayers = plan.KeepsLayers });
        pass.Prepare(_layers[^1], cancellation);
        double prepared = _clock.Elapsed.TotalSeconds;

        using var observer = new MiningObserver(_model.Spec, _layers, _options.Rules, _options.Threads, candidates);
        double operations = Mine(spool, pass, observer, plan, corpus, progress, cancellation);
        double mined = _clock.Elapsed.TotalSeconds;

        (int memories, int dead) = WriteMemories(study, observer, progress, cancellation);
        study.WriteFiles([.. corpus.Files.Select(file => new StudyFile(file.Index, file.RelativePath, file.Bytes, file.Sha256 ?? string.Empty))]);
        study.WriteTokenPieces(Enumerable.Range(0, _tokenizer.VocabularySize).Select(Piece));
        study.WriteProvenance(Provenance(corpus, candidates, weightsHash.Value));
        study.Complete();
        return new MiningResult
        {
            Units = spool.Texts,
            Tokens = spool.Tokens,
            Candidates = candidates,
            Memories = memories,
            DeadMemories = dead,
            FloatingPointOperations = operations,
            LoadSeconds = loaded + prepared - tokenised,
            TokenizeSeconds = tokenised - loaded,
            MineSeconds = mined - prepared,
            WriteSeconds = _clock.Elapsed.TotalSeconds - mined,
        };
    }

    /// <inheritdoc/>
    public void Dispose() => _model.Dispose();

    private static int[] MinedLayers(MiningOptions options, ModelSpec spec)
    {
        IEnumerable<int> layers = options.Layers ?? Enumerable.Range(0, spec.LayerCount);
        if (options.Neurons is { } neurons)
        {
            layers = layers.Intersect(neurons.Select(neuron => neuron.Layer));
            foreach (NeuronId neuron in neurons)
            {
                if (!spec.Has(neuron))
                {
                    throw new InputRefusedException("KH5007", $"memory {neuron} is not in this model of {spec.LayerCount} layers with {Sizes(spec.Blocks[0].FeedForward)} each (all count from 0).");
                }
            }
        }

        int[] sorted = [.. layers.Distinct().Order()];
        if (sorted.Length == 0)
        {
            throw new InputRefusedException("KH5007", "no memory is left to mine: --layers is empty, or --neurons names none in these layers.");
        }

        if (sorted[0] < 0 || sorted[^1] >= spec.LayerCount)
        {
            throw new InputRefusedException("KH5007", $"--layers: this model has layers 0 to {spec.LayerCount - 1}.");
        }

        return sorted;
    }

    private static string Sizes(FeedForwardSpec layer)
    {
        string experts = layer.Router is null ? string.Empty : string.Create(CultureInfo.InvariantCulture, $"{layer.Experts.Length} experts of ");
        return string.Create(CultureInfo.InvariantCulture, $"{experts}{layer.ExpertSize} memories");
    }

    // Lists of a layer stand in one array.
    private void RequireListsThatFit(int top)
    {
        int most = TriggerLists.MostEntries / _layers.Max(layer => MemoryColumns.Of(_model.Spec.Blocks[layer].FeedForward).Count);
        if (top > most)
        {
            throw new InputRefusedException("KH5008", string.Create(CultureInfo.InvariantCulture, $"--top {top}: this model's layers have {_layers.Max(layer => _model.Spec.Blocks[layer].FeedForward.MemoryCount)} memories, for which lists of up to {most} triggers can be kept. Give a smaller number."));
        }
    }

    private long Tokenise(Corpus corpus, StudyWriter study, TokenSpool spool, IProgress<MiningProgress>? progress, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        long candidates = 0;
        IEnumerable<TextUnit> units = corpus.ReadUnits(cancellation);
        if (_options.Sample is { } size)
        {
            units = UnitSampler.Take(_options.Limit is { } limit ? units.Take(checked((int)Math.Min(limit, int.MaxValue))) : units, size, _options.Seed).Select(sampled => sampled.Unit);
        }

        var parallel = new ParallelOptions { MaxDegreeOfParallelism = _options.Threads, CancellationToken = cancellation };
        foreach (TextUnit[] batch in UnitBatches.Of(units))
        {
            var texts = new IReadOnlyList<TokenisedText>[batch.Length];
            try
            {
                Parallel.For(0, batch.Length, parallel, i => texts[i] = _unitTokenizer.Encode(batch[i]));
            }
            catch (AggregateException failures) when (failures.InnerException is InputRefusedException refused)
            {
                throw refused;
            }

            foreach (TokenisedText text in texts.SelectMany(windows => windows))
            {
                (int first, int end) = _options.Rules.Candidates(text.Ids.Length, text.StartsWithBos);
                candidates += Math.Max(0, end - first);
                study.AppendUnit(new StudyUnit
                {
                    Index = spool.Texts,
                    File = text.Unit.File,
                    Offset = text.Offset,
                    Length = text.Length,
                    Text = text.Text,
                    Tokens = ImmutableCollectionsMarshal.AsImmutableArray(text.Ids),
                    Spans = text.Spans,
                    Traits = text.Traits,
                });
                spool.Add(text.Ids, text.StartsWithBos);
            }

            double share = corpus.TotalBytes == 0 ? 0 : Math.Min(1, (double)corpus.BytesRead / corpus.TotalBytes);
            progress?.Report(new MiningProgress("tokenize", share, spool.Tokens, spool.Tokens / Stopwatch.GetElapsedTime(start).TotalSeconds));
        }

        return candidates;
    }

    private double Mine(TokenSpool spool, ForwardPass pass, MiningObserver observer, MemoryPlan plan, Corpus corpus, IProgress<MiningProgress>? progress, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        double operations = 0;
        long done = 0;
        int layers = _layers[^1] + 1;
        foreach (MiningChunk chunk in spool.Chunks(plan.ChunkTokens))
        {
            void LayerDone(int layer)
            {
                double tokens = done + ((double)chunk.Batch.RowCount * (layer + 1) / layers);
                progress?.Report(new MiningProgress("mine", tokens / spool.Tokens, tokens, tokens / Stopwatch.GetElapsedTime(start).TotalSeconds));
            }

            observer.Begin(chunk, LayerDone);
            try
            {
                pass.Run(chunk.Batch, observer, cancellation);
            }
            catch (NotFiniteException failure)
            {
                throw new InputRefusedException("KH5001", string.Create(CultureInfo.InvariantCulture, $"{_options.Model}: layer {failure.Layer} gives NaN or infinity on unit {chunk.Units[failure.Text]} of the corpus ({string.Join(", ", corpus.Files.Select(file => file.RelativePath).Take(3))}), which begins '{Beginning(chunk.Batch, failure.Text)}'. The weights hold such values, or overflow on this text; no score is made of them."), failure);
            }

            operations += OperationCount.Of(_model.Spec, layers, chunk.Batch);
            done += chunk.Batch.RowCount;
        }

        return operations;
    }

    private string Beginning(TokenBatch batch, int text)
    {
        const int Tokens = 12;
        return _tokenizer.Decode(batch.Ids.Span.Slice(batch.Start(text), Math.Min(Tokens, batch.Length(text))), skipSpecialTokens: true);
    }

    private (int Memories, int Dead) WriteMemories(StudyWriter study, MiningObserver observer, IProgress<MiningProgress>? progress, CancellationToken cancellation)
    {
        int written = 0;
        int dead = 0;
        for (int i = 0; i < _layers.Length; i++)
        {
            int layer = _layers[i];
            LayerTotals totals = observer.Totals(layer);
            TriggerLists? negative = totals.Accumulator.Negative;
            int memory = 0;
            foreach (NeuronId id in _model.Spec.NamesOf(layer))
            {
                int column = totals.Accumulator.Layout.ColumnOf(memory++);
                if (_options.Neurons?.Contains(id) == false)
                {
                    continue;
                }

                Trigger[] up = totals.Accumulator.Positive.List(column);
                Trigger[] down = negative?.List(column) ?? [];
                NeuronStatistics statistics = totals.Statistics(column);
                study.WriteMemory(id, statistics, up, down);
                written++;
                dead += statistics.PositiveCount == 0 && !(totals.Accumulator.IsGated && statistics.Min < 0) ? 1 : 0;
            }

            cancellation.ThrowIfCancellationRequested();
            progress?.Report(new MiningProgress("write", (i + 1.0) / _layers.Length, 0, 0));
        }

        return (written, dead);
    }

    private string Piece(int id)
    {
        // A vocabulary may have holes; a hole is shown as nothing.
        try
        {
            return _tokenizer.Decode([id]);
        }
        catch (InputRefusedException)
        {
            return string.Empty;
        }
    }

    private StudyProvenance Provenance(Corpus corpus, long candidates, string weightsHash)
    {
        ModelSpec spec = _model.Spec;
        MiningRules rules = _options.Rules;
        var options = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["bos"] = Name(_options.Bos),
            ["unit"] = Name(_options.Unit),
            ["text-field"] = _options.TextField,
            ["top"] = Name(rules.Top),
            ["rank-by"] = Name(rules.RankBy),
            ["per-prefix"] = Name(rules.PerPrefix),
            ["distinct"] = Name(rules.Distinct),
            ["first-position"] = rules.FirstUnlessBos ? "unless-bos" : Name(rules.FirstPosition),
            ["last-position"] = Name(rules.LastPosition),
            ["seed"] = Name(_options.Seed),
            ["layers"] = string.Join(',', _layers),
        };
        if (_options.Compat is { } compat)
        {
            options[CompatMode.Option] = compat;
        }

        if (_options.Limit is { } limit)
        {
            options["limit"] = Name(limit);
        }

        if (_options.Sample is { } sample)
        {
            options["sample"] = Name(sample);
        }

        if (_options.Neurons is { } neurons)
        {
            options["neurons"] = string.Join(',', neurons.Order());
        }

        return new StudyProvenance
        {
            ProgramVersion = typeof(Miner).Assembly.GetName().Version?.ToString(3) ?? "0",
            ModelPath = _options.Model,
            ModelFamily = spec.Family,
            WeightsSha256 = weightsHash,
            TokenizerSha256 = TokenizerFingerprint.Of(_tokenizer),
            CorpusSha256 = corpus.ContentHash,
            Shape = new ModelShape
            {
                Widths = [.. spec.Blocks.Select(block => block.FeedForward.ExpertSize)],
                ModelWidth = spec.Width,
                Gated = spec.Blocks[0].FeedForward.IsGated,
                Activation = Activations.NameOf(spec.Blocks[0].FeedForward.Activation),
                VocabularySize = spec.VocabularySize,
                Experts = spec.Blocks.Max(block => block.FeedForward.Router is null ? 0 : block.FeedForward.Experts.Length),
            },
            Candidates = candidates,
            Options = options.ToImmutableSortedDictionary(StringComparer.Ordinal),
            Run = new StudyRun
            {
                Started = _started,
                Finished = DateTimeOffset.UtcNow,
                Threads = _options.Threads,
                InstructionSet = Machine.InstructionSet,
                Processor = Machine.Processor,
                OperatingSystem = RuntimeInformation.OSDescription,
                Framework = RuntimeInformation.FrameworkDescription,
                Options = ImmutableSortedDictionary<string, string>.Empty.WithComparers(StringComparer.Ordinal)
                    .Add(StudyRun.ModelLocation, Path.GetFullPath(_model.Path))
                    .Add(StudyRun.CorpusLocation, string.Join('\n', _options.Corpus.Select(path => path == "-" ? path : Path.GetFullPath(path)))),
            },
        };
    }

    private static string Name<T>(T value)
        where T : notnull
        => string.Create(CultureInfo.InvariantCulture, $"{value}").ToLowerInvariant();
}
