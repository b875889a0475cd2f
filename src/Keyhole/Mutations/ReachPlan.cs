using Keyhole.Studies;

namespace Keyhole.Mutations;

/// <summary>Which trigger prefixes lose each of their tokens in turn.</summary>
public static class ReachPlan
{
    /// <summary>Samples memories of every layer, with their best triggers on every pole, of prefixes of at least 2 tokens besides BOS; in order of memory, pole and rank.</summary>
    /// <param name="study">The study.</param>
    /// <param name="startsWithBos">Whether its units begin with BOS (<see cref="Mining.BosEncoding.StartsUnits"/>).</param>
    /// <param name="options">How many.</param>
    /// <exception cref="Engine.InputRefusedException">KH5105: the study is damaged.</exception>
    public static IReadOnlyList<PlannedReach> Sample(Study study, bool startsWithBos, ReachOptions options)
    {
        ArgumentNullException.ThrowIfNull(study);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Tokens);
        int first = startsWithBos ? 1 : 0;
        return [.. TriggerSample.Take(study, first, options.Memories, options.Triggers, options.Seed)
            .Select(at => new PlannedReach(at.Id, at.Pole, at.Trigger.Unit, at.Trigger.Position, Math.Max(first, at.Trigger.Position - options.Tokens + 1)))];
    }
}
