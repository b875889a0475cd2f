using Keyhole.Statistics;

namespace Keyhole.Patterns;

/// <summary>The false-discovery rate at which a p-value counts as found, of lists of which each has its smallest p-value (Benjamini and Hochberg 1995).</summary>
/// <remarks>
/// A pattern that is not its list's best is found where its own p-value, which is adjusted for the whole search in the list, lies within the level that the lists are selected at
/// (Benjamini and Bogomolov 2014): so q is a function of p, whoever has it.
/// </remarks>
internal sealed class DiscoveryCurve
{
    private readonly double[] _p;   // ascending
    private readonly double[] _q;

    /// <param name="smallest">The smallest p-value of each list; NaN of one that was not tested.</param>
    public DiscoveryCurve(IEnumerable<double> smallest)
    {
        _p = [.. smallest.Where(p => !double.IsNaN(p)).Order()];
        _q = FalseDiscovery.Adjusted(_p);
    }

    /// <summary>Lists that were tested.</summary>
    public int Tested => _p.Length;

    /// <summary>The largest p-value that counts as found at a rate: the rate times the share of the lists that are selected at it.</summary>
    public double Level(double rate) => Tested == 0 ? 0 : rate * _q.Count(q => q <= rate) / Tested;

    /// <summary>The rate at which a p-value counts as found: the smallest of <c>p' m / #{lists of at most p'}</c> over p' from p on.</summary>
    public double Q(double p)
    {
        int at = _p.AsSpan().BinarySearch(p);
        at = at < 0 ? ~at : at;
        double here = at == 0 ? 1 : p * _p.Length / at;   // lists of smaller p-values alone
        return Math.Min(1, at < _p.Length ? Math.Min(here, _q[at]) : here);
    }
}
