using Keyhole.Claiming.Passes;
using Keyhole.Corpora;

namespace Keyhole.Claiming.Evaluation;

/// <summary>Positions that show what a test counted, of each text one at most: unit, position and m.</summary>
internal sealed class ExamplePicks
{
    /// <summary>Nothing.</summary>
    public static ExamplePicks None { get; } = new();

    /// <summary>Active, and P holds: the largest coefficients.</summary>
    public Pick[] Hits { get; private init; } = [];

    /// <summary>Active, though P does not hold: the largest coefficients.</summary>
    public Pick[] Extra { get; private init; } = [];

    /// <summary>P holds, but the memory is not active: those with the smallest hash of (seed, unit, position).</summary>
    public Pick[] Missed { get; private init; } = [];

    /// <summary>All of them.</summary>
    public IEnumerable<Pick> All => [.. Hits, .. Extra, .. Missed];

    /// <summary>Chooses.</summary>
    /// <param name="table">All positions.</param>
    /// <param name="positions">Those that were counted.</param>
    /// <param name="order">These by rising score.</param>
    /// <param name="scores">m on the pole.</param>
    /// <param name="active">Whether the memory is active at each.</param>
    /// <param name="holds">Whether P holds at each.</param>
    /// <param name="sign">1, or -1 on the negative pole.</param>
    /// <param name="most">Positions of each kind.</param>
    /// <param name="seed">Draws those that were missed.</param>
    public static ExamplePicks Of(PositionTable table, PositionSet positions, int[] order, float[] scores, bool[] active, bool[] holds, int sign, int most, ulong seed)
    {
        Pick At(int i)
        {
            (int unit, int position) = table.Place(positions.TextNumbers[positions.Texts[i]], positions.Indices[i]);
            return new Pick(unit, position, sign * scores[i]);
        }

        Pick[] Largest(bool holding) => [.. Enumerable.Reverse(order).Where(i => active[i] && holds[i] == holding).DistinctBy(i => positions.Texts[i]).Take(most).Select(At)];
        Pick[] missed = [.. Enumerable.Range(0, active.Length).Where(i => holds[i] && !active[i]).Select(At)
            .OrderBy(pick => CounterHash.Hash(seed, (ulong)pick.Unit, (ulong)pick.Position)).DistinctBy(pick => pick.Unit).Take(most)];
        return new ExamplePicks { Hits = Largest(holding: true), Extra = Largest(holding: false), Missed = missed };
    }

    /// <summary>A position.</summary>
    /// <param name="Unit">Number of the unit.</param>
    /// <param name="Position">Position in it.</param>
    /// <param name="Coefficient">m.</param>
    public readonly record struct Pick(int Unit, int Position, float Coefficient);
}
