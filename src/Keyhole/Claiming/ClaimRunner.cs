using System.Collections.Immutable;
using System.Globalization;
using Keyhole.Analyses;
using Keyhole.Claiming.Evaluation;
using Keyhole.Claiming.Files;
using Keyhole.Claiming.Passes;
using Keyhole.Claiming.Predicates;
using Keyhole.Composition;
using Keyhole.Engine;
using Keyhole.Engine.Models;
using Keyhole.Engine.Tokens;
using Keyhole.Memories;
using Keyhole.Statistics;
using Keyhole.Studies;
using Keyhole.Values;

namespace Keyhole.Claiming;

/// <summary>One run: passes, choice, counts.</summary>
internal sealed class ClaimRunner
{
    private const int MostSearches = 16;              // each keeps a histogram of every memory
    private const int MostRankedPositions = 1 << 26;  // held at once while they are resampled
    private const int MostTests = 512;                // resampled at once
    private const double ValueShare = 0.1;
    private const double PassShare = 0.85;

    private readonly Study _study;
    private readonly Model _model;
    private readonly ClaimOptions _options;
    private readonly ImmutableArray<MemoryClaim> _claims;
    private readonly IProgress<ClaimProgress>? _progress;
    private readonly CancellationToken _cancellation;
    private readonly int[] _layers;
    private readonly TokenTexts _tokens;
    private readonly PositionTest?[] _tests;
    private readonly ClaimTexts _texts;

    /// <exception cref="InputRefusedException">A claim, a label or a layer does not fit the model.</exception>
    public ClaimRunner(Study study, StudyModel model, ImmutableArray<MemoryClaim> claims, ClaimOptions options, IProgress<ClaimProgress>? progress, CancellationToken cancellation)
    {
        (_study, _model, _options, _claims, _progress, _cancellation) = (study, model.Model, options, claims, progress, cancellation);
        _layers = [.. (options.Layers ?? Enumerable.Range(0, _model.Spec.LayerCount)).Distinct().Order()];
        RequireFits();
        Tokenizer tokenizer = TokenizerLoader.Load(_model.Path);
        string[] labels = [.. claims.Where(claim => claim.Predicate.Kind == PredicateKind.Label).Select(claim => claim.Predicate.Text!).Distinct()];
        _tokens = new TokenTexts(study, tokenizer);
        var predicates = new PredicateTests(_tokens, options.Labels is { } file ? LabelFile.Read(file, labels, cancellation) : null);
        _tests = [.. claims.Select(predicates.Of)];
        TextRules rules = TextRules.Of(study.Provenance);
        _texts = new ClaimTexts(
            options.Corpus is { } paths ? new CorpusTexts(paths, rules, tokenizer, _model.Spec.ContextLength, options.Threads) : new StudyTexts(study, tokenizer), rules.Positions, options.Seed);
    }

    private int[] Searched => [.. Enumerable.Range(0, _claims.Length).Where(claim => _claims[claim].Memory is null)];

    /// <summary>Tests all claims.</summary>
    public ClaimRun Run()
    {
        bool readsValues = _claims.Any(claim => claim.Predicate.Kind == PredicateKind.ValueTop);
        var table = new PositionTable(_claims.Select(claim => claim.Predicate.Kind != PredicateKind.ValueTop), readsValues);
        using var scores = new ScoreFile();
        using var pass = new ClaimPass(_model, _texts, _tests, _options.Threads, _options.ChunkTokens) { Table = table, Scores = scores };
        double from = readsValues ? ValueShare : 0;
        ValueEndTokens? values = readsValues ? Values(Step("reading values", 0, from)) : null;
        var columns = new ScoreColumns();
        List<PlannedTest> plans = [];
        foreach ((int claim, MemoryClaim named) in _claims.Index().Where(claim => claim.Item.Memory is not null))
        {
            plans.Add(new PlannedTest(claim, named.Memory!.Value, named.Pole, double.NaN, IsShown: true));
            columns.Add(named.Memory.Value, named.Threshold);
        }

        int secondHalf = 0;
        if (Searched.Length == 0)
        {
            pass.Run(null, columns, null, Step("testing", from, PassShare), _cancellation);
        }
        else
        {
            double middle = (from + PassShare) / 2;
            PlannedTest[] chosen = Search(pass, columns, values, Step("searching", from, middle));
            plans.AddRange(chosen);
            foreach (PlannedTest plan in chosen)
            {
                columns.Add(plan.Memory, _claims[plan.Claim].Threshold);
            }

            secondHalf = table.TextCount;
            pass.Run(1, columns, null, Step("testing", middle, PassShare), _cancellation);
        }

        if (table.Count == 0)
        {
            throw new InputRefusedException("KH7808", $"{_texts.Name}: no text is long enough for a prefix and the token after it, so there is nothing to test claims on. Check the path, --unit and --text-field of the study, or give other texts.");
        }

        var counter = new ClaimCounter(_model, _claims, plans, table, scores, columns, values, _options);
        return Conclude(Count(counter, plans, table, secondHalf), table, readsValues);
    }

    // The first half of the texts, with all memories counted in bins.
    private PlannedTest[] Search(ClaimPass pass, ScoreColumns columns, ValueEndTokens? values, IProgress<double>? progress)
    {
        ModelSpec spec = _model.Spec;
        List<ScreenSlot> slots = [ScreenSlot.All];
        var slotsOf = new Dictionary<int, Dictionary<Pole, int>>();
        foreach (int claim in Searched)
        {
            slotsOf[claim] = [];
            ClaimPredicate predicate = _claims[claim].Predicate;
            foreach (Pole pole in Enum.GetValues<Pole>().Where(pole => pole == Pole.Positive || (predicate.Kind == PredicateKind.ValueTop && spec.Blocks.Any(block => block.FeedForward.IsGated))))
            {
                slotsOf[claim][pole] = slots.Count;
                slots.Add(predicate.Kind == PredicateKind.ValueTop ? new ScreenSlot(claim, new ValueTopSlots(spec, _layers, values!, pole, predicate.Top), pole, predicate.Top) : new ScreenSlot(claim));
            }

            slotsOf[claim].TryAdd(Pole.Negative, slotsOf[claim][Pole.Positive]);
        }

        var screening = new Screening(spec, _layers, pass.Table, [.. slots], _options.Threads);
        pass.Run(0, columns, screening, progress, _cancellation);
        return [.. Searched.SelectMany(claim => ScreenChoice.Best(spec, _layers, screening, claim, slotsOf[claim], values, _options, _cancellation))];
    }

    private ValueEndTokens Values(IProgress<double>? progress)
    {
        MemoryClaim[] claims = [.. _claims.Where(claim => claim.Predicate.Kind == PredicateKind.ValueTop)];
        IEnumerable<NeuronId> named = claims.Select(claim => claim.Memory).OfType<NeuronId>();
        IEnumerable<NeuronId> all = claims.Any(claim => claim.Memory is null) ? _layers.SelectMany(_model.Spec.NamesOf) : [];
        return ValueEndTokens.Read(_study, _model, [.. named.Union(all).Order()], claims.Max(claim => claim.Predicate.Top), _options.Threads, progress, _cancellation);
    }

    private CountedTest[] Count(ClaimCounter counter, List<PlannedTest> plans, PositionTable table, int secondHalf)
    {
        var sets = new Dictionary<(bool Searched, bool WithTarget), PositionSet>();
        PositionSet Set(PlannedTest plan)
        {
            (bool searched, bool withTarget) = (_claims[plan.Claim].Memory is null, table.Untargeted > 0 && _claims[plan.Claim].Predicate.On == ClaimPlace.Target);
            return sets.TryGetValue((searched, withTarget), out PositionSet? set) ? set
                : sets[(searched, withTarget)] = new PositionSet(table, searched ? secondHalf : 0, table.TextCount, withTarget);
        }

        (PlannedTest Plan, PositionSet Positions)[] jobs = [.. plans.Select(plan => (plan, Set(plan))).Where(job => job.Item2.Count > 0)];
        var counted = new CountedTest[jobs.Length];
        StepProgress? progress = Step("counting", PassShare, 1);
        int done = 0;
        foreach (IGrouping<PositionSet, int> group in Enumerable.Range(0, jobs.Length).GroupBy(job => jobs[job].Positions))
        {
            foreach (int[] block in Blocks(group, job => jobs[job].Plan.IsShown ? group.Key.Count : 0))
            {
                Parallel.ForEach(block, new ParallelOptions { MaxDegreeOfParallelism = _options.Threads, CancellationToken = _cancellation }, job => counted[job] = counter.Count(jobs[job].Plan, group.Key));
                Interval[][] intervals = TextResamples.Intervals(group.Key, [.. block.Select(job => (counted[job].Texts, counted[job].Ranked))], _options.Seed, _options.Threads, _cancellation);
                foreach ((int i, int job) in block.Index())
                {
                    (counted[job].Intervals, counted[job].Ranked) = (intervals[i], null);
                }

                progress?.Report((double)(done += block.Length) / jobs.Length);
            }
        }

        return counted;
    }

    // As many tests at a time as their ranked positions have room for.
    private static IEnumerable<int[]> Blocks(IEnumerable<int> jobs, Func<int, int> ranked)
    {
        List<int> block = [];
        long positions = 0;
        foreach (int job in jobs)
        {
            if (block.Count == MostTests || (block.Count > 0 && positions + ranked(job) > MostRankedPositions))
            {
                yield return [.. block];
                block.Clear();
                positions = 0;
            }

            block.Add(job);
            positions += ranked(job);
        }

        if (block.Count > 0)
        {
            yield return [.. block];
        }
    }

    private ClaimRun Conclude(CountedTest[] counted, PositionTable table, bool readsValues)
    {
        double[] adjusted = FalseDiscovery.Adjusted([.. counted.Select(test => test.P)]);
        var texts = ExampleTexts.Read(_options.Corpus is null ? _study : null, _texts, counted.SelectMany(test => test.Picks.All).Select(pick => pick.Unit), _tokens, _cancellation);
        ILookup<int, ClaimTest> tests = counted.Index().ToLookup(test => test.Item.Plan.Claim, test => TestAssembly.Of(test.Item, _claims[test.Item.Plan.Claim].Levels, adjusted[test.Index], texts.Of(test.Item.Picks)));
        var options = new SortedDictionary<string, string>(StringComparer.Ordinal);
        _texts.Describe(options);
        options["claims"] = Text(_claims.Length);
        options["positions"] = Text(table.Count);
        options["units"] = Text(table.TextCount);
        options["tests"] = Text(counted.Length);
        options["seed"] = Text(_options.Seed);
        if (Searched.Length > 0)
        {
            options["chosen-by"] = _options.By == ScreenedBy.Auroc ? "auroc" : "average precision";
            options["best"] = Text(_options.Best);
            options["layers"] = string.Join(',', _layers);
        }

        if (readsValues)
        {
            options["readout"] = ValueEndTokens.ReadoutOf(_study).ToString().ToLowerInvariant();
        }

        return new ClaimRun
        {
            Options = options.ToImmutableSortedDictionary(StringComparer.Ordinal),
            Claims = [.. _claims.Select((claim, i) => new ClaimResult
            {
                Name = claim.Name,
                Predicate = claim.Predicate.ToString(),
                On = claim.Predicate.On,
                Threshold = claim.Threshold.ToString(),
                Levels = claim.Levels,
                Searched = claim.Memory is null,
                Tests = [.. tests[i]],
            })],
        };
    }

    private void RequireFits()
    {
        ModelSpec spec = _model.Spec;
        if (_layers.Length == 0 || _layers[^1] >= spec.LayerCount)
        {
            throw new InputRefusedException("KH7805", string.Create(CultureInfo.InvariantCulture, $"--layers: this model has layers 0 to {spec.LayerCount - 1}."));
        }

        if (Searched.Length > MostSearches)
        {
            throw new InputRefusedException("KH7808", string.Create(CultureInfo.InvariantCulture, $"{_options.Claims}: {Searched.Length} claims search for memories; one run takes {MostSearches} such. Put them into several files."));
        }

        foreach (MemoryClaim claim in _claims)
        {
            if (claim.Memory is { } id && !spec.Has(id))
            {
                throw new InputRefusedException("KH7805", string.Create(CultureInfo.InvariantCulture, $"claim '{claim.Name}': the field 'memory' names {id}, which is not in this model of {spec.LayerCount} layers of {spec.Blocks[Math.Clamp(id.Layer, 0, spec.LayerCount - 1)].FeedForward.MemoryCount} memories; all count from 0."));
            }

            if (claim.Memory is { } plain && claim.Pole == Pole.Negative && !spec.Blocks[plain.Layer].FeedForward.IsGated)
            {
                throw new InputRefusedException("KH7805", $"claim '{claim.Name}': the field 'memory' names the negative pole of {plain}, but this model is not gated, so that its memories have the positive one alone; leave the - out.");
            }
        }
    }

    private StepProgress? Step(string phase, double from, double to)
        => _progress is { } progress ? new StepProgress(share => progress.Report(new ClaimProgress(phase, from + (share * (to - from))))) : null;

    private static string Text<T>(T value)
        where T : IFormattable
        => value.ToString(null, CultureInfo.InvariantCulture);
}
