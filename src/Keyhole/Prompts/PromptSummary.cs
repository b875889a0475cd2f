using System.Collections.Immutable;
using Keyhole.Composition;
using Keyhole.Statistics;

namespace Keyhole.Prompts;

/// <summary>Refinement on named prompt sets (method, section 4): where answers rank in r of every layer and in the output.</summary>
public sealed record PromptSummary
{
    /// <summary>Name under which all sets stand together.</summary>
    public const string AllSets = "all";

    /// <summary>One entry a set in the order of the prompts, then all together.</summary>
    public required ImmutableArray<PromptSetSummary> Sets { get; init; }

    /// <summary>Sums up.</summary>
    /// <param name="prompts">Prompts of one model; with none the summary is empty.</param>
    /// <param name="seed">Of the intervals.</param>
    public static PromptSummary Of(IReadOnlyList<PromptTrace> prompts, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(prompts);
        if (prompts.Count == 0)
        {
            return new PromptSummary { Sets = [] };
        }

        IGrouping<string, PromptTrace>[] sets = [.. prompts.GroupBy(prompt => prompt.Set)];
        PromptSetSummary[] each = [.. sets.Select(set => SetOf(set.Key, [.. set], seed))];
        return new PromptSummary { Sets = each.Length == 1 ? [.. each] : [.. each, SetOf(AllSets, [.. prompts], seed)] };
    }

    private static PromptSetSummary SetOf(string name, PromptTrace[] prompts, ulong seed) => new()
    {
        Set = name,
        Right = new Share(prompts.LongCount(prompt => prompt.IsRight), prompts.Length),
        CutAnswers = prompts.Count(prompt => prompt.AnswerIsCut),
        All = Group(prompts, seed),
        WhereRight = Group([.. prompts.Where(prompt => prompt.IsRight)], seed),
        WhereWrong = Group([.. prompts.Where(prompt => !prompt.IsRight)], seed),
        Refinement = Refinement.Of(
            [.. prompts.Select(prompt => prompt.Layers[0].AnswerRank)],
            [.. prompts.Select(prompt => prompt.Layers[^1].AnswerRank)],
            [.. prompts.Select(prompt => prompt.Layers[0].ShuffledRank)],
            [.. prompts.Select(prompt => prompt.Layers[^1].ShuffledRank)],
            seed),
    };

    private static PromptGroup Group(PromptTrace[] prompts, ulong seed) => new()
    {
        N = prompts.Length,
        Layers = prompts.Length == 0 ? [] : [.. Enumerable.Range(0, prompts[0].Layers.Length).Select(layer => Layer(layer, [.. prompts.Select(prompt => prompt.Layers[layer])], seed))],
    };

    private static PromptLayer Layer(int layer, PromptReading[] all, ulong seed)
    {
        PromptFigure Figure(Func<PromptReading, double> rank, Func<PromptReading, double> probability)
            => new(Quartiles.Of([.. all.Select(rank)]), Bootstrap.Mean([.. all.Select(probability)], seed));
        return new PromptLayer
        {
            Layer = layer,
            Answer = Figure(read => read.AnswerRank, read => read.AnswerProbability),
            Competitors = Figure(read => read.CompetitorRank, read => read.CompetitorProbability),
            Associates = Figure(read => read.AssociateRank, read => read.AssociateProbability),
            Current = Figure(read => read.CurrentRank, read => read.CurrentProbability),
            Subject = Figure(read => read.SubjectRank, read => read.SubjectProbability),
            Shuffled = Figure(read => read.ShuffledRank, read => read.ShuffledProbability),
            Entropy = Bootstrap.Mean([.. all.Select(read => read.Entropy)], seed),
        };
    }
}
