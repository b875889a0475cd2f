using System.Collections.Immutable;
using System.Globalization;
using Keyhole.Engine;
using Keyhole.Mining;

namespace Keyhole.Studies.Merging;

/// <summary>One study made of pieces: that of the memories, or that of a null.</summary>
/// <remarks>Of what may differ between runs (times, machine, the model's path) the piece with the lowest shard and layer has the word; the time is from the first start to the last end.</remarks>
internal sealed class MergedStudy : IDisposable
{
    private readonly MergeOptions _options;
    private readonly string? _nullOf;
    private readonly List<MergePiece> _pieces = [];
    private readonly MergeGrid _grid;
    private readonly MiningRules _rules;
    private StudyWriter? _study;

    /// <summary>Opens the pieces for reading and checks that they belong together and do not overlap.</summary>
    /// <param name="pieces">The studies to merge.</param>
    /// <param name="output">The study to write.</param>
    /// <param name="options">How to merge.</param>
    /// <param name="nullOf">Of a null: the study of the memories that stands beside it.</param>
    /// <exception cref="InputRefusedException">As <see cref="StudyMerger"/>.</exception>
    /// <exception cref="MergeIncompleteException">Something is missing that may not be.</exception>
    public MergedStudy(IReadOnlyList<string> pieces, string output, MergeOptions options, string? nullOf = null)
    {
        Output = output;
        _options = options;
        _nullOf = nullOf;
        StudyWriter.RequireFree(output, options.Overwrite);
        try
        {
            foreach (string path in pieces)
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

    /// <summary>Where it will stand.</summary>
    public string Output { get; }

    /// <summary>The pieces, as they were given.</summary>
    public IReadOnlyList<MergePiece> Pieces => _pieces;

    /// <summary>Writes everything, aside: it takes its place with <see cref="Complete"/>.</summary>
    /// <param name="progress">Told the share that is done, or null.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="InputRefusedException">A piece is damaged.</exception>
    /// <exception cref="StudyNotWrittenException">KH5112: the study cannot be written.</exception>
    public MergeResult Write(IProgress<double>? progress, CancellationToken cancellation)
    {
        const double UnitShare = 0.1;
        StudyWriter study = _study = StudyWriter.Create(Output, _options.Overwrite);
        using UnitTokens? ids = _rules.Distinct > 0 ? new UnitTokens(Output + ".tokens", _rules.Distinct) : null;
        UnitTable units = UnitMerge.Write(_grid.Bands[0].Pieces, study, ids, ShareOf.Part(progress, 0, UnitShare), cancellation);
        RequireCorpus(units);
        ids?.Complete(units);
        Dictionary<MergeBand, UnitTable> tables = UnitsOf(units, cancellation);

        StudyProvenance first = First.Study.Provenance;
        var rules = ListRules.Of(_rules, first.Shape.Gated, _grid.IsComplete);
        long? positions = _grid.IsComplete && !first.Options.ContainsKey("until-stable") ? first.Candidates : null;   // a run that ended early has mined fewer
        var memories = new MemoryMerge(_grid, rules.Top, study, band => new BandMerge(band, rules, tables[band], ids, positions), ShareOf.Part(progress, UnitShare, 1 - UnitShare), cancellation);
        memories.Run(_options.Threads);
        if (rules.SampleQuantiles)
        {
            study.WriteRandomPositions(SampleTable.RandomPositions(First.Study));
        }

        study.WriteFiles(Files());
        study.WriteTokenPieces(First.Study.Query("SELECT text FROM token ORDER BY id", reader => reader.GetString(0)));
        study.WriteProvenance(Provenance());
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

    /// <summary>Puts what was written in its place.</summary>
    /// <exception cref="StudyNotWrittenException">KH5112: the study cannot be written.</exception>
    public void Complete() => _study!.Complete();

    /// <summary>Ends writing; what did not take its place is removed.</summary>
    public void EndWriting()
    {
        _study?.Dispose();
        _study = null;
    }

    public void Dispose()
    {
        EndWriting();
        foreach (MergePiece piece in _pieces)
        {
            piece.Dispose();
        }
    }

    // The piece with the lowest shard, then layer.
    private MergePiece First => _pieces.MinBy(piece => (piece.Shard.Parts[0], piece.Layers[0]))!;

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
        return first with
        {
            Shard = _grid.IsComplete ? null : First.Shard with { Parts = _grid.Parts },
            Options = first.Options.SetItem("layers", string.Join(',', _grid.Layers)),
            Run = first.Run with
            {
                Started = _pieces.Min(piece => piece.Study.Provenance.Run.Started),
                Finished = _pieces.Max(piece => piece.Study.Provenance.Run.Finished),
                Options = _nullOf is { } memories ? first.Run.Options.SetItem(StudyRun.NullOf, Path.GetFullPath(memories)) : first.Run.Options,
            },
        };
    }
}
