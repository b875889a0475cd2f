using System.Collections.Immutable;
using Keyhole.Memories;
using Keyhole.Studies;

namespace Keyhole.Mutations;

/// <summary>The tokens of the units that a plan names.</summary>
internal static class UnitTokens
{
    /// <summary>Reads them in order of units, so that each block of the study is unpacked once.</summary>
    /// <param name="study">The study.</param>
    /// <param name="prefixes">Memories with the units and last positions of their prefixes.</param>
    /// <exception cref="Engine.InputRefusedException">KH5105: the study does not have a unit, or the unit no such position.</exception>
    public static IReadOnlyDictionary<int, ImmutableArray<int>> Read(Study study, IEnumerable<(NeuronId Id, int Unit, int Position)> prefixes)
        => prefixes.GroupBy(prefix => prefix.Unit).OrderBy(unit => unit.Key)
            .Select(unit => unit.MaxBy(prefix => prefix.Position))
            .ToDictionary(longest => longest.Unit, longest => study.UnitOf(longest.Id, new Trigger(0, float.NaN, longest.Unit, longest.Position, -1)).Tokens);

    /// <summary>A prefix without one of its tokens.</summary>
    /// <param name="unit">Tokens of the unit.</param>
    /// <param name="position">p, last position of the prefix.</param>
    /// <param name="dropped">Position of the token, 0 .. p.</param>
    public static int[] Without(ImmutableArray<int> unit, int position, int dropped)
        => [.. unit.AsSpan(0, dropped), .. unit.AsSpan(dropped + 1, position - dropped)];
}
