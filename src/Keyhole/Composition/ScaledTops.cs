using Keyhole.Engine.Models;
using Keyhole.Engine.Numerics;
using Keyhole.Engine.Readouts;

namespace Keyhole.Composition;

/// <summary>Finds the memories with top(m v) = a token, where the readout is not linear and top(m v) need not be top(v): an adaptive softmax.</summary>
/// <remarks>
/// Reading every m v would take the vocabulary once for each memory and prefix. But within a band of the vocabulary the order does not depend on m, so only the
/// few memories that have the token on top of its band (at the bottom for m &lt; 0) can have it on top of all; these alone are read. What the rounding of two
/// log-probabilities to one number would make equal is decided by the band.
/// </remarks>
internal sealed class ScaledTops
{
    private const int ReadRows = 1024;

    private readonly Model _model;
    private readonly VocabularyReader _reader;
    private readonly Readout _readout;
    private readonly ILookup<int, int>[] _tops;      // [L] memories by the tokens on top of v's bands
    private readonly ILookup<int, int>[] _bottoms;   // [L] by those at the bottom

    /// <summary>Reads the bands of all values of a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="reader">A reader of its vocabulary.</param>
    /// <param name="readout">Folded or raw.</param>
    /// <param name="cancellation">Stops the reading.</param>
    public ScaledTops(Model model, VocabularyReader reader, Readout readout, CancellationToken cancellation)
    {
        (_model, _reader, _readout) = (model, reader, readout);
        _tops = new ILookup<int, int>[model.Spec.LayerCount];
        _bottoms = new ILookup<int, int>[model.Spec.LayerCount];
        for (int layer = 0; layer < _tops.Length; layer++)
        {
            ReadBands(layer, cancellation);
        }
    }

    /// <summary>Of each row the memories with top(m v) = the row's token, ascending; m = 0 is no memory's.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="cancellation">Stops the reading.</param>
    public IReadOnlyList<int[]> Agreeing(IReadOnlyList<WeightedValues> rows, CancellationToken cancellation)
    {
        List<(int Row, int Memory)> candidates = [];
        for (int row = 0; row < rows.Count; row++)
        {
            (int layer, ReadOnlyMemory<float> weights, int token) = rows[row];
            candidates.AddRange(_tops[layer][token].Where(memory => weights.Span[memory] > 0)
                .Concat(_bottoms[layer][token].Where(memory => weights.Span[memory] < 0)).Order().Select(memory => (row, memory)));
        }

        List<int>[] agreeing = [.. rows.Select(_ => new List<int>())];
        foreach ((int Row, int Memory)[] part in candidates.Chunk(ReadRows))
        {
            int[] tops = Tops(part, rows, cancellation);
            for (int i = 0; i < part.Length; i++)
            {
                if (tops[i] == rows[part[i].Row].Token)
                {
                    agreeing[part[i].Row].Add(part[i].Memory);
                }
            }
        }

        return [.. agreeing.Select(memories => memories.ToArray())];
    }

    private void ReadBands(int layer, CancellationToken cancellation)
    {
        int memories = _model.Spec.Blocks[layer].FeedForward.MemoryCount;
        List<(int Token, int Memory)> tops = [];
        List<(int Token, int Memory)> bottoms = [];
        using var values = new AlignedBuffer((long)Math.Min(ReadRows, memories) * _model.Spec.Width);
        using var prepared = new AlignedBuffer((long)Math.Min(ReadRows, memories) * _reader.Width);
        for (int first = 0; first < memories; first += ReadRows)
        {
            int count = Math.Min(ReadRows, memories - first);
            MatrixView read = values.Matrix(count, _model.Spec.Width);
            MatrixView rows = prepared.Matrix(count, _reader.Width);
            MemoryVectors.ReadValues(_model, layer, first, read);
            _reader.PrepareValues(layer, _readout, read, rows);
            BandExtremes extremes = _reader.Extremes(rows, cancellation);
            for (int row = 0; row < count; row++)
            {
                for (int band = 0; band < extremes.Bands; band++)
                {
                    tops.Add((extremes.Top(row, band), first + row));
                    bottoms.Add((extremes.Bottom(row, band), first + row));
                }
            }
        }

        _tops[layer] = tops.ToLookup(top => top.Token, top => top.Memory);
        _bottoms[layer] = bottoms.ToLookup(bottom => bottom.Token, bottom => bottom.Memory);
    }

    // top(m v) of each candidate.
    private int[] Tops((int Row, int Memory)[] candidates, IReadOnlyList<WeightedValues> rows, CancellationToken cancellation)
    {
        int width = _model.Spec.Width;
        using var value = new AlignedBuffer(width);
        using var prepared = new AlignedBuffer((long)candidates.Length * _reader.Width);
        MatrixView all = prepared.Matrix(candidates.Length, _reader.Width);
        for (int i = 0; i < candidates.Length; i++)
        {
            (int row, int memory) = candidates[i];
            MemoryVectors.ReadValues(_model, rows[row].Layer, memory, value.Matrix(1, width));
            Elementwise.Scale(value.Span(0, width), rows[row].Weights.Span[memory]);
            _reader.PrepareValues(rows[row].Layer, _readout, value.Matrix(1, width), all.RowRange(i, 1));
        }

        return _reader.Scan(all, new ScanOptions { Top = 1 }, cancellation: cancellation).TopTokens;
    }
}
