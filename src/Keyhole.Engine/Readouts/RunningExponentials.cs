using Keyhole.Engine.Numerics;

namespace Keyhole.Engine.Readouts;

/// <summary>Sums of exponentials of rows that come strip by strip, each relative to the largest logit that its row has shown so far.</summary>
/// <param name="rows">Number of rows.</param>
/// <param name="weighted">Whether the sums of exp(d) d are kept too, for the entropy.</param>
internal sealed class RunningExponentials(int rows, bool weighted)
{
    private readonly float[] _shift = Filled(rows);
    private readonly double[] _sum = new double[rows];                       // of exp(d), d = z - shift
    private readonly double[] _weighted = new double[weighted ? rows : 0];   // of exp(d) d

    /// <summary>Adds a strip.</summary>
    /// <param name="row">Its row.</param>
    /// <param name="strip">Logits.</param>
    /// <param name="max">The largest of them.</param>
    public void Add(int row, ReadOnlySpan<float> strip, float max)
    {
        float shift = _shift[row];
        if (max > shift)
        {
            double difference = (double)shift - max;
            double factor = difference > -700 ? DoubleMath.Exp(difference) : 0;   // also from minus infinity, at the first strip
            if (_weighted.Length > 0)
            {
                _weighted[row] = factor == 0 ? 0 : factor * (_weighted[row] + (difference * _sum[row]));
            }

            _sum[row] *= factor;
            _shift[row] = shift = max;
        }

        (double sum, double weightedSum) = StripScan.Exponentials(strip, shift, _weighted.Length > 0);
        _sum[row] += sum;
        if (_weighted.Length > 0)
        {
            _weighted[row] += weightedSum;
        }
    }

    /// <summary>log(sum of exp(z)).</summary>
    public double LogSum(int row) => _shift[row] + DoubleMath.Log(_sum[row]);

    /// <summary>Entropy of softmax(z) in nats: - sum of p log p, log p = d - log(sum).</summary>
    public double Entropy(int row) => DoubleMath.Log(_sum[row]) - (_weighted[row] / _sum[row]);

    private static float[] Filled(int rows)
    {
        var shifts = new float[rows];
        Array.Fill(shifts, float.NegativeInfinity);
        return shifts;
    }
}
