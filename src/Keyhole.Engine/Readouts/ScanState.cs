using Keyhole.Engine.Numerics;

namespace Keyhole.Engine.Readouts;

/// <summary>What a scan holds of each row between two tiles of the vocabulary. Rows are independent, so workers may take any.</summary>
internal sealed class ScanState
{
    private readonly ScanOptions _options;
    private readonly bool _scaled;
    private readonly long[] _top;           // keys, [rows, top]
    private readonly long[] _bottom;        // keys of the negated logits, [rows, bottom]
    private readonly float[] _linearBest;
    private readonly float[] _shift;        // what the exponents of a row are taken relative to: its largest logit so far
    private readonly double[] _sum;         // of exp(z - shift)
    private readonly double[] _weighted;    // of exp(z - shift) (z - shift)
    private readonly long[] _greater;
    private readonly long[] _equal;

    public ScanState(int rows, ScanOptions options)
    {
        _options = options;
        _scaled = options.Scales is not null;
        Result = new ScanResult(rows, options);
        _top = Empty(rows * options.Top);
        _bottom = Empty(rows * options.Bottom);
        _linearBest = new float[Result.LinearTop.Length];
        Array.Fill(_linearBest, float.NegativeInfinity);
        int exponents = options.LogSumExp || options.Entropy ? rows : 0;
        _shift = new float[exponents];
        Array.Fill(_shift, float.NegativeInfinity);
        _sum = new double[exponents];
        _weighted = new double[options.Entropy ? rows : 0];
        _greater = new long[Result.ProbeLogits.Length];
        _equal = new long[Result.ProbeLogits.Length];
    }

    /// <summary>The result; probes' logits are set before the first strip.</summary>
    public ScanResult Result { get; }

    /// <summary>Takes in the next strip of a row's z; overwrites it where the row is scaled.</summary>
    /// <param name="row">The row.</param>
    /// <param name="strip">z of consecutive tokens.</param>
    /// <param name="firstToken">The first of them.</param>
    /// <param name="bias">The head's bias of these tokens, or empty.</param>
    public void Add(int row, Span<float> strip, int firstToken, ReadOnlySpan<float> bias)
    {
        if (_linearBest.Length > 0)
        {
            (float linear, _) = StripScan.Extremes(strip);
            if (linear > _linearBest[row])
            {
                _linearBest[row] = linear;
                Result.LinearTop[row] = firstToken + ((ReadOnlySpan<float>)strip).IndexOf(linear);
            }
        }

        if (_scaled)
        {
            StripScan.Scale(strip, _options.Scales!.Value.Span[row], bias);
        }

        (float max, float min) = StripScan.Extremes(strip);
        Offer(row, strip, firstToken, 0f, max, _options.Top, _top);
        Offer(row, strip, firstToken, -0f, -min, _options.Bottom, _bottom);
        if (_sum.Length > 0)
        {
            AddExponentials(row, strip, max);
        }

        if (_options.Probes is { } probes)
        {
            for (int probe = probes.Start(row); probe < probes.Start(row + 1); probe++)
            {
                Count(probe, strip, max, min);
            }
        }
    }

    /// <summary>Finishes sums and ranks once every strip was added.</summary>
    public ScanResult Finish()
    {
        for (int i = 0; i < _top.Length; i++)
        {
            Result.TopTokens[i] = TokenKeys.Token(_top[i]);
            Result.TopLogits[i] = TokenKeys.Logit(_top[i]);
        }

        for (int i = 0; i < _bottom.Length; i++)
        {
            Result.BottomTokens[i] = TokenKeys.Token(_bottom[i]);
            Result.BottomLogits[i] = -TokenKeys.Logit(_bottom[i]);
        }

        for (int row = 0; row < _sum.Length; row++)
        {
            double log = DoubleMath.Log(_sum[row]);
            if (_options.LogSumExp)
            {
                Result.LogSumExp[row] = _shift[row] + log;
            }

            if (_options.Entropy)
            {
                Result.Entropy[row] = log - (_weighted[row] / _sum[row]);   // - sum of p log p, log p = z - shift - log
            }
        }

        for (int probe = 0; probe < _greater.Length; probe++)
        {
            Result.ProbeRanks[probe] = _greater[probe] + ((_equal[probe] - 1) / 2.0);
        }

        return Result;
    }

    private static long[] Empty(int length)
    {
        var keys = new long[length];
        Array.Fill(keys, TokenKeys.None);
        return keys;
    }

    private static void Offer(int row, ReadOnlySpan<float> strip, int firstToken, float flip, float best, int kept, long[] keys)
    {
        if (kept > 0 && best > TokenKeys.Logit(keys[(row * kept) + kept - 1]))
        {
            StripScan.Offer(strip, firstToken, flip, keys.AsSpan(row * kept, kept));
        }
    }

    private void AddExponentials(int row, ReadOnlySpan<float> strip, float max)
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

        (double sum, double weighted) = StripScan.Exponentials(strip, shift, _weighted.Length > 0);
        _sum[row] += sum;
        if (_weighted.Length > 0)
        {
            _weighted[row] += weighted;
        }
    }

    private void Count(int probe, ReadOnlySpan<float> strip, float max, float min)
    {
        float logit = Result.ProbeLogits[probe];
        if (max < logit)
        {
            return;
        }

        if (min > logit)
        {
            _greater[probe] += strip.Length;
            return;
        }

        (int greater, int equal) = StripScan.Count(strip, logit);
        _greater[probe] += greater;
        _equal[probe] += equal;
    }
}
