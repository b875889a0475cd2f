using System.Collections.Immutable;
using System.Globalization;
using Keyhole.Engine;
using Keyhole.Mining;

namespace Keyhole.Studies.Merging;

/// <summary>Makes one study of those that were mined over shards of a corpus or over some layers, as one run would have written it.</summary>
/// <remarks>
/// Lists are in one total order and statistics are exact sums, so the order and the grouping of merges change nothing. Analyses are not merged. Of what may differ
/// between runs (times, machine, the model's path) the piece with the lowest shard and layer has the word; the time is from the first start to the last end.
/// </remarks>
public sealed class StudyMerger : IDisposable
{
    private readonly MergeOptions _options;
    private readonly List<MergePiece> _pieces = [];
    private readonly MergeGrid _grid;
    private readonly MiningRules _rules;

    /// <summary>Opens the studies for reading and checks that they belong together and do not overlap.</summary>
    /// <param name="options">What to merge, and where to.</param>
    /// <exception cref="InputRefusedException">
    /// KH5101 to KH5105, KH5113: a study cannot be read; KH5241: two do not belong together; KH5242: two overlap; KH5244: the output is one of them.
    /// </exception>
    /// <exception cref="MergeIncompleteException">Something is missing that <see cref="MergeOptions.Partial"/> does not allow.</exception>
    public StudyMerger(MergeOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfZero(options.Shards.Count);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Threads);
        _options = options;
        RefuseOutputAmongInputs(options);
        StudyWriter.RequireFree(options.Output, options.Overwrite);
        try
        {
            foreach (string path in options.Shards)
            {
                _pieces.Add(MergePiece.Open(path));
            }

            int shards = _pieces.Find(piece => !piece.IsWhole)?.Shard.Count ?? 1;
            _pieces.ForEach(piece => piece.DealOut(shards));
            MergeChecks.BelongTogether(_pieces);
            _grid = MergeGrid.Of(_pieces);
            _rules = RulesOf(_pieces[0]);
            RequireComplete();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Runs to the end and leaves a complete file, or throws and leaves none.</summary>
    /// <param name="progress">Told the share that is done, or null.</param>
    /// <param name="cancellation">Stops the run; nothing is left behind.</param>
    /// <exception cref="InputRefusedException">A study is damaged.</exception>
    /// <exception cref="StudyNotWrittenException">KH5112: the study cannot be written.</exception>
    public MergeResult Run(IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        const double UnitShare = 0.1;
        using StudyWriter study = StudyWriter.Create(_options.Output, _options.Overwrite);
        using UnitTokens? ids = _rules.Distinct > 0 ? new UnitTokens(_options.Output + ".tokens", _rules.Distinct) : null;
        UnitTable units = UnitMerge.Write(_grid.Bands[0].Pieces, study, ids, Part(progress, 0, UnitShare), cancellation);
        RequireCorpus(units);
        ids?.Complete(units);
        Dictionary<MergeBand, UnitTable> tables = UnitsOf(units, cancellation);

        StudyProvenance first = First.Study.Provenance;
        var rules = ListRules.Of(_rules, first.Shape.Gated, _grid.IsComplete);
        long? positions = _grid.IsComplete && !first.Options.ContainsKey("until-stable") ? first.Candidates : null;   // a run that ended early has mined fewer
        var memories = new MemoryMerge(_grid, rules.Top, study, band => new BandMerge(band, rules, tables[band], ids, positions), Part(progress, UnitShare, 1 - UnitShare), cancellation);
        memories.Run(_options.Threads);
        if (rules.SampleQuantiles)
        {
            study.WriteRandomPositions(SampleTable.RandomPositions(First.Study));
        }

        study.WriteFiles(Files());
        study.WriteTokenPieces(First.Study.Query("SELECT text FROM token ORDER BY id", reader => reader.GetString(0)));
        study.WriteProvenance(Provenance());
        study.Complete();
        return new MergeResult
        {
            ShardCount = _grid.Count,
            Parts = _grid.Parts,
            Layers = _grid.Layers,
            Missing = _grid.Missing,
            Analysed = [.. _pieces.Where(piece => piece.HasAnalysis).Select(piece => piece.Path)],
            Annotated = [.. _pieces.Where(piece => piece.HasAnnotations).Select(piece => piece.Path)],
            Units = units.Count,
            Tokens = units.Tokens,
            Memories = memories.Memories,
            Triggers = memories.Triggers,
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (MergePiece piece in _pieces)
        {
            piece.Dispose();
        }
    }

    // The piece with the lowest shard, then layer.
    private MergePiece First => _pieces.MinBy(piece => (piece.Shard.Parts[0], piece.Layers[0]))!;

    private static void RefuseOutputAmongInputs(MergeOptions options)
    {
        string output = Path.GetFullPath(options.Output);
        foreach (string path in options.Shards)
        {
            string input = Path.GetFullPath(path);
            string target = File.Exists(input) ? File.ResolveLinkTarget(input, returnFinalTarget: true)?.FullName ?? input : input;
            if (new[] { output, output + ".partial", output + ".tokens" }.Any(written => written == input || written == target))
            {
                throw new InputRefusedException("KH5244", $"{path}: this study is to be merged, and '{options.Output}' is to be written in its place; give another path with -o.");
            }
        }
    }

    private static MiningRules RulesOf(MergePiece piece)
    {
        try
        {
            return RecordedRules.Of(piece.Study.Provenance);
        }
        catch (InvalidDataException cause)
        {
            throw Study.Damaged(piece.Path, cause);
        }
    }

    private static ShareOf? Part(IProgress<double>? progress, double from, double part) => progress is null ? null : new ShareOf(progress, from, part);

    private void RequireComplete()
    {
        string[] lacking = [.. _grid.Missing is { } missing ? [missing] : Array.Empty<string>(), .. _grid.Holes];
        if (lacking.Length == 0 || (_options.Partial && _grid.Holes.IsEmpty))
        {
            return;
        }

        string advice = _grid.Holes.IsEmpty
            ? "give them too, or --partial to merge what is there"
            : "give them too, as every layer of a study needs the same shards";
        throw new MergeIncompleteException($"{string.Join("; ", lacking)}: nothing was merged; {advice}.");
    }

    private void RequireCorpus(UnitTable units)
    {
        StudyShard shard = First.Shard;
        if (_grid.IsComplete ? units.Count != shard.CorpusUnits || units.Tokens != shard.CorpusTokens : units.Count > shard.CorpusUnits || units.Tokens > shard.CorpusTokens)
        {
            throw First.Damaged(string.Create(CultureInfo.InvariantCulture, $"all shards together have {units.Count} units with {units.Tokens} tokens, and the corpus has {shard.CorpusUnits} with {shard.CorpusTokens}"));
        }
    }

    // Every band has the same units, dealt out to its pieces in its own way.
    private Dictionary<MergeBand, UnitTable> UnitsOf(UnitTable first, CancellationToken cancellation)
    {
        var tables = new Dictionary<MergeBand, UnitTable> { [_grid.Bands[0]] = first };
        foreach (MergeBand band in _grid.Bands.Skip(1))
        {
            UnitTable units = UnitMerge.Read(band.Pieces, cancellation);
            if (units.FirstDifference(first) is { } unit)
            {
                throw band.Pieces[0].Damaged(string.Create(CultureInfo.InvariantCulture, $"unit {unit} is not the same in the pieces of layer {band.Layers[0]} and of layer {_grid.Bands[0].Layers[0]} ({_grid.Bands[0].Pieces[0].Path})"));
            }

            tables.Add(band, units);
        }

        return tables;
    }

    private ImmutableArray<StudyFile> Files() => First.Study.Files.FirstOrDefault(file => Path.IsPathRooted(file.Path)) is { } rooted
        ? throw First.Damaged($"it names the file '{rooted.Path}' by a full path")
        : First.Study.Files;

    private StudyProvenance Provenance()
    {
        StudyProvenance first = First.Study.Provenance;
        StudyShard shard = First.Shard;
        StudyRun run = first.Run;
        return new StudyProvenance
        {
            ProgramVersion = first.ProgramVersion,
            ModelPath = first.ModelPath,
            ModelFamily = first.ModelFamily,
            WeightsSha256 = first.WeightsSha256,
            TokenizerSha256 = first.TokenizerSha256,
            CorpusSha256 = first.CorpusSha256,
            Shape = first.Shape,
            Candidates = first.Candidates,
            Shard = _grid.IsComplete ? null : new StudyShard { Count = shard.Count, Parts = _grid.Parts, CorpusUnits = shard.CorpusUnits, CorpusTokens = shard.CorpusTokens },
            Options = first.Options.SetItem("layers", string.Join(',', _grid.Layers)),
            Run = new StudyRun
            {
                Started = _pieces.Min(piece => piece.Study.Provenance.Run.Started),
                Finished = _pieces.Max(piece => piece.Study.Provenance.Run.Finished),
                Threads = run.Threads,
                InstructionSet = run.InstructionSet,
                Processor = run.Processor,
                OperatingSystem = run.OperatingSystem,
                Framework = run.Framework,
                Options = run.Options,
            },
        };
    }

    private sealed class ShareOf(IProgress<double> whole, double from, double part) : IProgress<double>
    {
        public void Report(double value) => whole.Report(from + (part * value));
    }
}
