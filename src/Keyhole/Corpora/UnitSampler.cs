namespace Keyhole.Corpora;

/// <summary>
/// Takes N units of a corpus at random: those with the N smallest <see cref="CounterHash"/> of (seed, unit number). It depends on nothing but the
/// seed, N and the number of units; a smaller N takes a subset of a larger one's.
/// </summary>
public sealed class UnitSampler
{
    private readonly int _size;
    private readonly ulong _seed;
    private readonly PriorityQueue<SampledUnit, ulong> _taken = new(Comparer<ulong>.Create((x, y) => y.CompareTo(x)));   // the largest hash on top

    /// <summary>Creates an empty sample.</summary>
    /// <param name="size">N, the number of units to take; a corpus with fewer is taken whole.</param>
    /// <param name="seed">Which sample.</param>
    public UnitSampler(int size, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        _size = size;
        _seed = seed;
    }

    /// <summary>The sample of a sequence of units, in its order. Holds no more than N units.</summary>
    /// <param name="units">All units, the first of them with number 0.</param>
    /// <param name="size">N.</param>
    /// <param name="seed">Which sample.</param>
    public static IReadOnlyList<SampledUnit> Take(IEnumerable<TextUnit> units, int size, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(units);
        UnitSampler sampler = new(size, seed);
        long number = 0;
        foreach (TextUnit unit in units) sampler.Offer(number++, unit);
        return sampler.Taken();
    }

    /// <summary>Shows the sampler a unit; the order of the calls does not matter.</summary>
    public void Offer(long number, in TextUnit unit)
    {
        ulong hash = CounterHash.Hash(_seed, (ulong)number);
        if (_taken.Count < _size) _taken.Enqueue(new SampledUnit(number, unit), hash);
        else if (_taken.TryPeek(out _, out ulong largest) && hash < largest) _taken.DequeueEnqueue(new SampledUnit(number, unit), hash);
    }

    /// <summary>The units taken so far, in the order of their numbers.</summary>
    public IReadOnlyList<SampledUnit> Taken() => [.. _taken.UnorderedItems.Select(item => item.Element).OrderBy(unit => unit.Number)];
}
