using Keyhole.Engine.Models;
using Keyhole.Engine.Numerics;

namespace Keyhole.Engine.Readouts;

/// <summary>
/// Turns the products of an adaptive softmax's bands into log-probabilities of the whole vocabulary, as fairseq's <c>AdaptiveSoftmax.get_log_prob</c>: log p = z - log(sum over the
/// head's words and classes) in the head, and z - log(sum over the tail) + log p(class) in a tail.
/// </summary>
internal sealed class AdaptiveReadout(AdaptiveSoftmaxSpec spec, WeightReader reader) : IDisposable
{
    private readonly PackedMatrix _classes = reader.Pack(spec.Classes);   // [tails, E]

    /// <summary>What is added to z of each band, [bands][rows].</summary>
    /// <param name="prepared">Prepared rows, [n, E].</param>
    /// <param name="bands">Totals of the head's words and of each tail; the classes are added to the head's.</param>
    public float[][] Shifts(MatrixView prepared, BandTotals[] bands)
    {
        int tails = _classes.Outputs;
        using var buffer = new AlignedBuffer((long)prepared.Rows * tails);
        MatrixView classes = buffer.Matrix(prepared.Rows, tails);
        Gemm.Multiply(prepared, _classes, classes);
        float[][] shifts = [.. bands.Select(_ => new float[prepared.Rows])];
        for (int row = 0; row < prepared.Rows; row++)
        {
            ReadOnlySpan<float> z = classes.Row(row);
            bands[0].Exponentials.Add(row, z, StripScan.Extremes(z).Max);
            double head = bands[0].Exponentials.LogSum(row);
            shifts[0][row] = (float)-head;
            for (int tail = 0; tail < tails; tail++)
            {
                shifts[tail + 1][row] = (float)(z[tail] - head - bands[tail + 1].Exponentials.LogSum(row));
            }
        }

        return shifts;
    }

    public void Dispose() => _classes.Dispose();
}
