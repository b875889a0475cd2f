namespace Keyhole.Claiming.Passes;

/// <summary>The r largest |m| of each row of a tile, as heaps with the least on top; memories come range by range.</summary>
/// <param name="kept">r.</param>
internal sealed class LargestOfRows(int kept)
{
    private float[] _heaps = [];   // [rows, r]
    private (int Layer, int FirstRow) _rows = (-1, -1);

    /// <summary>r.</summary>
    public int Kept => kept;

    /// <summary>A new batch begins.</summary>
    public void Forget() => _rows = (-1, -1);

    /// <summary>Starts afresh, unless the rows of the layer are those of the tile before.</summary>
    /// <param name="layer">Layer.</param>
    /// <param name="firstRow">First of the rows in the batch.</param>
    /// <param name="rows">Number of rows.</param>
    public void Begin(int layer, int firstRow, int rows)
    {
        if (_rows == (layer, firstRow))
        {
            return;
        }

        _rows = (layer, firstRow);
        if (_heaps.Length < rows * kept)
        {
            _heaps = new float[rows * kept];
        }

        _heaps.AsSpan(0, rows * kept).Fill(-1);   // less than every |m|, so a row of fewer memories leaves no bound
    }

    /// <summary>Offers coefficients of a row.</summary>
    /// <param name="row">Row, from 0.</param>
    /// <param name="coefficients">m of a range of memories.</param>
    /// <param name="norms">|v| of these, by which |m| is multiplied; empty where it is not.</param>
    public void Add(int row, ReadOnlySpan<float> coefficients, ReadOnlySpan<float> norms)
    {
        Span<float> heap = _heaps.AsSpan(row * kept, kept);
        for (int i = 0; i < coefficients.Length; i++)
        {
            float size = norms.IsEmpty ? MathF.Abs(coefficients[i]) : MathF.Abs(coefficients[i]) * norms[i];
            if (size > heap[0])
            {
                Replace(heap, size);
            }
        }
    }

    /// <summary>The r-th largest of a row so far; -1 where it has fewer.</summary>
    public float Least(int row) => _heaps[row * kept];

    private static void Replace(Span<float> heap, float size)
    {
        int at = 0;
        for (int child = 1; child < heap.Length; child = (2 * at) + 1)
        {
            if (child + 1 < heap.Length && heap[child + 1] < heap[child])
            {
                child++;
            }

            if (heap[child] >= size)
            {
                break;
            }

            heap[at] = heap[child];
            at = child;
        }

        heap[at] = size;
    }
}
