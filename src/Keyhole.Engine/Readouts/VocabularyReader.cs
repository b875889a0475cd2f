using Keyhole.Engine.Models;
using Keyhole.Engine.Numerics;

namespace Keyhole.Engine.Readouts;

/// <summary>Reads vectors and states of the residual stream through the output embedding W_U [V, E], tile by tile of the vocabulary: no [rows, V] matrix is ever kept.</summary>
/// <remarks>
/// Readouts are those of <see cref="Readout"/>. Results do not depend on threads, or on which rows are scanned together. One scan at a time on an instance.
/// </remarks>
public sealed class VocabularyReader : IDisposable
{
    private const int StripTokens = 256;   // logits of a row block stay in the second-level cache until they are looked at
    private const int TileTokens = 2048;
    private const int MostRows = 240;
    private const int Pad = 16;            // rows of logits must not start a multiple of 4 KiB apart
    private const int PanelsPerItem = 8;

    private readonly ModelSpec _spec;
    private readonly WeightReader _reader;
    private readonly WorkerPool _pool;
    private readonly FoldedNorm? _norm;
    private readonly FoldedNorm?[] _updateNorms;   // of each layer's feed-forward output
    private readonly PackedMatrix? _projection;    // [E, D]
    private readonly LinearSpec _output;
    private readonly float[] _bias;                // [V]: W_U (projection of the norm's bias) + the output's bias, or empty
    private readonly AlignedBuffer[] _logits;      // a worker's [rows, strip]

    /// <summary>Opens the head of a model.</summary>
    /// <param name="model">The model, which must outlive the reader.</param>
    /// <param name="threads">Worker threads.</param>
    public VocabularyReader(Model model, int threads)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads);
        _spec = model.Spec;
        _reader = new WeightReader(model.Checkpoint);
        HeadSpec head = _spec.Head;
        _norm = FoldedNorm.Load(head.Norm, _reader);
        _updateNorms = [.. _spec.Blocks.Select(block => FoldedNorm.Load(block.FeedForwardOutputNorm, _reader))];
        _projection = head.ProjectOut is { } map ? _reader.Pack(map) : null;
        Width = _projection?.Outputs ?? _spec.Width;
        _output = new LinearSpec(head.Output, null, _spec.VocabularySize, Width);
        _pool = new WorkerPool(threads);
        _logits = [.. Enumerable.Range(0, threads).Select(_ => new AlignedBuffer((long)MostRows * (StripTokens + Pad)))];
        _bias = Biases(_reader.Vector(head.Bias));
    }

    /// <summary>E, the width of prepared rows: D, or what the model projects to before its output embedding.</summary>
    public int Width { get; }

    /// <summary>V.</summary>
    public int VocabularySize => _output.Outputs;

    /// <summary>Whether the head neither adds to z nor caps it, so that the model's readout of a state orders tokens as the folded one does.</summary>
    public bool ModelRanksAsFolded => _bias.Length == 0 && _spec.Head.SoftCap is null;

    /// <summary>Prepares vectors for a linear readout: gain * C v (<see cref="Readout.Folded"/>) or v (<see cref="Readout.Raw"/>), then the head's projection.</summary>
    /// <param name="readout">Folded or raw.</param>
    /// <param name="vectors">Updates or states, shape [n, D].</param>
    /// <param name="prepared">Shape [n, E]; must not overlap <paramref name="vectors"/>.</param>
    /// <exception cref="ArgumentException">Another readout, or shapes that do not fit.</exception>
    public void Prepare(Readout readout, MatrixView vectors, MatrixView prepared) => Prepare(readout, null, vectors, prepared);

    /// <summary>
    /// Prepares value vectors of a layer for a linear readout: as <see cref="Prepare(Readout, MatrixView, MatrixView)"/>, but where the layer's output has a norm of its own, folded values
    /// go through the linear part of that norm first, as what they add does.
    /// </summary>
    /// <param name="layer">Layer, from 0.</param>
    /// <param name="readout">Folded or raw.</param>
    /// <param name="values">Shape [n, D].</param>
    /// <param name="prepared">Shape [n, E]; must not overlap <paramref name="values"/>.</param>
    /// <exception cref="ArgumentException">Another readout, or shapes that do not fit.</exception>
    public void PrepareValues(int layer, Readout readout, MatrixView values, MatrixView prepared) => Prepare(readout, _updateNorms[layer], values, prepared);

    /// <summary>Prepares states for the model's readout: folded rows, and the scales 1 / sigma of the final norm (1 without one).</summary>
    /// <param name="states">Residual states, shape [n, D].</param>
    /// <param name="prepared">Shape [n, E]; must not overlap <paramref name="states"/>.</param>
    /// <param name="scales">Shape [n].</param>
    /// <exception cref="ArgumentException">Shapes do not fit.</exception>
    public void PrepareStates(MatrixView states, MatrixView prepared, float[] scales)
    {
        Shape.Require(scales, nameof(scales), states.Rows);
        int next = 0;
        Run(states, prepared, (row, into) => scales[next++] = Fold(row, into));
    }

    /// <summary>Multiplies prepared rows with the whole output embedding and keeps of each row's logits what <paramref name="options"/> ask for.</summary>
    /// <param name="prepared">Shape [n, E].</param>
    /// <param name="options">What is kept.</param>
    /// <param name="progress">Told the share that is done, or null.</param>
    /// <param name="cancellation">Stops at the next row block.</param>
    /// <exception cref="ArgumentException">Shapes do not fit, or a probe is not in the vocabulary.</exception>
    public ScanResult Scan(MatrixView prepared, ScanOptions options, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        Shape.Require(prepared, nameof(prepared), prepared.Rows, Width);
        if (options.Scales is { } scales)
        {
            Shape.Require(scales.Span, nameof(options.Scales), prepared.Rows);
        }

        if (options.Probes is { } given && given.Rows != prepared.Rows)
        {
            throw new ArgumentException($"There are probes for {given.Rows} rows, but {prepared.Rows} rows.", nameof(options));
        }

        StateLogits? logits = options.Scales is null ? null : new StateLogits(options.Scales.Value, _bias, _spec.Head.SoftCap);
        var state = new ScanState(prepared.Rows, options, logits);
        if (prepared.Rows == 0)
        {
            return state.Finish();
        }

        SetProbeLogits(prepared, options, logits, state.Result.ProbeLogits, cancellation);
        int blockRows = BlockRows(prepared.Rows);
        int blocks = (prepared.Rows + blockRows - 1) / blockRows;
        using var tile = new PackedMatrix(Math.Min(TileTokens, VocabularySize), Width);
        for (int first = 0; first < VocabularySize; first += TileTokens)
        {
            int tokens = Math.Min(TileTokens, VocabularySize - first);
            PackTile(tile, first, tokens, cancellation);
            _pool.Run(blocks, (worker, block) =>
            {
                int firstRow = block * blockRows;
                ScanBlock(prepared.RowRange(firstRow, Math.Min(blockRows, prepared.Rows - firstRow)), firstRow, tile, first, tokens, _logits[worker], state);
            }, cancellation);
            progress?.Report((double)(first + tokens) / VocabularySize);
        }

        return state.Finish();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _pool.Dispose();
        _projection?.Dispose();
        foreach (AlignedBuffer logits in _logits)
        {
            logits.Dispose();
        }
    }

    private static void ScanBlock(MatrixView rows, int firstRow, PackedMatrix tile, int firstToken, int tokens, AlignedBuffer scratch, ScanState state)
    {
        for (int at = 0; at < tokens; at += StripTokens)
        {
            int count = Math.Min(StripTokens, tokens - at);
            MatrixView logits = scratch.Matrix(rows.Rows, count, StripTokens + Pad);
            Gemm.MultiplyOutputs(rows, tile, at, logits);
            for (int row = 0; row < rows.Rows; row++)
            {
                state.Add(firstRow + row, logits.Row(row), firstToken + at);
            }
        }
    }

    private void PackTile(PackedMatrix tile, int firstToken, int tokens, CancellationToken cancellation)
    {
        const int Outputs = PanelsPerItem * PackedMatrix.PanelWidth;
        RowReader read = _reader.RowsOf(_output);
        _pool.Run((tokens + Outputs - 1) / Outputs, (_, item) =>
        {
            int first = item * Outputs;
            tile.PackRows(first, Math.Min(Outputs, tokens - first), (start, rows) => read(firstToken + first + start, rows));
        }, cancellation);
    }

    // The same sums in the same order as the product's, so that a probe equals its own logit to the bit.
    private void SetProbeLogits(MatrixView prepared, ScanOptions options, StateLogits? map, float[] logits, CancellationToken cancellation)
    {
        if (options.Probes is not { } probes)
        {
            return;
        }

        RowReader read = _reader.RowsOf(_output);
        int blockRows = BlockRows(prepared.Rows);
        _pool.Run((prepared.Rows + blockRows - 1) / blockRows, (_, block) =>
        {
            var embedding = new float[Width];
            for (int row = block * blockRows; row < Math.Min(prepared.Rows, (block + 1) * blockRows); row++)
            {
                ReadOnlySpan<float> vector = prepared.Row(row);
                for (int probe = probes.Start(row); probe < probes.Start(row + 1); probe++)
                {
                    int token = probes.Tokens[probe];
                    if ((uint)token >= (uint)VocabularySize)
                    {
                        throw new ArgumentException($"Token {token} of row {row} is not in the vocabulary of {VocabularySize}.", nameof(options));
                    }

                    read(token, embedding);
                    float z = 0;
                    for (int k = 0; k < embedding.Length; k++)
                    {
                        z = MathF.FusedMultiplyAdd(vector[k], embedding[k], z);
                    }

                    logits[probe] = z;
                    map?.Apply(row, logits.AsSpan(probe, 1), token);
                }
            }
        }, cancellation);
    }

    // Rows of a block: as many as the product takes at a time, fewer where there would be too few blocks for the threads.
    private int BlockRows(int rows)
    {
        int most = Math.Min(MostRows, Gemm.RowBlock(Width));
        int even = (rows + (4 * _pool.Threads) - 1) / (4 * _pool.Threads);
        return Math.Clamp((even + 11) / 12 * 12, 12, most);
    }

    private void Prepare(Readout readout, FoldedNorm? update, MatrixView vectors, MatrixView prepared)
    {
        if (readout == Readout.Model)
        {
            throw new ArgumentException("The model's readout is for states: PrepareStates.", nameof(readout));
        }

        Run(vectors, prepared, (row, into) =>
        {
            if (readout == Readout.Raw)
            {
                row.CopyTo(into);
                return;
            }

            _ = update?.Apply(row, into);
            _ = Fold(update is null ? row : into, into);
        });
    }

    // The final norm's gain * C x into a row, which may be x; returns 1 / sigma.
    private float Fold(ReadOnlySpan<float> x, Span<float> into)
    {
        if (_norm is not null)
        {
            return _norm.Apply(x, into);
        }

        x.CopyTo(into);
        return 1;
    }

    private delegate void RowPreparation(ReadOnlySpan<float> row, Span<float> into);

    private void Run(MatrixView from, MatrixView to, RowPreparation prepare)
    {
        Shape.Require(from, "vectors", from.Rows, _spec.Width);
        Shape.Require(to, "prepared", from.Rows, Width);
        if (_projection is null)
        {
            for (int row = 0; row < from.Rows; row++)
            {
                prepare(from.Row(row), to.Row(row));
            }

            return;
        }

        using var wide = new AlignedBuffer((long)MostRows * _spec.Width);
        for (int first = 0; first < from.Rows; first += MostRows)
        {
            int count = Math.Min(MostRows, from.Rows - first);
            MatrixView block = wide.Matrix(count, _spec.Width);
            for (int row = 0; row < count; row++)
            {
                prepare(from.Row(first + row), block.Row(row));
            }

            Gemm.Multiply(block, _projection, to.RowRange(first, count));
        }
    }

    // What is added to every token's logit of a state: the norm's bias, read out, and the output's own.
    private float[] Biases(float[] outputBias)
    {
        float[] normBias = _norm?.Bias ?? [];
        if (!normBias.AsSpan().ContainsAnyExcept(0f))
        {
            return outputBias;
        }

        using var wide = new AlignedBuffer(_spec.Width);
        using var projected = new AlignedBuffer(Width);
        normBias.CopyTo(wide.Span(0, _spec.Width));
        MatrixView row = wide.Matrix(1, _spec.Width);
        if (_projection is not null)
        {
            Gemm.Multiply(row, _projection, projected.Matrix(1, Width));
            row = projected.Matrix(1, Width);
        }

        using var tile = new PackedMatrix(Math.Min(TileTokens, VocabularySize), Width);
        using var logits = new AlignedBuffer(TileTokens);
        var bias = new float[VocabularySize];
        outputBias.CopyTo(bias, 0);
        for (int first = 0; first < VocabularySize; first += TileTokens)
        {
            int tokens = Math.Min(TileTokens, VocabularySize - first);
            PackTile(tile, first, tokens, CancellationToken.None);
            Gemm.MultiplyOutputs(row, tile, 0, logits.Matrix(1, tokens));
            Elementwise.Add(bias.AsSpan(first, tokens), logits.Span(0, tokens));
        }

        return bias;
    }
}
