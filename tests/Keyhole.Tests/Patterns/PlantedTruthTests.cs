using Keyhole.Patterns;
using Keyhole.Studies;
using Xunit;

namespace Keyhole.Tests.Patterns;

/// <summary>Lists of which it is known what their prefixes share.</summary>
public sealed class PlantedTruthTests
{
    [Fact]
    public void What_is_planted_is_found_and_nothing_else()
    {
        var random = new Random(5);
        using var planted = new PlantedStudy();
        planted.LastTokens(60, random).Bigrams(60, random).Distances(60, random).FieldsOfWords(60, random).Nothing(160, random);
        using Study study = planted.Write("planted.study");
        PatternResult result = PatternFinder.Find(study, new PatternOptions { Threads = 2 }, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(planted.Lists.Count, result.Lists.Length);
        foreach (PatternClass kind in (PatternClass[])[PatternClass.LastToken, PatternClass.LastBigram, PatternClass.TokenAtDistance, PatternClass.Lexicon])
        {
            (MemoryPatterns Found, int[] Ranks)[] lists = [.. result.Lists.Select((list, i) => (list, planted.Lists[i])).Where(pair => pair.Item2.Planted == kind).Select(pair => (pair.list, pair.Item2.Ranks.ToArray()))];
            (MemoryPatterns Found, int[] Ranks)[] missed = [.. lists.Where(list => !list.Found.Patterns.Any(pattern => Says(pattern, kind) && pattern.Ranks.Intersect(list.Ranks).Count() >= 0.6 * list.Ranks.Length))];
            Assert.True(missed.Length <= 0.05 * lists.Length, $"{kind}: {missed.Length} of {lists.Length} missed, as {string.Join(" | ", missed.Select(list => $"{list.Ranks.Length}: {string.Join("; ", list.Found.Patterns.Select(pattern => $"{pattern.Class} {pattern.Text} {pattern.Ranks.Length}"))}"))}");
        }

        int found = result.Lists.Count(list => list.Patterns.Length > 0);
        int wrong = result.Lists.Where((list, i) => list.Patterns.Length > 0 && planted.Lists[i].Planted is null).Count();
        Assert.True(wrong <= 0.05 * found, $"{wrong} of {found} lists with a pattern share nothing");
    }

    [Fact]
    public void Lists_of_random_prefixes_have_p_values_that_are_uniform_or_larger()
    {
        using var random = new PlantedStudy(seed: 2);
        random.Nothing(1000, new Random(7));
        using Study study = random.Write("random.study");
        PatternResult result = PatternFinder.Find(study, new PatternOptions { Threads = 2, Decoys = 1000 }, cancellation: TestContext.Current.CancellationToken);
        foreach (double level in (double[])[0.05, 0.2])
        {
            // 1,000 lists: four standard deviations of a binomial count above what is allowed; and far below it nothing would ever be found.
            int below = result.Lists.Count(list => list.P <= level);
            double deviation = Math.Sqrt(1000 * level * (1 - level));
            Assert.InRange(below, 300 * level, (1000 * level) + (4 * deviation));
        }

        Assert.True(result.Lists.Count(list => list.Patterns.Length > 0) <= 2);
    }

    [Fact]
    public void The_decoys_of_a_study_without_patterns_cover_as_much_as_its_lists()
    {
        using var random = new PlantedStudy(seed: 3);
        random.Nothing(300, new Random(8));
        using Study study = random.Write("random.study");
        PatternResult result = PatternFinder.Find(study, new PatternOptions { Threads = 2, Decoys = 300 }, cancellation: TestContext.Current.CancellationToken);
        LayerPatterns[] decoys = [.. result.Layers.Where(layer => layer.Source != LayerPatterns.Real)];
        Assert.Equal([LayerPatterns.Random, LayerPatterns.Shuffled], decoys.Select(layer => layer.Source));
        Assert.All(decoys, layer => Assert.True(layer.Of(PatternMeasure.CoveredAbove).Interval.Contains(0), layer.Source));
        Assert.Equal(decoys[0].Of(PatternMeasure.Apparent).Value, result.Layers[0].Of(PatternMeasure.Apparent).Value, 0.05);
    }

    private static bool Says(Pattern pattern, PatternClass planted) => pattern.Class == planted
        || (planted == PatternClass.LastBigram && pattern.Class == PatternClass.NGram)
        || (planted == PatternClass.LastToken && pattern.Class == PatternClass.LastBigram);
}
