using System.Collections.Immutable;
using Keyhole.Memories;
using Keyhole.Studies;

namespace Keyhole.Exports;

/// <summary>A unit that is shown of a memory, and the group that it stands in: the top, or an interval of the activation.</summary>
/// <param name="Trigger">Where the memory fires in it.</param>
/// <param name="Least">The interval's lower bound; -1 of the top.</param>
/// <param name="Most">Its upper bound; the memory's largest m of the top.</param>
/// <param name="Contains">The share of the candidate positions inside; -1 of the top.</param>
internal readonly record struct NeuronpediaExample(Trigger Trigger, double Least, double Most, double Contains)
{
    /// <summary>
    /// The positive pole's triggers, best first, and where the study keeps a sample of where it fires, the tenths of that, strongest first: each with the bounds between which the sample has it, and a tenth (of a
    /// small sample its part) of the share of positions with m > 0. A unit stands once in a group.
    /// </summary>
    /// <param name="study">The study.</param>
    /// <param name="memory">A memory of it.</param>
    /// <exception cref="Engine.InputRefusedException">KH5105: damaged.</exception>
    public static IReadOnlyList<NeuronpediaExample> Of(Study study, MemoryRecord memory)
    {
        List<NeuronpediaExample> examples = [.. ShownTexts.Triggers(memory).Select(trigger => new NeuronpediaExample(trigger, -1, memory.Positive[0].Coefficient, -1))];
        if (SampleTable.Read(study, memory.Id) is not { } sample)
        {
            return examples;
        }

        double most = memory.Statistics.Max;
        foreach (ImmutableArray<Trigger> band in sample.BandsOf(Pole.Positive).Where(band => !band.IsEmpty).Reverse())
        {
            (double least, double upTo) = (band[0].Coefficient, most);
            double contains = memory.Statistics.SharePositive * band.Length / sample.Positive.Length;
            examples.AddRange(band.Reverse().DistinctBy(trigger => trigger.Unit).Select(trigger => new NeuronpediaExample(trigger, least, upTo, contains)));
            most = least;
        }

        return examples;
    }
}
