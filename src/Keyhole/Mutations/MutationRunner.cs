using System.Collections.Immutable;
using Keyhole.Engine;
using Keyhole.Engine.Models;
using Keyhole.Studies;

namespace Keyhole.Mutations;

/// <summary>Runs trigger prefixes again with tokens dropped (method, section 5, figure 3).</summary>
public static class MutationRunner
{
    /// <summary>The coefficients of a plan, in its order. They do not depend on the threads.</summary>
    /// <param name="study">The study that the plan's units belong to.</param>
    /// <param name="model">Its model.</param>
    /// <param name="plan">What to mutate.</param>
    /// <param name="threads">Worker threads.</param>
    /// <param name="progress">Told the share that is done, 0 to 1, or null.</param>
    /// <param name="cancellation">Stops the run.</param>
    /// <exception cref="InputRefusedException">KH5224: NaN or infinity in a pass; KH5105: the study is damaged; KH3007, KH3008: its tokens do not fit the model.</exception>
    public static IReadOnlyList<MutationRecord> Run(Study study, Model model, IReadOnlyList<PlannedMutation> plan, int threads, IProgress<double>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(study);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(plan);
        IReadOnlyDictionary<int, ImmutableArray<int>> units = UnitTokens.Read(study, plan.Select(one => (one.Id, one.Unit, one.Position)));
        return Run(units, model, plan, (probe, run) => probe.Run(run, threads, progress, cancellation));
    }

    /// <summary>The same on the tokens of units themselves.</summary>
    internal static IReadOnlyList<MutationRecord> Run(IReadOnlyDictionary<int, ImmutableArray<int>> units, Model model, IReadOnlyList<PlannedMutation> plan, Func<CoefficientProbe, Model, float[]> answer)
    {
        var probe = new CoefficientProbe(model.Spec);
        (int Whole, int First, int Last, int Random)[] asked = [.. plan.Select(one => Ask(probe, units[one.Unit], one))];
        float[] m = answer(probe, model);
        return [.. plan.Zip(asked, (one, at) => new MutationRecord(one.Id, one.Pole, one.Unit, one.Position, one.Random, m[at.Whole], m[at.First], m[at.Last], m[at.Random]))];
    }

    private static (int Whole, int First, int Last, int Random) Ask(CoefficientProbe probe, ImmutableArray<int> unit, in PlannedMutation one)
    {
        int p = one.Position;
        if (p >= unit.Length || one.First < 0 || p <= one.First || one.Random < one.First || one.Random > p)
        {
            throw new ArgumentException($"{one} is no mutation of a unit of {unit.Length} tokens.", nameof(one));
        }

        int[] whole = [.. unit.AsSpan(0, p + 1)];
        return (
            probe.Ask(whole, p, one.Id, one.Unit),
            probe.Ask(UnitTokens.Without(unit, p, one.First), p - 1, one.Id, one.Unit),
            probe.Ask(whole, p - 1, one.Id, one.Unit),   // attention looks back only: the prefix without its last token is part of the same pass
            one.Random == p ? probe.Ask(whole, p - 1, one.Id, one.Unit) : probe.Ask(UnitTokens.Without(unit, p, one.Random), p - 1, one.Id, one.Unit));
    }
}
