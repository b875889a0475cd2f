using Keyhole.Engine.Numerics;

namespace Keyhole.Engine.Models;

/// <summary>The log-probabilities of an adaptive softmax, by fairseq's <c>AdaptiveSoftmax.get_log_prob</c>.</summary>
internal sealed class AdaptiveSoftmax(AdaptiveSoftmaxSpec spec, WeightReader reader) : IDisposable
{
    private readonly PackedMatrix _head = reader.Pack(spec.Words, spec.Classes);   // [words + tails, D]
    private readonly (PackedMatrix Projection, PackedMatrix Words)[] _tails = [.. spec.Tails.Select(tail => (reader.Pack(tail.Projection), reader.Pack(tail.Words)))];

    /// <summary>Natural log-probabilities of the whole vocabulary.</summary>
    /// <param name="states">Shape [rows, D].</param>
    /// <param name="result">Shape [rows, V].</param>
    public void LogProbabilities(MatrixView states, MatrixView result)
    {
        int words = spec.Words.Outputs;
        using var headBuffer = new AlignedBuffer((long)states.Rows * _head.Outputs);
        MatrixView head = headBuffer.Matrix(states.Rows, _head.Outputs);
        Gemm.Multiply(states, _head, head);
        for (int row = 0; row < states.Rows; row++)
        {
            double normalizer = Softmax.LogSumExp(head.Row(row));
            Shift(head.Row(row), -normalizer);
            head.Row(row)[..words].CopyTo(result.Row(row));
        }

        int first = words;
        for (int tail = 0; tail < _tails.Length; tail++)
        {
            (PackedMatrix projection, PackedMatrix output) = _tails[tail];
            using var projectedBuffer = new AlignedBuffer((long)states.Rows * projection.Outputs);
            MatrixView projected = projectedBuffer.Matrix(states.Rows, projection.Outputs);
            Gemm.Multiply(states, projection, projected);
            MatrixView logits = result.ColumnRange(first, output.Outputs);
            Gemm.Multiply(projected, output, logits);
            for (int row = 0; row < states.Rows; row++)
            {
                Shift(logits.Row(row), head.Row(row)[words + tail] - Softmax.LogSumExp(logits.Row(row)));
            }

            first += output.Outputs;
        }
    }

    public void Dispose()
    {
        _head.Dispose();
        foreach ((PackedMatrix projection, PackedMatrix words) in _tails)
        {
            projection.Dispose();
            words.Dispose();
        }
    }

    private static void Shift(Span<float> values, double by)
    {
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (float)(values[i] + by);
        }
    }
}
