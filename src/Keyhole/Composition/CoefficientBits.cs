using System.Numerics;

namespace Keyhole.Composition;

/// <summary>Of the coefficients at the last position of each prefix of a block what section 5 needs: two bits each, and a count.</summary>
/// <remarks>Different prefixes may be filled by different threads.</remarks>
internal sealed class CoefficientBits : ILastCoefficients
{
    private const int WordBits = 64;

    private readonly IReadOnlyList<TracedLayer> _layers;
    private readonly int _prefixes;
    private readonly ulong[][] _active;     // [L][prefixes * words]
    private readonly ulong[][] _negative;
    private readonly int[] _positive;       // [L * prefixes]

    /// <param name="layers">The layers.</param>
    /// <param name="prefixes">Most prefixes of a block.</param>
    public CoefficientBits(IReadOnlyList<TracedLayer> layers, int prefixes)
    {
        _layers = layers;
        _prefixes = prefixes;
        _active = [.. layers.Select(layer => new ulong[(long)prefixes * Words(layer)])];
        _negative = [.. layers.Select(layer => new ulong[(long)prefixes * Words(layer)])];
        _positive = new int[layers.Count * prefixes];
    }

    /// <summary>Bytes that one prefix takes.</summary>
    public static long BytesPerPrefix(IReadOnlyList<TracedLayer> layers) => layers.Sum(layer => (2L * sizeof(ulong) * Words(layer)) + sizeof(int));

    /// <inheritdoc/>
    public void Clear()
    {
        foreach (ulong[] bits in _active.Concat(_negative))
        {
            Array.Clear(bits);
        }

        Array.Clear(_positive);
    }

    /// <inheritdoc/>
    public void Add(int layer, int prefix, int firstMemory, ReadOnlySpan<float> coefficients, float routerWeight)
    {
        ReadOnlySpan<float> thresholds = _layers[layer].Thresholds.AsSpan(firstMemory, coefficients.Length);
        int start = prefix * Words(_layers[layer]);
        Span<ulong> active = _active[layer].AsSpan(start);
        Span<ulong> negative = _negative[layer].AsSpan(start);
        int positive = 0;
        for (int i = 0; i < coefficients.Length; i++)
        {
            float m = coefficients[i];
            int word = (firstMemory + i) / WordBits;
            ulong bit = 1UL << (firstMemory + i);   // the shift counts modulo 64
            active[word] |= MathF.Abs(m) > thresholds[i] ? bit : 0;
            negative[word] |= m < 0 ? bit : 0;
            positive += m > 0 ? 1 : 0;
        }

        _positive[(layer * _prefixes) + prefix] += positive;
    }

    /// <summary>Whether a memory is active.</summary>
    public bool IsActive(int layer, int prefix, int memory) => Bit(_active, layer, prefix, memory);

    /// <summary>Whether a memory's coefficient is below zero.</summary>
    public bool IsNegative(int layer, int prefix, int memory) => Bit(_negative, layer, prefix, memory);

    /// <summary>Active memories of a layer.</summary>
    public int ActiveCount(int layer, int prefix)
    {
        int words = Words(_layers[layer]);
        int count = 0;
        foreach (ulong word in _active[layer].AsSpan(prefix * words, words))
        {
            count += BitOperations.PopCount(word);
        }

        return count;
    }

    /// <summary>Memories of a layer with m &gt; 0.</summary>
    public int PositiveCount(int layer, int prefix) => _positive[(layer * _prefixes) + prefix];

    private bool Bit(ulong[][] bits, int layer, int prefix, int memory)
        => (bits[layer][(prefix * Words(_layers[layer])) + (memory / WordBits)] >> memory & 1) != 0;

    private static int Words(TracedLayer layer) => (layer.Thresholds.Length + WordBits - 1) / WordBits;
}
