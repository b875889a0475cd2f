using Keyhole.Memories;
using Keyhole.Statistics;
using Keyhole.Studies;

namespace Keyhole.Mutations;

/// <summary>Which trigger prefixes are mutated, and where.</summary>
public static class MutationPlan
{
    /// <summary>
    /// Samples memories of every layer, with their best triggers on every pole, of prefixes of at least 2 tokens besides BOS. The token dropped at random is uniform
    /// over those of the prefix but BOS. In order of memory, pole and rank; it depends on the study and the options alone.
    /// </summary>
    /// <param name="study">The study.</param>
    /// <param name="startsWithBos">Whether its units begin with BOS (<see cref="Mining.BosEncoding.StartsUnits"/>).</param>
    /// <param name="options">How many.</param>
    /// <exception cref="Engine.InputRefusedException">KH5105: the study is damaged.</exception>
    public static IReadOnlyList<PlannedMutation> Sample(Study study, bool startsWithBos, MutationOptions options)
    {
        ArgumentNullException.ThrowIfNull(study);
        ArgumentNullException.ThrowIfNull(options);
        int first = startsWithBos ? 1 : 0;
        return [.. TriggerSample.Take(study, first, options.Memories, options.Triggers, options.Seed)
            .Select(at => new PlannedMutation(at.Id, at.Pole, at.Trigger.Unit, at.Trigger.Position, first, Random(options.Seed, at.Id, at.Trigger, first)))];
    }

    /// <summary>Reads a plan: JSON lines of <c>layer</c>, <c>index</c>, <c>unit</c>, <c>position</c>, <c>random</c> and <c>pole</c> (positive if absent); other fields are passed over.</summary>
    /// <param name="path">The file; blank lines are passed over.</param>
    /// <param name="study">The study that its units belong to.</param>
    /// <param name="startsWithBos">Whether the study's units begin with BOS.</param>
    /// <exception cref="Engine.InputRefusedException">
    /// KH5221: the file cannot be read or is empty; KH5222: a line is no such object; KH5223: a line names what the study does not have, or a prefix that is too short.
    /// </exception>
    public static IReadOnlyList<PlannedMutation> Read(string path, Study study, bool startsWithBos)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(study);
        return MutationFile.Read(path, study, startsWithBos ? 1 : 0);
    }

    private static int Random(ulong seed, NeuronId id, in Trigger trigger, int first)
        => first + UniformDraw.Below(trigger.Position - first + 1, TriggerSample.Hash(seed, id), (ulong)trigger.Unit, (ulong)trigger.Position);
}
