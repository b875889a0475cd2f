using System.Collections.Immutable;
using Keyhole.Annotations;
using Keyhole.Engine;
using Keyhole.Mining;

namespace Keyhole.Studies.Merging;

/// <summary>One of the studies that are merged: some shards of the corpus, some layers of the model.</summary>
internal sealed class MergePiece : IDisposable
{
    private const string AnalysisTable = "analysis";

    private readonly Dictionary<int, RowRange> _rows;

    private MergePiece(Study study, StudyShard shard, ImmutableArray<int> layers, Dictionary<int, RowRange> rows)
    {
        Study = study;
        Shard = shard;
        Layers = layers;
        _rows = rows;
        HasRanks = study.HasTable(StudySchema.RankTable);
        HasAnalysis = study.HasTable(AnalysisTable);
        HasAnnotations = AnnotationExport.HasContent(study);
        TokenPieces = study.Query("SELECT count(*) FROM token", reader => reader.GetInt64(0)).Single();
    }

    /// <summary>The study.</summary>
    public Study Study { get; }

    /// <summary>The file, as it was given.</summary>
    public string Path => Study.FilePath;

    /// <summary>Its part of the corpus; a study of the whole is shard 0 of 1 until <see cref="DealOut"/>.</summary>
    public StudyShard Shard { get; private set; }

    /// <summary>Whether it is a study of the whole corpus.</summary>
    public bool IsWhole => Study.Provenance.Shard is null;

    /// <summary>The layers that were mined, ascending.</summary>
    public ImmutableArray<int> Layers { get; }

    /// <summary>Whether what its lists are ordered by stands in a table of its own.</summary>
    public bool HasRanks { get; }

    /// <summary>Whether it was analysed.</summary>
    public bool HasAnalysis { get; }

    /// <summary>Whether somebody has annotated it, or labelled memories of it.</summary>
    public bool HasAnnotations { get; }

    /// <summary>Number of decoded tokens.</summary>
    public long TokenPieces { get; }

    /// <summary>Opens a study for reading only.</summary>
    /// <exception cref="InputRefusedException">KH5101 to KH5105, KH5113: it cannot be read.</exception>
    public static MergePiece Open(string path)
    {
        var study = Study.Open(path);
        try
        {
            _ = study.Query("PRAGMA cache_size = -128", _ => 0).Count();   // read once from end to end: keeping pages is of no use
            StudyProvenance provenance = study.Provenance;
            ImmutableArray<int> layers = RecordedRules.Layers(provenance);
            if (layers.Length == 0 || layers[^1] >= provenance.Shape.Layers)
            {
                throw new InvalidDataException($"provenance row 'option.layers' names layers that a model of {provenance.Shape.Layers} layers does not have");
            }

            if (provenance.Shard is { Count: > CorpusShard.MostShards })
            {
                throw new InvalidDataException($"it is one of {provenance.Shard.Count} shards, more than {CorpusShard.MostShards}");
            }

            return new MergePiece(study, provenance.Shard ?? Whole(study, 1), layers, RowsOf(study, layers));
        }
        catch (Exception cause) when (Study.IsDamage(cause))
        {
            study.Dispose();
            throw Study.Damaged(path, cause);
        }
        catch
        {
            study.Dispose();
            throw;
        }
    }

    /// <summary>Takes a study of the whole corpus for all of its shards: so it stands beside shards of other layers.</summary>
    /// <param name="count">Shards that the corpus was dealt out to elsewhere.</param>
    public void DealOut(int count)
    {
        if (IsWhole)
        {
            Shard = Whole(Study, count);
        }
    }

    /// <summary>Where the memories of a layer stand.</summary>
    public RowRange Rows(int layer) => _rows.GetValueOrDefault(layer);

    /// <summary>The refusal of what is wrong in this study.</summary>
    public InputRefusedException Damaged(string what) => Study.Damaged(Path, new InvalidDataException(what));

    public void Dispose() => Study.Dispose();

    private static StudyShard Whole(Study study, int count) => new() { Count = count, Parts = [.. Enumerable.Range(0, count)], CorpusUnits = study.UnitCount, CorpusTokens = study.TokenCount };

    private static Dictionary<int, RowRange> RowsOf(Study study, ImmutableArray<int> layers)
    {
        var rows = new Dictionary<int, RowRange>();
        foreach ((int layer, long first, long last, long count) in study.Query("SELECT layer, min(id), max(id), count(*) FROM memory GROUP BY layer",
            reader => (reader.GetInt32(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3))))
        {
            if (layers.BinarySearch(layer) < 0)
            {
                throw new InvalidDataException($"it has memories of layer {layer}, which provenance row 'option.layers' does not name");
            }

            if (first < 0 || last - first != count - 1)
            {
                throw new InvalidDataException($"the {count} memories of layer {layer} have the numbers {first} to {last}");
            }

            rows.Add(layer, new RowRange(first, count));
        }

        return rows;
    }
}

/// <summary>Consecutive rows of the table of memories.</summary>
/// <param name="First">Number of the first.</param>
/// <param name="Count">How many.</param>
internal readonly record struct RowRange(long First, long Count);
