using System.Collections.Immutable;
using Keyhole.Engine;
using Keyhole.Engine.Models;
using Keyhole.Studies;

namespace Keyhole.Mutations;

/// <summary>Drops each token of a trigger prefix in turn and finds the one whose loss lowers |m| of the pole most (method, section 5).</summary>
public static class ReachRunner
{
    /// <summary>One record for each entry of a plan, in its order; of equal losses the one nearest to the prefix's end counts. They do not depend on the threads.</summary>
    /// <param name="study">The study that the plan's units belong to.</param>
    /// <param name="model">Its model.</param>
    /// <param name="plan">Which prefixes.</param>
    /// <param name="threads">Worker threads.</param>
    /// <param name="progress">Told the share that is done, 0 to 1, or null.</param>
    /// <param name="cancellation">Stops the run.</param>
    /// <exception cref="InputRefusedException">KH5224: NaN or infinity in a pass; KH5105: the study is damaged; KH3007, KH3008: its tokens do not fit the model.</exception>
    public static IReadOnlyList<ReachRecord> Run(Study study, Model model, IReadOnlyList<PlannedReach> plan, int threads, IProgress<double>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(study);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(plan);
        IReadOnlyDictionary<int, ImmutableArray<int>> units = UnitTokens.Read(study, plan.Select(one => (one.Id, one.Unit, one.Position)));
        return Run(units, model, plan, (probe, run) => probe.Run(run, threads, progress, cancellation));
    }

    /// <summary>The same on the tokens of units themselves.</summary>
    internal static IReadOnlyList<ReachRecord> Run(IReadOnlyDictionary<int, ImmutableArray<int>> units, Model model, IReadOnlyList<PlannedReach> plan, Func<CoefficientProbe, Model, float[]> answer)
    {
        var probe = new CoefficientProbe(model.Spec);
        (int Whole, int[] Dropped)[] asked = [.. plan.Select(one => Ask(probe, units[one.Unit], one))];
        float[] m = answer(probe, model);
        return [.. plan.Zip(asked, (one, at) =>
        {
            int distance = Enumerable.Range(0, at.Dropped.Length).MinBy(tokens => PoleStrength.Of(one.Pole, m[at.Dropped[tokens]]));   // the first of equals
            return new ReachRecord(one.Id, one.Pole, one.Unit, one.Position, distance, m[at.Whole], m[at.Dropped[distance]]);
        })];
    }

    // The whole prefix, and the prefix without the token that stands d before its end, d = 0, 1, ...
    private static (int Whole, int[] Dropped) Ask(CoefficientProbe probe, ImmutableArray<int> unit, in PlannedReach one)
    {
        (var id, _, int number, int p, int first) = one;
        if (p >= unit.Length || first < 0 || p < 1 || first > p)
        {
            throw new ArgumentException($"{one} is no prefix of a unit of {unit.Length} tokens.", nameof(one));
        }

        int[] whole = [.. unit.AsSpan(0, p + 1)];
        return (
            probe.Ask(whole, p, id, number),
            [.. Enumerable.Range(0, p - first + 1).Select(distance => distance == 0
                ? probe.Ask(whole, p - 1, id, number)
                : probe.Ask(UnitTokens.Without(unit, p, p - distance), p - 1, id, number))]);
    }
}
