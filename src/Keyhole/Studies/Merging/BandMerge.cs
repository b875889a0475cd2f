using System.Globalization;
using Keyhole.Memories;

namespace Keyhole.Studies.Merging;

/// <summary>Merges memories of a band, one worker's part: all pieces are read side by side, a memory at a time.</summary>
internal sealed class BandMerge : IDisposable
{
    private readonly MergeBand _band;
    private readonly MemoryRows[] _rows;
    private readonly ListMerge _lists;
    private readonly StatisticsSum _statistics = new();
    private readonly long? _positions;
    private readonly SampleMerge? _samples;

    /// <param name="band">The layers and their pieces.</param>
    /// <param name="rules">What lists are ordered by.</param>
    /// <param name="units">The units of the band's pieces.</param>
    /// <param name="ids">The units' tokens where a list keeps distinct endings, else null.</param>
    /// <param name="positions">Positions that the statistics of a memory without experts must count; null where that is not known.</param>
    public BandMerge(MergeBand band, ListRules rules, UnitTable units, UnitTokens? ids, long? positions)
    {
        _band = band;
        _positions = positions;
        _lists = new ListMerge(band.Pieces.Length, rules, units, ids);
        _samples = rules.SampleQuantiles ? new SampleMerge(rules, units) : null;
        _rows = new MemoryRows[band.Pieces.Length];
        try
        {
            for (int piece = 0; piece < _rows.Length; piece++)
            {
                _rows[piece] = new MemoryRows(band.Pieces[piece], rules);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The layers and their pieces.</summary>
    public MergeBand Band => _band;

    /// <summary>Merges memories of one layer.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="first">The first of them, counted in the layer.</param>
    /// <param name="merged">Takes the merged memories.</param>
    /// <exception cref="Engine.InputRefusedException">KH5105: a piece is damaged.</exception>
    public void Merge(int layer, int first, Span<MergedMemory> merged)
    {
        for (int piece = 0; piece < _rows.Length; piece++)
        {
            _rows[piece].Seek(_band.Pieces[piece].Rows(layer).First + first, merged.Length);
        }

        foreach (ref MergedMemory memory in merged)
        {
            memory = Next(layer);
        }

        foreach (MemoryRows rows in _rows)
        {
            rows.Rest();
        }
    }

    public void Dispose()
    {
        foreach (MemoryRows? rows in _rows)
        {
            rows?.Dispose();
        }
    }

    private MergedMemory Next(int layer)
    {
        int at = 0;
        bool inLists = false;
        try
        {
            _statistics.Clear();
            _samples?.Clear();
            for (; at < _rows.Length; at++)
            {
                MemoryRows row = _rows[at];
                row.Read();
                RequireName(row.Id, layer, at);
                _statistics.Add(row.Statistics.Bytes);
                _lists.Take(at, row.Positive, row.Ranks, row.Id.Expert >= 0);
                _samples?.Take(at, row, _band.Pieces[at].Study.Shape.Widths[layer]);
            }

            NeuronId id = _rows[0].Id;
            inLists = true;
            Trigger[] positive = _lists.Merge(Pole.Positive);
            float[] ranks = _lists.Ranks;
            inLists = false;
            for (at = 0; at < _rows.Length; at++)
            {
                _lists.Take(at, _rows[at].Negative, default, id.Expert >= 0);
            }

            inLists = true;
            Trigger[] negative = _lists.Merge(Pole.Negative);
            inLists = false;
            var cases = new Trigger[_rows[0].Cases.Length][];
            for (int i = 0; i < cases.Length; i++)
            {
                for (at = 0; at < _rows.Length; at++)
                {
                    _lists.Take(at, _rows[at].Cases[i], default, id.Expert >= 0);
                }

                inLists = true;
                cases[i] = _lists.Merge(pole: null);
                inLists = false;
            }

            at = 0;
            NeuronStatistics statistics = _statistics.Sum();
            if (_positions is { } positions && id.Expert < 0 && statistics.Count != positions)
            {
                throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"the statistics of all shards count {statistics.Count} positions where the corpus has {positions}"));
            }

            return new MergedMemory(id, statistics, positive, negative, ranks, cases, _samples?.Merge());
        }
        catch (Exception cause) when (Study.IsDamage(cause))
        {
            MergePiece piece = _band.Pieces[inLists ? _lists.Piece : Math.Min(at, _rows.Length - 1)];
            throw Study.Damaged(piece.Path, new InvalidDataException($"{_rows[0].Id}: {cause.Message}", cause));
        }
    }

    private void RequireName(NeuronId id, int layer, int piece)
    {
        if (id.Layer != layer || id != _rows[0].Id || !_band.Pieces[piece].Study.Shape.Has(id))
        {
            throw new InvalidDataException($"memory {id} stands where {(piece == 0 ? $"one of layer {layer}" : _rows[0].Id.ToString())} is expected");
        }
    }
}
