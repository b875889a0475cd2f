using Keyhole.Debugging;
using Keyhole.Engine.Capture;
using Keyhole.Engine.Models;
using Keyhole.Memories;

namespace Keyhole.Claiming.Passes;

/// <summary>Takes the columns of a chunk out of the forward pass. The coefficient of an expert that a row did not choose is 0.</summary>
internal sealed class ScoreCapture
{
    private readonly (int Memory, int Column)[][] _memories;   // [L], in order of memories
    private readonly (RankRule Rule, int Column)[][] _bounds;  // [L]
    private readonly LargestOfRows?[][] _largest;              // [workers][bounds of the layer]
    private readonly ValueNorms _norms;
    private readonly int _columns;
    private float[] _scores = [];
    private ClaimChunk? _chunk;

    /// <param name="model">The model.</param>
    /// <param name="columns">What to take; may grow afterwards without effect here.</param>
    /// <param name="threads">Workers of the pass.</param>
    public ScoreCapture(Model model, ScoreColumns columns, int threads)
    {
        int layers = model.Spec.LayerCount;
        _columns = columns.Count;
        _norms = new ValueNorms(model);
        ILookup<int, KeyValuePair<NeuronId, int>> memories = columns.Memories.ToLookup(column => column.Key.Layer);
        ILookup<int, KeyValuePair<RankRule, int>> bounds = columns.Bounds.ToLookup(column => column.Key.Layer);
        _memories = [.. Enumerable.Range(0, layers).Select(layer => memories[layer].Select(column => (model.Spec.Blocks[layer].FeedForward.NumberOf(column.Key), column.Value)).Order().ToArray())];
        _bounds = [.. Enumerable.Range(0, layers).Select(layer => bounds[layer].Select(column => (column.Key, column.Value)).ToArray())];
        _largest = [.. Enumerable.Range(0, threads).Select(_ => new LargestOfRows?[_bounds.Max(layer => layer.Length)])];
        foreach (RankRule rule in columns.Bounds.Keys.Where(rule => rule.IsWeighted))
        {
            _ = _norms.Of(rule.Layer);   // read here: workers only look them up
        }
    }

    /// <summary>L.</summary>
    public int Layers => _memories.Length;

    /// <summary>The columns of the chunk, shape [columns, positions].</summary>
    public ReadOnlySpan<float> Scores => _scores.AsSpan(0, _columns * _chunk!.Count);

    /// <summary>Names the chunk that is run next.</summary>
    public void Begin(ClaimChunk chunk)
    {
        _chunk = chunk;
        int length = checked(_columns * chunk.Count);
        if (_scores.Length < length)
        {
            _scores = new float[length];
        }

        _scores.AsSpan(0, length).Clear();
        foreach (LargestOfRows? largest in _largest.SelectMany(worker => worker))
        {
            largest?.Forget();
        }
    }

    /// <summary>Whether anything of a layer is taken.</summary>
    public bool Wants(int layer) => _memories[layer].Length > 0 || _bounds[layer].Length > 0;

    /// <summary>Whether any of a range of memories is.</summary>
    public bool Wants(int layer, int first, int count) => _bounds[layer].Length > 0 || (FirstFrom(_memories[layer], first) is var at && at < _memories[layer].Length && _memories[layer][at].Memory < first + count);

    /// <summary>Takes what is wanted of a tile.</summary>
    /// <exception cref="NotFiniteException">It is NaN or infinity.</exception>
    public void Take(in MemoryTile tile)
    {
        (int Memory, int Column)[] wanted = _memories[tile.Layer];
        for (int i = FirstFrom(wanted, tile.FirstMemory); i < wanted.Length && wanted[i].Memory < tile.FirstMemory + tile.Post.Columns; i++)
        {
            Take(tile, wanted[i].Memory - tile.FirstMemory, wanted[i].Column);
        }

        for (int i = 0; i < _bounds[tile.Layer].Length; i++)
        {
            (RankRule rule, int column) = _bounds[tile.Layer][i];
            ref LargestOfRows? largest = ref _largest[tile.Worker][i];
            if (largest is null || largest.Kept != rule.Rank)
            {
                largest = new LargestOfRows(rule.Rank);
            }

            largest.Begin(tile.Layer, tile.FirstRow, tile.RowCount);
            ReadOnlySpan<float> norms = rule.IsWeighted ? _norms.Of(tile.Layer).Slice(tile.FirstMemory, tile.Post.Columns) : default;
            for (int row = 0; row < tile.Post.Rows; row++)
            {
                largest.Add(tile.PlaceOf(row), tile.Post.Row(row), norms);
            }

            Take(tile, largest, column);
        }
    }

    private void Take(in MemoryTile tile, int memory, int column)
    {
        Span<float> scores = _scores.AsSpan(column * _chunk!.Count, _chunk.Count);
        ReadOnlySpan<int> positions = _chunk.Positions.Span[tile.FirstRow..];
        for (int row = 0; row < tile.Post.Rows; row++)
        {
            int place = tile.PlaceOf(row);
            float coefficient = tile.Post.Row(row)[memory];
            if (!float.IsFinite(coefficient))
            {
                throw new NotFiniteException(tile.Layer, tile.Batch.TextOf(tile.FirstRow + place));
            }

            if (positions[place] >= 0)
            {
                scores[positions[place]] = coefficient;
            }
        }
    }

    // So far; after the last tile of the rows it is what it is to be.
    private void Take(in MemoryTile tile, LargestOfRows largest, int column)
    {
        Span<float> scores = _scores.AsSpan(column * _chunk!.Count, _chunk.Count);
        ReadOnlySpan<int> positions = _chunk.Positions.Span[tile.FirstRow..];
        for (int place = 0; place < tile.RowCount; place++)
        {
            if (positions[place] >= 0)
            {
                scores[positions[place]] = largest.Least(place);
            }
        }
    }

    private static int FirstFrom((int Memory, int Column)[] wanted, int memory)
    {
        int at = Array.BinarySearch(wanted, (memory, -1));
        return at < 0 ? ~at : at;
    }
}
