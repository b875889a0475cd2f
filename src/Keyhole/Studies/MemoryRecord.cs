using System.Collections.Immutable;
using Keyhole.Memories;

namespace Keyhole.Studies;

/// <summary>A memory as a study keeps it.</summary>
public sealed class MemoryRecord
{
    /// <summary>Its name.</summary>
    public required NeuronId Id { get; init; }

    /// <summary>Its statistics over all candidate positions.</summary>
    public required NeuronStatistics Statistics { get; init; }

    /// <summary>Trigger examples of the positive pole, best first.</summary>
    public required ImmutableArray<Trigger> Positive { get; init; }

    /// <summary>Trigger examples of the negative pole, best first; empty where the model is not gated.</summary>
    public required ImmutableArray<Trigger> Negative { get; init; }

    /// <summary>The triggers of a pole.</summary>
    /// <param name="pole">The pole.</param>
    public ImmutableArray<Trigger> Triggers(Pole pole) => pole == Pole.Positive ? Positive : Negative;

    /// <summary>
    /// The share of the memory's activation that its triggers on a pole stand for: their |m| of the sum of |m| over all candidate positions where m has the pole's sign; NaN where that sum is zero or not known
    /// (<see cref="NeuronStatistics.Mass"/>).
    /// </summary>
    /// <param name="pole">The pole.</param>
    public double TopShare(Pole pole)
    {
        double sign = pole == Pole.Positive ? 1 : -1;
        return Triggers(pole).Sum(trigger => Math.Max(0, sign * trigger.Coefficient)) / Statistics.Mass(pole) is var share && double.IsFinite(share) ? share : double.NaN;
    }
}
