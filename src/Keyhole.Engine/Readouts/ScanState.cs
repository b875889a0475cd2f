namespace Keyhole.Engine.Readouts;

/// <summary>What a scan holds of each row between two tiles of the vocabulary. Rows are independent, so workers may take any.</summary>
internal sealed class ScanState : IStripSink
{
    private readonly ScanOptions _options;
    private readonly ILogitMap? _map;
    private readonly long[] _top;           // keys, [rows, top]
    private readonly long[] _bottom;        // keys of the negated logits, [rows, bottom]
    private readonly float[] _linearBest;
    private readonly RunningExponentials? _exponentials;
    private readonly long[] _greater;
    private readonly long[] _equal;
    private readonly float[]?[] _whole;     // by row; empty where no row is kept whole

    /// <param name="rows">Number of rows.</param>
    /// <param name="vocabulary">V.</param>
    /// <param name="options">What is kept.</param>
    /// <param name="map">Makes logits of z; null where they are the same.</param>
    public ScanState(int rows, int vocabulary, ScanOptions options, ILogitMap? map)
    {
        _options = options;
        _map = map;
        Result = new ScanResult(rows, vocabulary, options);
        _top = Empty(rows * options.Top);
        _bottom = Empty(rows * options.Bottom);
        _linearBest = new float[Result.LinearTop.Length];
        Array.Fill(_linearBest, float.NegativeInfinity);
        _exponentials = options.LogSumExp || options.Entropy ? new RunningExponentials(rows, options.Entropy) : null;
        _greater = new long[Result.ProbeLogits.Length];
        _equal = new long[Result.ProbeLogits.Length];
        _whole = new float[]?[options.WholeRows.Count == 0 ? 0 : rows];
        foreach ((int row, float[] logits) in options.WholeRows.Zip(Result.WholeLogits))
        {
            _whole[row] = logits;
        }
    }

    /// <summary>The result; probes' logits are set before the first strip.</summary>
    public ScanResult Result { get; }

    /// <inheritdoc/>
    public void Add(int row, Span<float> strip, int firstToken)
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

        _map?.Apply(row, strip, firstToken);
        if (_whole.Length > 0 && _whole[row] is { } whole)
        {
            strip.CopyTo(whole.AsSpan(firstToken));
        }

        (float max, float min) = StripScan.Extremes(strip);
        Offer(row, strip, firstToken, 0f, max, _options.Top, _top);
        Offer(row, strip, firstToken, -0f, -min, _options.Bottom, _bottom);
        _exponentials?.Add(row, strip, max);
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

        for (int row = 0; row < Result.LogSumExp.Length; row++)
        {
            Result.LogSumExp[row] = _exponentials!.LogSum(row);
        }

        for (int row = 0; row < Result.Entropy.Length; row++)
        {
            Result.Entropy[row] = _exponentials!.Entropy(row);
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
