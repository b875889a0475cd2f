using Keyhole.Studies;

namespace Keyhole.Cli.Demo;

/// <summary>Chooses the memories that the demo shows.</summary>
internal static class PeakedMemories
{
    // Rarer memories are mostly about one rare word.
    private const double LeastShare = 0.02;

    /// <summary>The rule, as a phrase.</summary>
    public const string Rule = "the most peaked memory (largest excess kurtosis) that fires on at least 2% of the positions and has a full list of triggers";

    /// <summary>The parts into which the layers are cut.</summary>
    public static IReadOnlyList<string> Parts { get; } = ["lower", "middle", "upper"];

    /// <summary>Of the lower, the middle and the upper third of the layers the memory that <see cref="Rule"/> says, the first of equals.</summary>
    /// <param name="study">A study.</param>
    /// <param name="top">Triggers of a full list.</param>
    /// <returns>Up to three memories, in the order of their layers; a part without such a memory gives none.</returns>
    public static IReadOnlyList<(string Part, MemoryRecord Memory)> Choose(Study study, int top)
    {
        var best = new (MemoryRecord Memory, double Kurtosis)?[Parts.Count];
        foreach (MemoryRecord memory in study.Memories().Where(memory => memory.Positive.Length == top && memory.Statistics.SharePositive >= LeastShare))
        {
            ref (MemoryRecord Memory, double Kurtosis)? held = ref best[memory.Id.Layer * Parts.Count / study.Shape.Layers];
            double kurtosis = memory.Statistics.ExcessKurtosis;
            if (!double.IsNaN(kurtosis) && (held is null || kurtosis > held.Value.Kurtosis))
            {
                held = (memory, kurtosis);
            }
        }
        return [.. best.Index().Where(part => part.Item is not null).Select(part => (Parts[part.Index], part.Item!.Value.Memory))];
    }
}
