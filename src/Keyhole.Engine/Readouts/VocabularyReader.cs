using Keyhole.Engine.Models;
using Keyhole.Engine.Numerics;

namespace Keyhole.Engine.Readouts;

/// <summary>Reads vectors and states of the residual stream through the output embedding W_U [V, E], tile by tile of the vocabulary: no [rows, V] matrix is ever kept.</summary>
/// <remarks>
/// Readouts are those of <see cref="Readout"/>. With an adaptive softmax all logits are natural log-probabilities, and the vocabulary is gone through twice: for the sums
/// of its bands, then for the logits. Results do not depend on threads, or on which rows are scanned together. One scan at a time on an instance.
/// </remarks>
public sealed class VocabularyReader : IDisposable
{
    private readonly ModelSpec _spec;
    private readonly WeightReader _reader;
    private readonly VocabularyProduct _product;
    private readonly FoldedNorm? _norm;
    private readonly FoldedNorm?[] _updateNorms;   // of each layer's feed-forward output
    private readonly PackedMatrix? _projection;    // [E, D]
    private readonly VocabularyBand[] _bands;
    private readonly AdaptiveReadout? _adaptive;
    private readonly float[] _bias;                // [V]: W_U (projection of the norm's bias) + the output's bias, or empty

    /// <summary>Opens the head of a model.</summary>
    /// <param name="model">The model, which must outlive the reader.</param>
    /// <param name="threads">Worker threads.</param>
    public VocabularyReader(Model model, int threads)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads);
        _spec = model.Spec;
        _reader = new WeightReader(model.Checkpoint);
        _product = new VocabularyProduct(_reader, threads);
        HeadSpec head = _spec.Head;
        _norm = FoldedNorm.Load(head.Norm, _reader);
        _updateNorms = [.. _spec.Blocks.Select(block => FoldedNorm.Load(block.FeedForwardOutputNorm, _reader))];
        _projection = head.ProjectOut is { } map ? _reader.Pack(map) : null;
        Width = _projection?.Outputs ?? _spec.Width;
        _bands = VocabularyBand.Of(_spec, Width, _reader);
        _adaptive = head.Adaptive is { } adaptive ? new AdaptiveReadout(adaptive, _reader) : null;
        _bias = _adaptive is null ? Biases(_reader.Vector(head.Bias)) : [];
    }

    /// <summary>E, the width of prepared rows: D, or what the model projects to before its output embedding.</summary>
    public int Width { get; }

    /// <summary>V.</summary>
    public int VocabularySize => _spec.VocabularySize;

    /// <summary>Whether folded and raw logits are linear in the vector: not with an adaptive softmax, where top(c v) need not be top(v).</summary>
    public bool IsLinear => _adaptive is null;

    /// <summary>Whether the model's readout of a state orders tokens as the folded one does: a plain head neither adds to z nor caps it, an adaptive one has no norm before it.</summary>
    public bool ModelRanksAsFolded => IsLinear ? _bias.Length == 0 && _spec.Head.SoftCap is null : _norm is null;

    /// <summary>Prepares vectors for the folded or raw readout: gain * C v (<see cref="Readout.Folded"/>) or v (<see cref="Readout.Raw"/>), then the head's projection.</summary>
    /// <param name="readout">Folded or raw.</param>
    /// <param name="vectors">Updates or states, shape [n, D].</param>
    /// <param name="prepared">Shape [n, E]; must not overlap <paramref name="vectors"/>.</param>
    /// <exception cref="ArgumentException">Another readout, or shapes that do not fit.</exception>
    public void Prepare(Readout readout, MatrixView vectors, MatrixView prepared) => Prepare(readout, null, vectors, prepared);

    /// <summary>
    /// Prepares value vectors of a layer: as <see cref="Prepare(Readout, MatrixView, MatrixView)"/>, but where the layer's output has a norm of its own, folded values go through the linear
    /// part of that norm first, as what they add does.
    /// </summary>
    /// <param name="layer">Layer, from 0.</param>
    /// <param name="readout">Folded or raw.</param>
    /// <param name="values">Shape [n, D].</param>
    /// <param name="prepared">Shape [n, E]; must not overlap <paramref name="values"/>.</param>
    /// <exception cref="ArgumentException">Another readout, or shapes that do not fit.</exception>
    public void PrepareValues(int layer, Readout readout, MatrixView values, MatrixView prepared) => Prepare(readout, _updateNorms[layer], values, prepared);

    /// <summary>
    /// Prepares states for the model's readout: folded rows, and the scales 1 / sigma of the final norm (1 without one). An adaptive softmax gets rows of the whole norm, and scales of 1.
    /// </summary>
    /// <param name="states">Residual states, shape [n, D].</param>
    /// <param name="prepared">Shape [n, E]; must not overlap <paramref name="states"/>.</param>
    /// <param name="scales">Shape [n].</param>
    /// <exception cref="ArgumentException">Shapes do not fit.</exception>
    public void PrepareStates(MatrixView states, MatrixView prepared, float[] scales)
    {
        Shape.Require(scales, nameof(scales), states.Rows);
        if (!IsLinear && _norm is not null)
        {
            Array.Fill(scales, 1);
            Run(states, prepared, _norm.ApplyWhole);
            return;
        }

        int next = 0;
        Run(states, prepared, (row, into) => scales[next++] = Fold(row, into));
    }

    /// <summary>Multiplies prepared rows with the whole output embedding and keeps of each row's logits what <paramref name="options"/> ask for.</summary>
    /// <param name="prepared">Shape [n, E].</param>
    /// <param name="options">What is kept.</param>
    /// <param name="progress">Told the share that is done, or null.</param>
    /// <param name="cancellation">Stops at the next row block.</param>
    /// <exception cref="ArgumentException">Shapes do not fit, a probe is not in the vocabulary, or a linear top is asked of a readout that is not linear.</exception>
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

        if (options.LinearTop && !IsLinear)
        {
            throw new ArgumentException("An adaptive softmax has no linear readout of its own: scan the rows prepared for the folded one.", nameof(options));
        }

        if (prepared.Rows == 0)
        {
            return new ScanState(0, VocabularySize, options, null).Finish();
        }

        using var rows = new BandRows(_bands, prepared, _product, cancellation);
        Action<int>? done = Done(progress, IsLinear ? 1 : 2);
        ILogitMap? map = _adaptive is not null
            ? new BandShifts([.. _bands.Select(band => band.FirstToken)], _adaptive.Shifts(prepared, Totals(rows, done, cancellation)))
            : options.Scales is { } given2 ? new StateLogits(given2, _bias, _spec.Head.SoftCap) : null;
        var state = new ScanState(prepared.Rows, VocabularySize, options, map);
        if (options.Probes is { } probes)
        {
            SetProbeLogits(rows, probes, map, state.Result.ProbeLogits, cancellation);
        }

        for (int band = 0; band < _bands.Length; band++)
        {
            _product.Run(_bands[band], rows[band], state, done, cancellation);
        }

        return state.Finish();
    }

    /// <summary>The tokens on top and at the bottom of each band of the vocabulary, which do not depend on how long the vectors are.</summary>
    /// <param name="prepared">Vectors prepared for the folded or raw readout, shape [n, E].</param>
    /// <param name="cancellation">Stops at the next row block.</param>
    /// <exception cref="ArgumentException">The shape does not fit.</exception>
    public BandExtremes Extremes(MatrixView prepared, CancellationToken cancellation = default)
    {
        Shape.Require(prepared, nameof(prepared), prepared.Rows, Width);
        using var rows = new BandRows(_bands, prepared, _product, cancellation);
        return new BandExtremes(Totals(rows, null, cancellation));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _product.Dispose();
        _projection?.Dispose();
        _adaptive?.Dispose();
        foreach (VocabularyBand band in _bands)
        {
            band.Projection?.Dispose();
        }
    }

    private BandTotals[] Totals(BandRows rows, Action<int>? done, CancellationToken cancellation)
    {
        BandTotals[] totals = [.. _bands.Select(_ => new BandTotals(rows.Count))];
        for (int band = 0; band < _bands.Length; band++)
        {
            _product.Run(_bands[band], rows[band], totals[band], done, cancellation);
        }

        return totals;
    }

    private Action<int>? Done(IProgress<double>? progress, int passes)
    {
        double tokens = 0;
        return progress is null ? null : more => progress.Report((tokens += more) / ((double)passes * VocabularySize));
    }

    // The same sums in the same order as the product's, so that a probe equals its own logit to the bit.
    private void SetProbeLogits(BandRows rows, ScanProbes probes, ILogitMap? map, float[] logits, CancellationToken cancellation)
    {
        RowReader[] readers = [.. _bands.Select(band => _reader.RowsOf(band.Words))];
        _product.ForBlocks(rows.Count, Width, (_, first, count) =>
        {
            var embedding = new float[Width];
            for (int row = first; row < first + count; row++)
            {
                for (int probe = probes.Start(row); probe < probes.Start(row + 1); probe++)
                {
                    int token = probes.Tokens[probe];
                    if ((uint)token >= (uint)VocabularySize)
                    {
                        throw new ArgumentException($"Token {token} of row {row} is not in the vocabulary of {VocabularySize}.", nameof(probes));
                    }

                    int band = Array.FindLastIndex(_bands, band => band.FirstToken <= token);
                    ReadOnlySpan<float> vector = rows[band].Row(row);
                    readers[band](token - _bands[band].FirstToken, embedding.AsSpan(0, vector.Length));
                    float z = 0;
                    for (int k = 0; k < vector.Length; k++)
                    {
                        z = MathF.FusedMultiplyAdd(vector[k], embedding[k], z);
                    }

                    logits[probe] = z;
                    map?.Apply(row, logits.AsSpan(probe, 1), token);
                }
            }
        }, cancellation);
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
        const int Block = VocabularyProduct.MostRows;
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

        using var wide = new AlignedBuffer((long)Block * _spec.Width);
        for (int first = 0; first < from.Rows; first += Block)
        {
            int count = Math.Min(Block, from.Rows - first);
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

        var bias = new LogitRow(VocabularySize);
        _product.Run(_bands[0], row, bias, null, CancellationToken.None);
        if (outputBias.Length > 0)
        {
            Elementwise.Add(bias.Logits, outputBias);
        }

        return bias.Logits;
    }
}
