namespace Keyhole.Mining;

/// <summary>Which positions the histograms count: (unit, position) with hash(seed, unit, position) &lt; 2^64 * min(1, 200000 / N) (method, section 6).</summary>
internal static class HistogramSample
{
    private const long Expected = 200_000;

    /// <summary>The bound of the hash, or that every position is counted.</summary>
    /// <param name="candidates">N, candidate positions of the whole corpus.</param>
    public static (bool All, ulong Below) Bound(long candidates)
        => candidates <= Expected ? (true, ulong.MaxValue) : (false, (ulong)(((UInt128)Expected << 64) / (UInt128)candidates));
}
