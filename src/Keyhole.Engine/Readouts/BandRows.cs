using Keyhole.Engine.Numerics;

namespace Keyhole.Engine.Readouts;

/// <summary>Prepared rows as each band of the vocabulary reads them: as they are, or through the band's projection.</summary>
internal sealed class BandRows : IDisposable
{
    private readonly List<AlignedBuffer> _buffers = [];
    private readonly MatrixView[] _rows;

    /// <param name="bands">The bands.</param>
    /// <param name="prepared">Prepared rows, [n, E], which must outlive this.</param>
    /// <param name="product">Lends its workers.</param>
    /// <param name="cancellation">Stops at the next row block.</param>
    public BandRows(VocabularyBand[] bands, MatrixView prepared, VocabularyProduct product, CancellationToken cancellation)
    {
        Count = prepared.Rows;
        _rows = new MatrixView[bands.Length];
        for (int band = 0; band < bands.Length; band++)
        {
            _rows[band] = bands[band].Projection is { } projection ? Project(prepared, projection, product, cancellation) : prepared;
        }
    }

    /// <summary>n.</summary>
    public int Count { get; }

    /// <summary>The rows of a band, [n, its width].</summary>
    public MatrixView this[int band] => _rows[band];

    public void Dispose()
    {
        foreach (AlignedBuffer buffer in _buffers)
        {
            buffer.Dispose();
        }
    }

    private MatrixView Project(MatrixView prepared, PackedMatrix projection, VocabularyProduct product, CancellationToken cancellation)
    {
        var buffer = new AlignedBuffer((long)prepared.Rows * projection.Outputs);
        _buffers.Add(buffer);
        MatrixView rows = buffer.Matrix(prepared.Rows, projection.Outputs);
        product.ForBlocks(prepared.Rows, prepared.Columns, (_, first, count) => Gemm.Multiply(prepared.RowRange(first, count), projection, rows.RowRange(first, count)), cancellation);
        return rows;
    }
}
