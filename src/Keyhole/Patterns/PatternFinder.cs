using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using Keyhole.Composition;
using Keyhole.Engine;
using Keyhole.Studies;

namespace Keyhole.Patterns;

/// <summary>Finds what the triggers of memories have in common (method, section 7), from a study alone.</summary>
/// <remarks>
/// Holds the features of at most 200,000 prefixes of the corpus, of the units of a layer, and what may be found in each list; never a matrix over the corpus. The result depends on the
/// study and the options, not on threads.
/// </remarks>
public static class PatternFinder
{
    private const double SearchShare = 0.9;   // of the work; the rest is intervals

    /// <summary>Finds the patterns of a study.</summary>
    /// <param name="study">The study.</param>
    /// <param name="options">How.</param>
    /// <param name="nulls">Studies of the same texts by models of random memories, with their names: searched in the same way, and taken from the study's figures.</param>
    /// <param name="progress">Told what is being done, or null.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="InputRefusedException">KH7702: a layer that was not mined; KH7703: a null is of other texts; KH7704: an option is out of its bounds; KH5105: damaged.</exception>
    public static PatternResult Find(Study study, PatternOptions options, IReadOnlyList<(string Name, Study Study)>? nulls = null, IProgress<PatternProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(study);
        ArgumentNullException.ThrowIfNull(options);
        nulls ??= [];
        IReadOnlyList<int> layers = PatternRequirements.LayersOf(study, options);
        PatternRequirements.Check(study, nulls);
        double part = SearchShare / (1 + nulls.Count);
        LayerOutcome[] outcomes = Search(study, layers, options, "layer", 0, part, progress, cancellation);
        DiscoveryCurve curve = new(outcomes.SelectMany(layer => layer.Real).Select(list => list.P));
        double level = curve.Level(options.Rate);
        List<(string Name, LayerOutcome[] Outcomes)> others = [];
        foreach ((string name, Study other) in nulls)
        {
            others.Add((name, Search(other, [.. layers.Intersect(StudyMemories.LayersOf(other))], options, $"{name}: layer", part * (1 + others.Count), part, progress, cancellation)));
        }

        progress?.Report(new PatternProgress("intervals", SearchShare));
        return new PatternResult
        {
            Lists = [.. outcomes.SelectMany(layer => layer.Real).Select(list => Patterns(list, curve, level))],
            Layers = Summaries(outcomes, others, level, options, cancellation),
            Options = OptionsOf(options, layers, nulls, curve.Tested, level),
        };
    }

    private static LayerOutcome[] Search(Study study, IReadOnlyList<int> layers, PatternOptions options, string phase, double from, double part, IProgress<PatternProgress>? progress, CancellationToken cancellation)
    {
        progress?.Report(new PatternProgress("reading the corpus", from));
        var reader = new UnitReader(StopWords.Of(study));
        PatternReference reference = PatternReference.Read(study, reader, TextRules.Of(study.Provenance).Positions, options.Seed, cancellation);
        var search = new LayerSearch(reference, new PatternNames(study.TokenPiece), options, cancellation);
        var lists = new LayerLists(study, reference, reader);
        var outcomes = new LayerOutcome[layers.Count];
        for (int i = 0; i < outcomes.Length; i++)
        {
            progress?.Report(new PatternProgress(string.Create(CultureInfo.InvariantCulture, $"{phase} {layers[i]}"), from + (part * i / outcomes.Length)));
            outcomes[i] = search.Run(layers[i], lists.Read(layers[i], cancellation));
        }

        return outcomes;
    }

    private static MemoryPatterns Patterns(ListOutcome list, DiscoveryCurve curve, double level) => new()
    {
        Id = list.List!.Id,
        Pole = list.List.Pole,
        Prefixes = list.Prefixes,
        Evidence = list.Evidence,
        P = list.P,
        Q = double.IsNaN(list.P) ? double.NaN : curve.Q(list.P),
        Patterns = [.. PatternSelection.Of(list.Candidates.Where(pattern => pattern.P <= level)).Select(pattern => new Pattern
        {
            Class = pattern.Candidate.Class,
            Text = pattern.Text,
            Ranks = Ranks(pattern.Candidate.Covered),
            Evidence = pattern.Candidate.Evidence,
            Lift = pattern.Candidate.Lift,
            Score = pattern.Candidate.Score,
            P = pattern.P,
            Q = curve.Q(pattern.P),
        })],
    };

    private static ImmutableArray<int> Ranks(ulong covered)
    {
        ImmutableArray<int>.Builder ranks = ImmutableArray.CreateBuilder<int>(BitOperations.PopCount(covered));
        for (ulong rest = covered; rest != 0; rest &= rest - 1)
        {
            ranks.Add(BitOperations.TrailingZeroCount(rest));
        }

        return ranks.MoveToImmutable();
    }

    private static ImmutableArray<LayerPatterns> Summaries(LayerOutcome[] outcomes, List<(string Name, LayerOutcome[] Outcomes)> others, double level, PatternOptions options, CancellationToken cancellation)
    {
        List<(int Layer, string Source, ListSums[] Sums, ListSums[]? Real)> tasks = [];
        foreach (LayerOutcome layer in outcomes)
        {
            ListSums[] real = LayerSummary.Sums(layer.Real, level);
            tasks.Add((layer.Layer, LayerPatterns.Real, real, null));
            tasks.Add((layer.Layer, LayerPatterns.Random, LayerSummary.Sums(layer.Random, level), real));
            tasks.Add((layer.Layer, LayerPatterns.Shuffled, LayerSummary.Sums(layer.Shuffled, level), real));
            foreach ((string name, LayerOutcome[] nulls) in others)
            {
                tasks.AddRange(nulls.Where(other => other.Layer == layer.Layer).Select(other => (layer.Layer, name, LayerSummary.Sums(other.Real, level), (ListSums[]?)real)));
            }
        }

        var summaries = new LayerPatterns[tasks.Count];
        Parallel.For(0, tasks.Count, new ParallelOptions { MaxDegreeOfParallelism = options.Threads, CancellationToken = cancellation },
            i => summaries[i] = LayerSummary.Of(tasks[i].Layer, tasks[i].Source, tasks[i].Sums, tasks[i].Real, options.Seed));
        return [.. summaries];
    }

    private static ImmutableSortedDictionary<string, string> OptionsOf(PatternOptions options, IReadOnlyList<int> layers, IReadOnlyList<(string Name, Study Study)> nulls, int tested, double level)
    {
        CultureInfo culture = CultureInfo.InvariantCulture;
        return ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal,
        [
            KeyValuePair.Create("decoys", options.Decoys.ToString(culture)),
            KeyValuePair.Create("layers", string.Join(',', layers)),
            KeyValuePair.Create("level", level.ToString("R", culture)),
            KeyValuePair.Create("nulls", string.Join(',', nulls.Select(one => one.Name))),
            KeyValuePair.Create("rate", options.Rate.ToString("R", culture)),
            KeyValuePair.Create("seed", options.Seed.ToString(culture)),
            KeyValuePair.Create("tested", tested.ToString(culture)),
        ]);
    }
}
