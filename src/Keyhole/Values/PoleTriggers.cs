using System.Collections.Immutable;
using Keyhole.Memories;

namespace Keyhole.Values;

/// <summary>What of a pole's trigger examples is held against the value.</summary>
/// <param name="First">The top-1 trigger, or null for a pole that never fires.</param>
/// <param name="Targets">Targets of the first 50 triggers that have one, in their order.</param>
public sealed record PoleTriggers(Trigger? First, ImmutableArray<int> Targets)
{
    private const int Most = 50;

    /// <summary>Last token of the top-1 trigger's prefix; -1 without one.</summary>
    public int Current { get; init; } = -1;

    /// <summary>Target of the top-1 trigger; -1 without one.</summary>
    public int Target => First is { HasTarget: true } first ? first.Target : -1;

    /// <summary>The triggers of a pole.</summary>
    /// <param name="triggers">Best first.</param>
    internal static PoleTriggers Of(ImmutableArray<Trigger> triggers) => new(
        triggers.IsEmpty ? null : triggers[0], [.. triggers.Take(Most).Where(trigger => trigger.HasTarget).Select(trigger => trigger.Target)]);

    /// <summary>The same with its current token.</summary>
    /// <param name="tokens">Last tokens by (unit, position).</param>
    internal PoleTriggers WithCurrent(IReadOnlyDictionary<(int Unit, int Position), int> tokens)
        => First is { } first ? this with { Current = tokens[(first.Unit, first.Position)] } : this;
}
