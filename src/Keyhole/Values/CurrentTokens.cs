using Keyhole.Memories;
using Keyhole.Studies;

namespace Keyhole.Values;

/// <summary>Looks up the last tokens of prefixes, unit after unit, so that each block of a study's units is unpacked once.</summary>
internal static class CurrentTokens
{
    /// <summary>Last token of every trigger's prefix, by (unit, position).</summary>
    /// <exception cref="Engine.InputRefusedException">KH5105: the study does not have the trigger's unit.</exception>
    public static IReadOnlyDictionary<(int Unit, int Position), int> Read(Study study, IEnumerable<(NeuronId Id, Trigger Trigger)> triggers)
    {
        var tokens = new Dictionary<(int, int), int>();
        foreach ((NeuronId id, Trigger trigger) in triggers.DistinctBy(named => (named.Trigger.Unit, named.Trigger.Position)).OrderBy(named => named.Trigger.Unit))
        {
            tokens[(trigger.Unit, trigger.Position)] = study.UnitOf(id, trigger).Tokens[trigger.Position];
        }

        return tokens;
    }
}
