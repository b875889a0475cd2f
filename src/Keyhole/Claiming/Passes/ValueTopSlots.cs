using Keyhole.Engine.Models;
using Keyhole.Memories;

namespace Keyhole.Claiming.Passes;

/// <summary>Which memories of a layer have a token among the top ones of their value, so that a target finds them.</summary>
internal sealed class ValueTopSlots
{
    private readonly Dictionary<int, int[]>[] _memories;   // [L]: token to memories of the layer, ascending

    /// <param name="spec">The model.</param>
    /// <param name="layers">Layers that are screened.</param>
    /// <param name="values">Values of all their memories.</param>
    /// <param name="pole">Which end of them.</param>
    /// <param name="top">How many tokens count.</param>
    public ValueTopSlots(ModelSpec spec, IReadOnlyCollection<int> layers, ValueEndTokens values, Pole pole, int top)
    {
        _memories = [.. Enumerable.Range(0, spec.LayerCount).Select(_ => new Dictionary<int, int[]>())];
        foreach (int layer in layers)
        {
            var lists = new Dictionary<int, List<int>>();
            int number = 0;
            foreach (NeuronId id in spec.NamesOf(layer))
            {
                foreach (int token in values.Of(id, pole, top))
                {
                    if (!lists.TryGetValue(token, out List<int>? list))
                    {
                        lists[token] = list = [];
                    }

                    list.Add(number);
                }

                number++;
            }

            _memories[layer] = lists.ToDictionary(list => list.Key, list => list.Value.ToArray());
        }
    }

    /// <summary>Memories of a layer, by their numbers in it, ascending.</summary>
    public ReadOnlySpan<int> Of(int layer, int token) => _memories[layer].GetValueOrDefault(token);
}
