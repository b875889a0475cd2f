using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Keyhole.Corpora;
using Keyhole.Mining;
using Keyhole.Studies;

namespace Keyhole.Patterns;

/// <summary>
/// The prefixes of a corpus that lists are held against: how often they have a key, and those of each last token and length. All candidate positions of the study's units; of more
/// than <see cref="MostPrefixes"/> those of a random sample of the units.
/// </summary>
/// <remarks>Safe for several threads once it is read.</remarks>
internal sealed class PatternReference
{
    /// <summary>About so many prefixes are kept.</summary>
    public const int MostPrefixes = 200_000;

    private const ulong UnitStream = 0x5041_0001;
    private const int MostOfToken = 256;

    private readonly Dictionary<ulong, int> _counts;
    private readonly PrefixPlace[] _places;
    private readonly Dictionary<int, PrefixPlace[]> _byToken;
    private readonly PrefixPlace[][] _byPosition;
    private readonly ConcurrentDictionary<int, TokenRates> _rates = new();

    private PatternReference(List<UnitFeatures> units, MiningRules rules)
    {
        _places = [.. units.SelectMany(unit => Candidates(unit, rules).Select(position => new PrefixPlace(unit, position)))];
        _counts = Count(units, rules);
        _byToken = _places.GroupBy(place => place.Last).ToDictionary(group => group.Key, group => group.ToArray());
        ILookup<int, PrefixPlace> byPosition = _places.ToLookup(place => place.Position);
        _byPosition = [.. Enumerable.Range(0, _places.Length == 0 ? 0 : _places.Max(place => place.Position) + 1).Select(position => byPosition[position].ToArray())];
        WordPairs = _counts.Sum(pair => FeatureKey.ClassOf(pair.Key) == PatternClass.Word ? (double)pair.Value : 0);
        UnitsByIndex = units.ToDictionary(unit => unit.Index);
    }

    /// <summary>All prefixes.</summary>
    public ReadOnlySpan<PrefixPlace> All => _places;

    /// <summary>Pairs of a prefix and a content word that it has.</summary>
    public double WordPairs { get; }

    /// <summary>The units that were read.</summary>
    public IReadOnlyDictionary<int, UnitFeatures> UnitsByIndex { get; }

    /// <summary>Reads the corpus of a study.</summary>
    /// <param name="study">The study.</param>
    /// <param name="reader">Reads features.</param>
    /// <param name="rules">Which positions competed.</param>
    /// <param name="seed">Which units, where there are too many.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="Engine.InputRefusedException">KH5105: damaged.</exception>
    public static PatternReference Read(Study study, UnitReader reader, MiningRules rules, ulong seed, CancellationToken cancellation)
    {
        double share = Math.Min(1, MostPrefixes / Math.Max(1.0, study.TokenCount));
        List<UnitFeatures> units = [];
        foreach (StudyUnit unit in study.Units())
        {
            cancellation.ThrowIfCancellationRequested();
            if (share == 1 || CounterHash.Hash(seed ^ UnitStream, (ulong)unit.Index) < share * Math.Pow(2, 64))
            {
                units.Add(reader.Read(unit));
            }
        }

        return new PatternReference(units, rules);
    }

    /// <summary>The share of the corpus's prefixes that have a key; half a prefix more, so that none is 0.</summary>
    public double Rate(ulong key) => (_counts.GetValueOrDefault(key) + 0.5) / (_places.Length + 1.0);

    /// <summary>Rates among the prefixes that end in a token; of many, those of 256 of them.</summary>
    public TokenRates Given(int token) => _rates.GetOrAdd(token, id =>
    {
        PrefixPlace[] places = _byToken.GetValueOrDefault(id, []);
        int step = Math.Max(1, (places.Length + MostOfToken - 1) / MostOfToken);
        return new TokenRates([.. places.Where((_, i) => i % step == 0)]);
    });

    /// <summary>Prefixes that end in a token.</summary>
    public ReadOnlySpan<PrefixPlace> EndingIn(int token) => _byToken.GetValueOrDefault(token);

    /// <summary>Prefixes of a position, or the nearest that has any.</summary>
    public ReadOnlySpan<PrefixPlace> At(int position)
    {
        for (int distance = 0; distance <= position + _byPosition.Length; distance++)
        {
            foreach (int near in (ReadOnlySpan<int>)[position - distance, position + distance])
            {
                if ((uint)near < (uint)_byPosition.Length && _byPosition[near].Length > 0)
                {
                    return _byPosition[near];
                }
            }
        }

        return [];
    }

    private static IEnumerable<int> Candidates(UnitFeatures unit, MiningRules rules)
    {
        (int first, int end) = rules.Candidates(unit.Tokens.Length, startsWithBos: unit.First == 1);
        return Enumerable.Range(first, end - first);
    }

    private Dictionary<ulong, int> Count(List<UnitFeatures> units, MiningRules rules)
    {
        Dictionary<ulong, int> counts = [];
        List<ulong> keys = [];
        foreach (PrefixPlace place in _places)
        {
            keys.Clear();
            place.AddKeysOfPlace(keys);
            foreach (ulong key in keys)
            {
                CollectionsMarshal.GetValueRefOrAddDefault(counts, key, out _)++;
            }
        }

        foreach (UnitFeatures unit in units)
        {
            int[] candidates = [.. Candidates(unit, rules)];
            if (candidates.Length > 0)
            {
                CountWords(unit, candidates[0], candidates[^1], counts);
            }
        }

        return counts;
    }

    // A word is in the prefixes that end with it or at most a window later; places where it stands twice count once.
    private static void CountWords(UnitFeatures unit, int first, int last, Dictionary<ulong, int> counts)
    {
        Dictionary<ulong, int> counted = [];   // the position after the last that was counted
        for (int i = 0; i < unit.Keys.Length; i++)
        {
            int from = Math.Max(Math.Max(first, unit.Ends[i]), counted.GetValueOrDefault(unit.Keys[i]));
            int to = Math.Min(last, unit.Ends[i] + UnitFeatures.Window - 1) + 1;
            if (to > from)
            {
                CollectionsMarshal.GetValueRefOrAddDefault(counts, unit.Keys[i], out _) += to - from;
                counted[unit.Keys[i]] = to;
            }
        }
    }
}
