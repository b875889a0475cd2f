using Keyhole.Composition;
using Keyhole.Engine.Models;

namespace Keyhole.Debugging;

/// <summary>The coefficients of all memories at the last position of the first texts of a batch, and the router's weights there.</summary>
internal sealed class PositionCoefficients : ILastCoefficients
{
    private readonly ModelSpec _spec;
    private readonly int _texts;
    private readonly float[][] _coefficients;   // [L][texts * F]
    private readonly float[][] _weights;        // [L][texts * experts]: 0 where an expert was not chosen

    /// <param name="spec">The model.</param>
    /// <param name="texts">Texts whose coefficients are kept.</param>
    public PositionCoefficients(ModelSpec spec, int texts)
    {
        _spec = spec;
        _texts = texts;
        _coefficients = [.. spec.Blocks.Select(block => new float[(long)texts * block.FeedForward.MemoryCount])];
        _weights = [.. spec.Blocks.Select(block => new float[(long)texts * block.FeedForward.Experts.Length])];
    }

    /// <inheritdoc/>
    public void Clear()
    {
        foreach (float[] values in _coefficients.Concat(_weights))
        {
            Array.Clear(values);
        }
    }

    /// <inheritdoc/>
    public void Add(int layer, int prefix, int firstMemory, ReadOnlySpan<float> coefficients, float routerWeight)
    {
        if (prefix < _texts)
        {
            FeedForwardSpec spec = _spec.Blocks[layer].FeedForward;
            coefficients.CopyTo(_coefficients[layer].AsSpan((prefix * spec.MemoryCount) + firstMemory));
            _weights[layer][(prefix * spec.Experts.Length) + (firstMemory / spec.ExpertSize)] = routerWeight;
        }
    }

    /// <summary>m of every memory of a layer at the end of a text, [F]; 0 for experts that were not chosen.</summary>
    public ReadOnlySpan<float> Row(int layer, int text)
    {
        int memories = _spec.Blocks[layer].FeedForward.MemoryCount;
        return _coefficients[layer].AsSpan(text * memories, memories);
    }

    /// <summary>What multiplies a memory's contribution beside m: the router's weight, 1 without a router; 0 where the position did not choose its expert.</summary>
    public float WeightOf(int layer, int text, int memory)
    {
        FeedForwardSpec spec = _spec.Blocks[layer].FeedForward;
        return _weights[layer][(text * spec.Experts.Length) + (memory / spec.ExpertSize)];
    }
}
