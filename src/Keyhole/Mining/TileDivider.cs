using Keyhole.Corpora;
using Keyhole.Engine.Capture;
using Keyhole.Engine.Models;
using Keyhole.Mining.Sampling;

namespace Keyhole.Mining;

/// <summary>Finds which rows of a tile are candidate positions of which text, and which of them are counted in histograms, drawn for samples, or random positions of the corpus.</summary>
internal sealed class TileDivider
{
    private readonly MiningRules _rules;
    private readonly ulong _sampleBelow;
    private readonly bool _samplesAll;
    private readonly RandomPosition[] _random;
    private readonly List<(int Row, int Number)> _randomRows = [];   // of the chunk

    /// <param name="rules">What competes.</param>
    /// <param name="candidates">N, the candidate positions of the whole corpus, which decides the histogram's sample.</param>
    /// <param name="random">Random positions of the whole corpus at which coefficients are kept.</param>
    public TileDivider(MiningRules rules, long candidates, IEnumerable<RandomPosition> random)
    {
        _rules = rules;
        (_samplesAll, _sampleBelow) = HistogramSample.Bound(candidates);
        _random = [.. random];
    }

    /// <summary>Finds where the random positions stand in the chunk that is run next.</summary>
    public void Begin(MiningChunk chunk)
    {
        _randomRows.Clear();
        for (int number = 0; number < _random.Length; number++)
        {
            int text = Array.BinarySearch(chunk.Units, _random[number].Unit);
            if (text >= 0)
            {
                _randomRows.Add((chunk.Batch.Start(text) + _random[number].Position, number));
            }
        }
    }

    /// <summary>Divides the rows of a tile, and counts its candidates.</summary>
    /// <param name="worker">Receives the segments and rows; its accumulator is that of the tile's layer.</param>
    /// <param name="chunk">The chunk that the tile is of.</param>
    /// <param name="tile">The tile.</param>
    public void Divide(WorkerState worker, MiningChunk chunk, in MemoryTile tile)
    {
        worker.SegmentsRow = tile.FirstRow;
        worker.SegmentsExpert = tile.Expert;
        worker.Segments.Clear();
        worker.SampledRows.Clear();
        TokenBatch batch = chunk.Batch;
        int expert = Math.Max(0, tile.Expert);
        for (int text = batch.TextOf(tile.FirstRow); text < batch.TextCount && batch.Start(text) < tile.FirstRow + tile.RowCount; text++)
        {
            int start = batch.Start(text) - tile.FirstRow;
            (int first, int end) = _rules.Candidates(batch.Length(text), chunk.StartsWithBos[text]);
            int from = Math.Max(first, -start);
            int to = Math.Min(end, tile.RowCount - start);
            if (from >= to)
            {
                continue;
            }

            int row = RowAt(tile, start + from);
            int endRow = RowAt(tile, start + to);
            bool goesOn = from > first && worker.GoesOn[expert];
            worker.GoesOn[expert] = goesOn || row < endRow;
            if (row == endRow && !(goesOn && to == end))
            {
                continue;
            }

            worker.Segments.Add(new TileSegment(text, row, endRow - row, row < endRow ? tile.PlaceOf(row) - start : to, !goesOn, to == end));
            worker.Accumulator!.Candidates[expert] += endRow - row;
            for (; row < endRow; row++)
            {
                if (_rules.SampleQuantiles)
                {
                    worker.RowHashes[row] = QuantileSample.PositionHash(_rules.Seed, chunk.Units[text], tile.PlaceOf(row) - start);
                }

                if (_samplesAll || CounterHash.Hash(_rules.Seed, (ulong)chunk.Units[text], (ulong)(tile.PlaceOf(row) - start)) < _sampleBelow)
                {
                    worker.SampledRows.Add(row);
                }
            }
        }

        worker.Accumulator!.Sampled[expert] += worker.SampledRows.Count;
        FindRandomRows(worker, tile);
    }

    private void FindRandomRows(WorkerState worker, in MemoryTile tile)
    {
        worker.RandomRows.Clear();
        foreach ((int batchRow, int number) in _randomRows)
        {
            if (batchRow >= tile.FirstRow && batchRow < tile.FirstRow + tile.RowCount && tile.RowOf(batchRow) is >= 0 and int row)
            {
                worker.RandomRows.Add((row, number));
            }
        }
    }

    // The first row of the tile at or after a place.
    private static int RowAt(in MemoryTile tile, int place)
    {
        int row = tile.Expert < 0 ? place : tile.Rows.BinarySearch(place);
        return row < 0 ? ~row : row;
    }
}
