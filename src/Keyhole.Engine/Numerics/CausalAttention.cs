namespace Keyhole.Engine.Numerics;

/// <summary>Causal attention within one text: z[t] = sum over j of p[t, j] v[j], p[t, .] = softmax over the visible j up to t of the scores (<see cref="AttentionScoring"/>).</summary>
/// <remarks>
/// Scores and sums use the products of <see cref="Gemm"/>: one running sum an output, in order of the head's numbers and then of the keys.
/// Queries are taken in blocks, so that a long text needs [block, T] scores at a time; the block does not change any bit, since
/// keys after a query add exactly zero. One instance per thread.
/// </remarks>
public sealed unsafe class CausalAttention : IDisposable
{
    private const int Width = PackedMatrix.PanelWidth;
    private const int QueryBlock = 96;   // a multiple of the panel's 32 keys

    private readonly int _heads;
    private readonly int _keyValueHeads;
    private readonly int _headSize;
    private readonly int _headPanels;
    private readonly AttentionScoring _scoring;
    private AlignedBuffer _keys = new(0);      // k^T in panels of 32 keys: [ceil(T / 32), head size, 32]
    private AlignedBuffer _values = new(0);    // v in panels of 32 numbers where the head size is no multiple of 32: [panels, T, 32]
    private AlignedBuffer _scores = new(0);    // [query block, stride]
    private AlignedBuffer _biases = new(0);    // [H + 1, capacity] of ALiBi: from the farthest key to the query's own; or by position where rounded, and a row of differences
    private readonly AlignedBuffer _edge = new(QueryBlock * Width);
    private int _capacity;

    /// <summary>Prepares attention of one shape.</summary>
    /// <param name="heads">H.</param>
    /// <param name="keyValueHeads">Heads of key and value; divides H.</param>
    /// <param name="headSize">Numbers a head.</param>
    /// <param name="scoring">How scores become weights.</param>
    public CausalAttention(int heads, int keyValueHeads, int headSize, AttentionScoring scoring)
    {
        ArgumentNullException.ThrowIfNull(scoring);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(headSize);
        if (keyValueHeads <= 0 || heads % keyValueHeads != 0)
        {
            throw new ArgumentException($"{heads} heads cannot share {keyValueHeads} heads of key and value.", nameof(keyValueHeads));
        }

        _heads = heads;
        _keyValueHeads = keyValueHeads;
        _headSize = headSize;
        _headPanels = (headSize + Width - 1) / Width;
        _scoring = scoring;
    }

    /// <summary>Bytes of scratch for texts of up to <paramref name="length"/> tokens.</summary>
    public static long ScratchBytes(int heads, int headSize, AttentionScoring scoring, int length)
    {
        ArgumentNullException.ThrowIfNull(scoring);
        long padded = Padded(length);
        return sizeof(float) * ((padded * headSize) + (padded * (headSize + Width)) + (QueryBlock * (padded + 16)) + (scoring.Alibi is null ? 0 : (heads + 1) * padded));
    }

    /// <summary>Replaces the queries of one text by the heads' outputs.</summary>
    /// <param name="rows">Shape [T, (H + 2 KV) * head size]: query heads, then key heads, then value heads; the first H * head size columns are overwritten by z.</param>
    public void Run(MatrixView rows)
    {
        Shape.Require(rows, "rows", rows.Rows, (_heads + (2 * _keyValueHeads)) * _headSize);
        int length = rows.Rows;
        Reserve(length);
        int group = _heads / _keyValueHeads;
        for (int keyHead = 0; keyHead < _keyValueHeads; keyHead++)
        {
            float* keys = rows.Start + ((_heads + keyHead) * _headSize);
            float* values = rows.Start + ((_heads + _keyValueHeads + keyHead) * _headSize);
            PackKeys(keys, rows.Stride, length);
            bool packed = _headSize % Width != 0;
            if (packed)
            {
                PackValues(values, rows.Stride, length);
            }

            for (int head = keyHead * group; head < (keyHead + 1) * group; head++)
            {
                float* queries = rows.Start + (head * _headSize);
                for (int first = 0; first < length; first += QueryBlock)
                {
                    int count = Math.Min(QueryBlock, length - first);
                    Attend(head, queries + ((long)first * rows.Stride), rows.Stride, packed ? null : values, first, count);
                }
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _keys.Dispose();
        _values.Dispose();
        _scores.Dispose();
        _biases.Dispose();
        _edge.Dispose();
    }

    // Queries first .. first + count - 1 of one head, replaced by their outputs.
    private void Attend(int head, float* queries, int stride, float* values, int first, int count)
    {
        int visible = first + count;                 // keys that the last query sees
        int firstKey = _scoring.Window is { } window ? Math.Max(0, first - window + 1) / Width * Width : 0;   // panels before the first query's window are left out
        int scoreStride = Padded(_capacity) + 16;    // an odd number of cache lines: rows do not share a cache set
        for (int key = firstKey; key < visible; key += Width)
        {
            int skipped = Math.Max(0, key - first);   // queries before this panel's first key see none of it
            Gemm.Panel(queries + ((long)skipped * stride), stride, _keys.Start + ((long)key * _headSize), Width,
                _scores.Start + ((long)skipped * scoreStride) + key, scoreStride, count - skipped, _headSize, null, carry: false);
        }

        for (int query = 0; query < count; query++)
        {
            // Whole vectors: what stands in the panel's padding becomes zero like every key that the query does not see.
            var row = new Span<float>(_scores.Start + ((long)query * scoreStride) + firstKey, Padded(visible) - firstKey);
            Weigh(head, row, firstKey, first + query + 1 - firstKey);
        }

        float* weights = _scores.Start + firstKey;
        for (int panel = 0; panel < _headPanels; panel++)
        {
            int column = panel * Width;
            if (values is not null)
            {
                Gemm.Panel(weights, scoreStride, values + ((long)firstKey * stride) + column, stride, queries + column, stride, count, visible - firstKey, null, carry: false);
                continue;
            }

            int width = Math.Min(Width, _headSize - column);
            Gemm.Panel(weights, scoreStride, _values.Start + ((((long)panel * _capacity) + firstKey) * Width), Width, _edge.Start, Width, count, visible - firstKey, null, carry: false);
            for (int query = 0; query < count; query++)
            {
                new ReadOnlySpan<float>(_edge.Start + (query * Width), width).CopyTo(new Span<float>(queries + ((long)query * stride) + column, width));
            }
        }
    }

    // Scores of one query against keys firstKey .. become weights; it sees the first of them up to its own.
    private void Weigh(int head, Span<float> row, int firstKey, int visible)
    {
        float scale = _scoring.Scale;
        if (_scoring.SoftCap is { } cap)
        {
            Elementwise.SoftCap(row[..visible], scale, cap);
            scale = 1;
        }

        if (_scoring.Alibi is { } alibi)
        {
            Elementwise.ScaleAndAdd(row[..visible], scale, alibi.RoundsToBFloat16 ? Differences(alibi, head, firstKey, visible) : _biases.Span(((long)(head + 1) * _capacity) - visible, visible));
            scale = 1;
        }

        if (_scoring.Window is { } window && visible > window)
        {
            row[..(visible - window)].Fill(float.NegativeInfinity);
        }

        Softmax.CausalRow(row, visible, scale);
    }

    // Biases of keys firstKey .. less that of the query, which is the last of them.
    private ReadOnlySpan<float> Differences(Alibi alibi, int head, int firstKey, int visible)
    {
        ReadOnlySpan<float> positions = _biases.Span(((long)head * _capacity) + firstKey, visible);
        Span<float> differences = _biases.Span((long)_heads * _capacity, visible);
        for (int key = 0; key < visible; key++)
        {
            differences[key] = (positions[key] - positions[^1]) * alibi.Scale;
        }

        return differences;
    }

    private void PackKeys(float* keys, int stride, int length)
    {
        for (int first = 0; first < length; first += Width)
        {
            float* panel = _keys.Start + ((long)first * _headSize);
            int count = Math.Min(Width, length - first);
            if (count < Width)
            {
                new Span<float>(panel, _headSize * Width).Clear();
            }

            PanelTranspose.Write(keys + ((long)first * stride), stride, count, _headSize, panel);
        }
    }

    private void PackValues(float* values, int stride, int length)
    {
        for (int panel = 0; panel < _headPanels; panel++)
        {
            int column = panel * Width;
            int width = Math.Min(Width, _headSize - column);
            float* to = _values.Start + ((long)panel * _capacity * Width);
            for (int key = 0; key < length; key++, to += Width)
            {
                var row = new Span<float>(to, Width);
                new ReadOnlySpan<float>(values + ((long)key * stride) + column, width).CopyTo(row);
                row[width..].Clear();
            }
        }
    }

    private static int Padded(int length) => (length + Width - 1) / Width * Width;

    private void Reserve(int length)
    {
        if (length <= _capacity)
        {
            return;
        }

        _capacity = Math.Max(Padded(length), Math.Min(2 * _capacity, 1024));
        _keys.Dispose();
        _values.Dispose();
        _scores.Dispose();
        _keys = new AlignedBuffer((long)_capacity * _headSize);
        _values = new AlignedBuffer(_headSize % Width == 0 ? 0 : (long)_capacity * _headPanels * Width);
        _scores = new AlignedBuffer((long)QueryBlock * (Padded(_capacity) + 16));
        if (_scoring.Alibi is not { } alibi)
        {
            return;
        }

        _biases.Dispose();
        _biases = new AlignedBuffer((long)(_heads + 1) * _capacity);
        for (int head = 0; head < _heads; head++)
        {
            Span<float> biases = _biases.Span((long)head * _capacity, _capacity);
            for (int position = 0; position < _capacity; position++)
            {
                biases[position] = alibi.RoundsToBFloat16 ? alibi.Rounded(head, position) : alibi.At(head, _capacity - 1 - position);
            }
        }
    }
}
