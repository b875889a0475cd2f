using Keyhole.Engine.Models;
using Keyhole.Memories;

namespace Keyhole.Similarity;

/// <summary>The nearest vectors that were offered so far, in an order that does not depend on the order of the offers. Not safe for several threads at once.</summary>
/// <param name="count">At most so many are kept.</param>
/// <param name="eitherWay">Whether a vector that points the other way counts as near.</param>
internal sealed class NearList(int count, bool eitherWay)
{
    private readonly List<(float Nearness, int Layer, int Number, float Cosine)> _kept = [];

    /// <summary>Offers a vector.</summary>
    /// <param name="layer">Layer, from 0.</param>
    /// <param name="number">Number of its memory in the layer.</param>
    /// <param name="cosine">Its cosine; one that is NaN, as that of a vector of zeros, is left out.</param>
    public void Offer(int layer, int number, float cosine)
    {
        float nearness = eitherWay ? Math.Abs(cosine) : cosine;
        if (float.IsNaN(nearness) || (_kept.Count == count && nearness < _kept[^1].Nearness))
        {
            return;
        }

        int at = _kept.FindIndex(other => nearness > other.Nearness || (nearness == other.Nearness && (layer, number).CompareTo((other.Layer, other.Number)) < 0));
        _kept.Insert(at < 0 ? _kept.Count : at, (nearness, layer, number, cosine));
        if (_kept.Count > count)
        {
            _kept.RemoveAt(count);
        }
    }

    /// <summary>What was kept, nearest first.</summary>
    /// <param name="spec">Names the memories.</param>
    public IReadOnlyList<NearMemory> Memories(ModelSpec spec) => [.. _kept.Select(near => new NearMemory(spec.NameOf(near.Layer, near.Number), near.Cosine))];
}
