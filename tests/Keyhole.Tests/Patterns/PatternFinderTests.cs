using Keyhole.Engine;
using Keyhole.Memories;
using Keyhole.Patterns;
using Keyhole.Statistics;
using Keyhole.Studies;
using Xunit;

namespace Keyhole.Tests.Patterns;

/// <summary>What decides a result, and how it is kept.</summary>
public sealed class PatternFinderTests : IDisposable
{
    private readonly PlantedStudy _planted = new(units: 800);

    public PatternFinderTests()
    {
        var random = new Random(3);
        _planted.LastTokens(10, random).FieldsOfWords(10, random).Nothing(20, random);
    }

    private static PatternOptions Options => new() { Decoys = 200, Threads = 2 };

    public void Dispose() => _planted.Dispose();

    [Fact]
    public void Threads_change_nothing_and_seeds_do()
    {
        using Study study = _planted.Write("a.study");
        string one = Text(Find(study, Options with { Threads = 1 }));
        Assert.Equal(one, Text(Find(study, Options with { Threads = 3 })));
        Assert.NotEqual(one, Text(Find(study, Options with { Seed = 1 })));
    }

    [Fact]
    public void Memories_in_another_order_have_the_same_patterns()
    {
        using Study study = _planted.Write("a.study");
        using Study permuted = _planted.Write("b.study", place: i => i * 7 % 40);
        PatternResult result = Find(study, Options);
        PatternResult other = Find(permuted, Options);
        Assert.Contains(result.Lists, list => list.Patterns.Length > 0);
        Assert.All(result.Lists, list => Assert.Equal(Text(list with { Id = new NeuronId(0, 0) }), Text(other.Lists[list.Id.Index * 7 % 40] with { Id = new NeuronId(0, 0) })));
    }

    [Fact]
    public void Patterns_stand_in_the_study_and_a_second_search_replaces_them()
    {
        string path;
        using (Study study = _planted.Write("a.study", layers: 2))
        {
            path = study.FilePath;
            Assert.Null(StudyPatterns.Read(study));
            Assert.Null(StudyPatterns.Layers(study));
            Assert.Null(StudyPatterns.Of(study, new NeuronId(0, 0)));
        }

        PatternResult result;
        using (Study study = Study.Open(path))
        {
            result = Find(study, Options);
        }

        StudyPatterns.Keep(path, result with { Lists = result.Lists[..1] });
        StudyPatterns.Keep(path, result);
        using Study kept = Study.Open(path);
        Assert.Equal(result.Lists.Select(Text), StudyPatterns.Read(kept)!.Select(Text));
        Assert.Equal(Text(result.Lists[3]), Text(Assert.Single(StudyPatterns.Of(kept, result.Lists[3].Id)!)));
        Assert.Equal(result.Layers.Select(Text), StudyPatterns.Layers(kept)!.Select(Text));
        Assert.Equal(6, result.Layers.Length);
    }

    [Fact]
    public void Another_study_of_the_same_texts_is_taken_away()
    {
        using Study study = _planted.Write("a.study");
        using var nothing = new PlantedStudy(units: 800);
        nothing.Nothing(40, new Random(4));
        using Study random = nothing.Write("a.study.directions");
        PatternResult result = PatternFinder.Find(study, Options, [("directions", random)], cancellation: TestContext.Current.CancellationToken);
        LayerPatterns directions = Assert.Single(result.Layers, layer => layer.Source == "directions");
        Assert.True(directions.Of(PatternMeasure.CoveredAbove).Interval.Lower > 0);
        Assert.Equal(directions.Of(PatternMeasure.CoveredAbove).Value, result.Layers[0].Of(PatternMeasure.Covered).Value - directions.Of(PatternMeasure.Covered).Value, 1e-12);
    }

    [Fact]
    public void What_cannot_be_searched_is_refused()
    {
        using Study study = _planted.Write("a.study");
        Assert.Equal("KH7702", Assert.Throws<InputRefusedException>(() => Find(study, Options with { Layers = [3] })).Code);
        Assert.Equal("KH7704", Assert.Throws<InputRefusedException>(() => Find(study, Options with { Decoys = 3 })).Code);
        Assert.Equal("KH7704", Assert.Throws<InputRefusedException>(() => Find(study, Options with { Rate = double.NaN })).Code);
        using var other = new PlantedStudy(units: 300);
        other.Nothing(3, new Random(1));
        using Study others = other.Write("b.study");
        Assert.Equal("KH7703", Assert.Throws<InputRefusedException>(() => PatternFinder.Find(study, Options, [("directions", others)])).Code);
    }

    private static PatternResult Find(Study study, PatternOptions options) => PatternFinder.Find(study, options, cancellation: TestContext.Current.CancellationToken);

    private static string Text(PatternResult result) => string.Join('\n', [.. result.Lists.Select(Text), .. result.Layers.Select(Text)]);

    private static string Text(MemoryPatterns list) => FormattableString.Invariant($"{list.Id} {list.Pole} {list.Prefixes} {list.Evidence} {list.P:R} {list.Q:R} ")
        + string.Join("; ", list.Patterns.Select(pattern => FormattableString.Invariant($"{pattern.Class} {pattern.Text} {string.Join(',', pattern.Ranks)} {pattern.Evidence} {pattern.Lift:R} {pattern.Score:R} {pattern.P:R} {pattern.Q:R}")));

    private static string Text(LayerPatterns layer) => FormattableString.Invariant($"{layer.Layer} {layer.Source} {layer.Lists} {layer.Prefixes} ")
        + string.Join("; ", layer.Measures.Select(measure => FormattableString.Invariant($"{measure.Key} {Text(measure.Value)}")));

    private static string Text(Estimate estimate) => FormattableString.Invariant($"{estimate.Value:R} {estimate.Interval.Lower:R} {estimate.Interval.Upper:R} {estimate.N}");
}
