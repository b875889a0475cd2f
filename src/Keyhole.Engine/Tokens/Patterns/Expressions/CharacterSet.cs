using System.Globalization;
using Keyhole.Engine.Tokens.Text;

namespace Keyhole.Engine.Tokens.Patterns.Expressions;

/// <summary>A set of characters of a regular expression: unions of ranges, categories, scripts and other sets, negated or cut with others.</summary>
internal sealed class CharacterSet
{
    private readonly List<(int First, int Last)> _ranges = [];
    private readonly List<(Func<int, bool> Contains, bool Negated)> _parts = [];
    private readonly List<CharacterSet> _cuts = [];
    private readonly ulong[] _ascii = new ulong[2];
    private bool _ignoreCase;

    /// <summary>Whether the set holds what is not listed.</summary>
    public bool Negated { get; set; }

    public static CharacterSet Of(int codePoint)
    {
        var set = new CharacterSet();
        set.AddRange(codePoint, codePoint);
        return set;
    }

    public static CharacterSet Where(Func<int, bool> contains, bool negated = false)
    {
        var set = new CharacterSet();
        set.Add(contains, negated);
        return set;
    }

    public void AddRange(int first, int last) => _ranges.Add((first, last));

    public void Add(Func<int, bool> contains, bool negated) => _parts.Add((contains, negated));

    public void Add(CharacterSet set) => _parts.Add((set.Contains, false));

    /// <summary>Keeps only what is in <paramref name="set"/> too.</summary>
    public void Cut(CharacterSet set) => _cuts.Add(set);

    /// <summary>Completes the set: case is settled and ASCII is tabulated.</summary>
    public CharacterSet Seal(bool ignoreCase)
    {
        _ignoreCase = ignoreCase;
        for (int i = 0; i < 128; i++)
        {
            _ascii[i >> 6] |= Evaluate(i) ? 1UL << (i & 63) : 0;
        }

        return this;
    }

    public bool Contains(int codePoint) => codePoint < 128 ? (_ascii[codePoint >> 6] >> (codePoint & 63) & 1) != 0 : Evaluate(codePoint);

    private bool Evaluate(int codePoint)
    {
        bool listed = Lists(codePoint);
        if (!listed && _ignoreCase)
        {
            foreach (int other in CaseVariants(codePoint))
            {
                listed |= Lists(other);
            }
        }

        listed ^= Negated;
        foreach (CharacterSet cut in _cuts)
        {
            listed = listed && cut.Contains(codePoint);
        }

        return listed;
    }

    private bool Lists(int codePoint)
    {
        foreach ((int first, int last) in _ranges)
        {
            if (codePoint >= first && codePoint <= last)
            {
                return true;
            }
        }

        foreach ((Func<int, bool> contains, bool negated) in _parts)
        {
            if (contains(codePoint) != negated)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Simple case folding: the other cases, and the three characters that fold to ASCII or Latin-1 letters.</summary>
    private static IEnumerable<int> CaseVariants(int codePoint)
    {
        if (codePoint == 0x130)
        {
            yield break; // its full folding is two characters
        }

        int lower = CodePoints.ToLower(codePoint);
        int upper = CodePoints.ToUpper(codePoint);
        yield return lower;
        yield return upper;
        yield return CodePoints.ToLower(upper);
        switch (lower)
        {
            case 's' or 0x17F:
                yield return 's';
                yield return 'S';
                yield return 0x17F;
                break;
            case 'k':
                yield return 0x212A;
                break;
            case 0xE5:
                yield return 0x212B;
                break;
        }
    }

    /// <summary>The categories of a bit mask, bit i for the i-th <see cref="UnicodeCategory"/>.</summary>
    public static Func<int, bool> InCategories(uint mask) => codePoint => (mask >> (int)CodePoints.Category(codePoint) & 1) != 0;
}
