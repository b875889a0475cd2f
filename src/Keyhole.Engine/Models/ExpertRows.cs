using Keyhole.Engine.Numerics;

namespace Keyhole.Engine.Models;

/// <summary>Sorts the rows of a tile by the experts that a router chose for them. One instance a worker.</summary>
internal sealed class ExpertRows : IDisposable
{
    private readonly AlignedBuffer _chosen;   // [row tile, experts]: router weights
    private readonly AlignedBuffer _input;    // [row tile, D + pad]: the rows of one expert
    private readonly AlignedBuffer _output;   // [row tile, D + pad]: what it gives them
    private readonly int[] _rows;
    private readonly float[] _weights;
    private readonly int _width;
    private readonly int _stride;
    private MatrixView _choice;
    private int _count;

    public ExpertRows(ModelSpec spec, int rowTile, int pad)
    {
        int experts = spec.Blocks.Max(block => block.FeedForward.Router is null ? 0 : block.FeedForward.Experts.Length);
        _width = spec.Width;
        _stride = _width + pad;
        _chosen = new AlignedBuffer((long)rowTile * experts);
        _input = new AlignedBuffer((long)rowTile * _stride);
        _output = new AlignedBuffer((long)rowTile * _stride);
        _rows = new int[rowTile];
        _weights = new float[rowTile];
    }

    /// <summary>Rows of the tile that chose the expert, rising.</summary>
    public ReadOnlySpan<int> Rows => _rows.AsSpan(0, _count);

    /// <summary>The router's weight of each of them.</summary>
    public ReadOnlySpan<float> Weights => _weights.AsSpan(0, _count);

    /// <summary>Their inputs, [rows of the expert, D].</summary>
    public MatrixView Input => _input.Matrix(_count, _width, _stride);

    /// <summary>Place for the expert's outputs, [rows of the expert, D].</summary>
    public MatrixView Output => _output.Matrix(_count, _width, _stride);

    /// <summary>Lets the router choose for every row; returns its weights, [rows, experts], 0 where an expert was not chosen.</summary>
    public MatrixView Choose(RouterWeights router, MatrixView input)
    {
        _choice = _chosen.Matrix(input.Rows, router.Experts);
        router.Choose(input, _choice);
        return _choice;
    }

    /// <summary>Takes the rows of an expert out of the tile.</summary>
    public void Gather(int expert, MatrixView input)
    {
        _count = 0;
        for (int row = 0; row < input.Rows; row++)
        {
            if (_choice.Row(row)[expert] is not 0f and float weight)
            {
                _rows[_count] = row;
                _weights[_count] = weight;
                input.Row(row).CopyTo(_input.Span((long)_count * _stride, _width));
                _count++;
            }
        }
    }

    /// <summary>Adds the expert's outputs, times the router's weights, to the tile's.</summary>
    public void AddTo(MatrixView output)
    {
        for (int i = 0; i < _count; i++)
        {
            Elementwise.MultiplyAdd(output.Row(_rows[i]), _output.Span((long)i * _stride, _width), _weights[i]);
        }
    }

    public void Dispose()
    {
        _chosen.Dispose();
        _input.Dispose();
        _output.Dispose();
    }
}
