using Keyhole.Engine.Models;

namespace Keyhole.Composition;

/// <summary>The weights of all values at the last position of each prefix of a block.</summary>
internal sealed class CoefficientRows : ILastCoefficients
{
    private readonly int[] _widths;
    private readonly float[][] _rows;   // [L][prefixes * F]

    /// <param name="spec">The model.</param>
    /// <param name="prefixes">Most prefixes of a block.</param>
    public CoefficientRows(ModelSpec spec, int prefixes)
    {
        _widths = [.. spec.Blocks.Select(block => block.FeedForward.MemoryCount)];
        _rows = [.. _widths.Select(width => new float[(long)prefixes * width])];
    }

    /// <summary>Bytes that one prefix takes.</summary>
    /// <param name="spec">The model.</param>
    public static long BytesPerPrefix(ModelSpec spec) => spec.Blocks.Sum(block => sizeof(float) * (long)block.FeedForward.MemoryCount);

    /// <inheritdoc/>
    public void Clear()
    {
        foreach (float[] rows in _rows)
        {
            Array.Clear(rows);
        }
    }

    /// <inheritdoc/>
    public void Add(int layer, int prefix, int firstMemory, ReadOnlySpan<float> coefficients, float routerWeight)
    {
        Span<float> row = _rows[layer].AsSpan((prefix * _widths[layer]) + firstMemory, coefficients.Length);
        for (int i = 0; i < row.Length; i++)
        {
            row[i] = coefficients[i] * routerWeight;
        }
    }

    /// <summary>What multiplies each value of a layer at the end of a prefix, m times the router's weight where there is one; 0 for experts that were not chosen; shape [F].</summary>
    public ReadOnlyMemory<float> Row(int layer, int prefix) => _rows[layer].AsMemory(prefix * _widths[layer], _widths[layer]);
}
