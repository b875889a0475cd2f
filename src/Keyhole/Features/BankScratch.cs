using Keyhole.Engine.Numerics;

namespace Keyhole.Features;

/// <summary>Memory of one thread for rows of a <see cref="FeatureBank"/>.</summary>
internal sealed class BankScratch : IDisposable
{
    private readonly AlignedBuffer _coefficients;   // [rows, M]
    private readonly AlignedBuffer _sums;           // [rows, D]
    private readonly AlignedBuffer _gates;          // [rows, F], of a gated layer
    private readonly AlignedBuffer _part;           // [rows, F], of one expert
    private readonly AlignedBuffer _gathered;       // [rows, D], of the rows that chose an expert
    private readonly int[] _chosen;
    private readonly int _memories;
    private readonly int _expertSize;
    private readonly int _width;

    /// <param name="bank">The bank.</param>
    /// <param name="rows">Most rows at a time.</param>
    public BankScratch(FeatureBank bank, int rows)
    {
        (_memories, _expertSize, _width) = (bank.Memories, bank.Spec.ExpertSize, bank.Width);
        bool routed = bank.Spec.Router is not null;
        _coefficients = new AlignedBuffer((long)rows * _memories);
        _sums = new AlignedBuffer((long)rows * _width);
        _gates = new AlignedBuffer(bank.Spec.IsGated ? (long)rows * _expertSize : 0);
        _part = new AlignedBuffer(routed ? (long)rows * _expertSize : 0);
        _gathered = new AlignedBuffer(routed ? (long)rows * _width : 0);
        _chosen = new int[rows];
        Strengths = new float[_memories];
    }

    /// <summary>For a number of each memory, shape [M].</summary>
    public float[] Strengths { get; }

    /// <summary>For coefficients, shape [rows, M].</summary>
    public MatrixView Coefficients(int rows) => _coefficients.Matrix(rows, _memories);

    /// <summary>For sums of values, shape [rows, D].</summary>
    public MatrixView Sums(int rows) => _sums.Matrix(rows, _width);

    /// <summary>For the gates of an expert, shape [rows, F].</summary>
    public MatrixView Gates(int rows) => _gates.Matrix(rows, _expertSize);

    /// <summary>For the coefficients of an expert, shape [rows, F].</summary>
    public MatrixView Part(int rows) => _part.Matrix(rows, _expertSize);

    /// <summary>The inputs that <see cref="Gather"/> took, shape [rows, D].</summary>
    public MatrixView Gathered(int rows) => _gathered.Matrix(rows, _width);

    /// <summary>Takes the rows out of inputs that chose an expert; tells which, rising.</summary>
    public ReadOnlySpan<int> Gather(MatrixView inputs, MatrixView router, int expert)
    {
        int count = 0;
        for (int row = 0; row < inputs.Rows; row++)
        {
            if (router.Row(row)[expert] != 0)
            {
                inputs.Row(row).CopyTo(_gathered.Span((long)count * _width, _width));
                _chosen[count++] = row;
            }
        }

        return _chosen.AsSpan(0, count);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _coefficients.Dispose();
        _sums.Dispose();
        _gates.Dispose();
        _part.Dispose();
        _gathered.Dispose();
    }
}
