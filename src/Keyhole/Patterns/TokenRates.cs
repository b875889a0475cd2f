namespace Keyhole.Patterns;

/// <summary>How often prefixes that end in one token have a key.</summary>
internal sealed class TokenRates
{
    private const double PriorPrefixes = 2;
    private const int RareFrom = 16;   // of so many prefixes, keys that one alone has are left out: there are as many of them as there are texts

    private readonly Dictionary<ulong, int> _counts = [];
    private readonly int _prefixes;

    /// <param name="prefixes">Prefixes that end in the token.</param>
    public TokenRates(IReadOnlyList<PrefixPlace> prefixes)
    {
        _prefixes = prefixes.Count;
        List<ulong> keys = [];
        foreach (PrefixPlace prefix in prefixes)
        {
            keys.Clear();
            prefix.AddKeys(PatternClasses.Contents, keys);
            prefix.AddKeys(PatternClasses.Lengths, keys);
            foreach (ulong key in keys.Distinct())
            {
                System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_counts, key, out _)++;
            }
        }

        if (_prefixes >= RareFrom)
        {
            foreach (ulong key in _counts.Where(pair => pair.Value == 1).Select(pair => pair.Key).ToArray())
            {
                _counts.Remove(key);
            }

            _counts.TrimExcess();
        }
    }

    /// <summary>The share of these prefixes that have a key, with two more that have it as often as prefixes of the corpus do.</summary>
    /// <param name="key">The key.</param>
    /// <param name="corpusRate">How often prefixes of the corpus have it.</param>
    /// <param name="own">Prefixes among them that are not to be counted, and have it.</param>
    public double Of(ulong key, double corpusRate, int own = 0) => (Math.Max(0, _counts.GetValueOrDefault(key) - own) + (PriorPrefixes * corpusRate)) / (_prefixes - own + PriorPrefixes);
}
