using System.Collections.Immutable;
using Keyhole.Annotations;
using Keyhole.Engine;
using Keyhole.Memories;
using Keyhole.Studies;
using Keyhole.Tests.Studies;
using Xunit;

namespace Keyhole.Tests.Annotations;

public sealed class SheetSamplerTests : IDisposable
{
    private readonly AnnotatedRun _run = new();

    public void Dispose() => _run.Dispose();

    [Fact]
    public void Every_layer_has_its_memories_and_decoys_of_both_kinds()
    {
        AnnotationProject project = _run.Project(AnnotatedRun.Small with { Decoys = 3 });
        foreach (IGrouping<int, Sheet> layer in project.Sheets.GroupBy(sheet => sheet.Layer))
        {
            Assert.Equal(6, layer.Count(sheet => sheet.Kind == SheetKind.True));
            Assert.Equal(layer.Key % 2 == 0 ? 2 : 1, layer.Count(sheet => sheet.Kind == SheetKind.Random));
            Assert.Equal(3, layer.Count(sheet => sheet.Kind != SheetKind.True));
        }

        Assert.Equal(3, project.Sheets.Select(sheet => sheet.Layer).Distinct().Count());
        Assert.All(project.Sheets, sheet => Assert.Equal(10, sheet.Prefixes.Length));
    }

    [Fact]
    public void A_true_sheet_has_the_best_triggers_of_a_memory_in_another_order()
    {
        AnnotationProject project = _run.Project();
        using Study study = _run.Open();
        Sheet[] sheets = [.. project.Sheets.Where(sheet => sheet.Kind == SheetKind.True)];
        int sorted = 0;
        foreach (Sheet sheet in sheets)
        {
            SheetPrefix[] best = [.. study.Memory(sheet.Memory!.Value)!.Triggers(sheet.Pole).Take(10).Select(trigger => new SheetPrefix(trigger.Unit, trigger.Position))];
            Assert.Equal(best.ToHashSet(), [.. sheet.Prefixes]);
            sorted += best.SequenceEqual(sheet.Prefixes) ? 1 : 0;
        }

        Assert.Equal(0, sorted);
        Assert.Equal(sheets.Length, sheets.Select(sheet => sheet.Memory).Distinct().Count());
        Assert.Contains(sheets, sheet => sheet.Pole == Pole.Positive);
        Assert.Contains(sheets, sheet => sheet.Pole == Pole.Negative);
    }

    [Fact]
    public void Random_decoys_end_in_the_last_tokens_of_a_list()
    {
        // Lines of a few letters, each of which many lines have.
        var random = new Random(2);
        using AnnotatedRun run = new(Enumerable.Range(0, 300).Select(_ => string.Concat(random.GetItems("abcdef ".ToCharArray(), 30))));
        AnnotationProject project = run.Project();
        using Study study = run.Open();
        HashSet<string> ends = [.. study.Memories().SelectMany(memory => new[] { memory.Positive, memory.Negative }).Where(list => list.Length >= 10)
            .Select(list => Ends(study, list.Take(10).Select(trigger => new SheetPrefix(trigger.Unit, trigger.Position))))];
        foreach (Sheet decoy in project.Sheets.Where(sheet => sheet.Kind == SheetKind.Random))
        {
            Assert.Contains(Ends(study, decoy.Prefixes), ends);
            Assert.Equal(10, decoy.Prefixes.Select(prefix => prefix.Unit).Distinct().Count());
            Assert.DoesNotContain(study.Memories(), memory => memory.Positive.Take(10).Count(trigger => decoy.Prefixes.Contains(new SheetPrefix(trigger.Unit, trigger.Position))) == 10);
        }
    }

    [Fact]
    public void A_random_prefix_is_as_long_as_its_model_and_of_another_unit()
    {
        using SampleStudy sample = new();
        string path = sample.PathOf("units.db");
        using (StudyWriter writer = StudyWriter.Create(path, overwrite: false))
        {
            for (int unit = 0; unit < 40; unit++)
            {
                writer.AppendUnit(SampleStudy.Unit(unit, [.. Enumerable.Repeat("a", unit == 39 ? 12 : 8)]));   // the token at place p has id p + 1
            }

            writer.WriteProvenance(SampleStudy.Provenance());
            writer.Complete();
        }

        using Study study = Study.Open(path);
        ImmutableArray<SheetPrefix> like = [new(0, 3), new(1, 3), new(2, 6), new(3, 1), new(39, 10)];
        RandomPrefixes random = new(study, 7);
        Func<IEnumerable<SheetPrefix>> first = random.Ask(like);
        Func<IEnumerable<SheetPrefix>> second = random.Ask(like);
        random.Find(CancellationToken.None);
        foreach (SheetPrefix[] found in new[] { first().ToArray(), second().ToArray() })
        {
            Assert.Equal([3, 3, 6, 1, 6], found.Select(prefix => prefix.Position));   // no other unit has the last one's token: the nearest place with a target
            Assert.Equal(5, found.Select(prefix => prefix.Unit).Distinct().Count());
            Assert.DoesNotContain(found, prefix => like.Any(other => other.Unit == prefix.Unit));
        }

        Assert.NotEqual(first(), second());
    }

    [Fact]
    public void Mixed_decoys_take_one_trigger_of_each_of_many_memories_of_the_layer_that_are_not_shown()
    {
        AnnotationProject project = _run.Project();
        using Study study = _run.Open();
        HashSet<NeuronId> shown = [.. project.Sheets.Select(sheet => sheet.Memory).OfType<NeuronId>()];
        foreach (Sheet decoy in project.Sheets.Where(sheet => sheet.Kind == SheetKind.Mixed))
        {
            Assert.Null(decoy.Memory);
            Assert.Equal(10, decoy.Prefixes.Select(prefix => prefix.Unit).Distinct().Count());
            MemoryRecord[] others = [.. study.Memories().Where(memory => memory.Id.Layer == decoy.Layer && !shown.Contains(memory.Id))];
            Assert.All(decoy.Prefixes, prefix => Assert.Contains(others, memory => memory.Positive.Concat(memory.Negative).Any(trigger => trigger.Unit == prefix.Unit && trigger.Position == prefix.Position)));
        }
    }

    [Fact]
    public void The_same_seed_gives_the_same_lists_under_other_ids_and_another_seed_others()
    {
        AnnotationProject first = _run.Project();
        AnnotationProject again = _run.Project();
        AnnotationProject other = _run.Project(AnnotatedRun.Small with { Seed = 4 });
        Assert.Equal(first.Sheets.Select(sheet => AnnotationText.Of(sheet.Prefixes)), again.Sheets.Select(sheet => AnnotationText.Of(sheet.Prefixes)));
        Assert.Empty(first.Sheets.Select(sheet => sheet.Id).Intersect(again.Sheets.Select(sheet => sheet.Id)));
        Assert.NotEqual(first.Sheets.Select(sheet => AnnotationText.Of(sheet.Prefixes)), other.Sheets.Select(sheet => AnnotationText.Of(sheet.Prefixes)));
    }

    [Fact]
    public void Neither_ids_nor_orders_tell_layer_or_kind()
    {
        AnnotationProject project = _run.Project();
        Sheet[] ana = [.. project.OrderFor("ana")];
        Assert.Equal(ana, project.OrderFor("ana"));
        Assert.NotEqual(ana, project.OrderFor("ben"));
        Assert.Equal(project.Sheets.Select(sheet => sheet.Id).Order(), ana.Select(sheet => sheet.Id).Order());
        Assert.All(project.Sheets, sheet => Assert.Matches("^[0-9a-f]{20}$", sheet.Id));

        // Of 30 sheets in random order, places and layers have a rank correlation beyond 0.6 less than once in 1,000 times, whatever the key; so do ids.
        Assert.InRange(Correlation([.. ana.Select(sheet => (double)sheet.Layer)]), -0.6, 0.6);
        Assert.InRange(Correlation([.. project.Sheets.OrderBy(sheet => sheet.Id, StringComparer.Ordinal).Select(sheet => (double)sheet.Layer)]), -0.6, 0.6);
    }

    [Fact]
    public void Memories_that_fire_too_seldom_are_passed_over()
    {
        using Study study = _run.Open();
        AnnotationProject project = _run.Project(new AnnotationOptions { PerLayer = 1000, Prefixes = 12, Decoys = 1 });
        HashSet<NeuronId> able = [.. study.Memories().Where(memory => memory.Positive.Length >= 12 || memory.Negative.Length >= 12).Select(memory => memory.Id)];
        Assert.Equal(able, [.. project.Sheets.Select(sheet => sheet.Memory).OfType<NeuronId>()]);
        Assert.Equal("KH5402", Refusal(new AnnotationOptions { Prefixes = 13 }));
    }

    [Theory]
    [InlineData(0, 10, 1, 64)]
    [InlineData(1001, 10, 1, 64)]
    [InlineData(1, 2, 1, 64)]
    [InlineData(1, 101, 1, 64)]
    [InlineData(1, 10, -1, 64)]
    [InlineData(1, 10, 1001, 64)]
    [InlineData(1, 10, 1, 0)]
    public void Options_beyond_their_bounds_are_refused(int perLayer, int prefixes, int decoys, int context)
        => Assert.Equal("KH5401", Refusal(new AnnotationOptions { PerLayer = perLayer, Prefixes = prefixes, Decoys = decoys, Context = context }));

    [Fact]
    public void A_layer_that_is_not_there_is_refused_and_one_that_is_there_is_taken_alone()
    {
        Assert.Equal("KH5401", Refusal(AnnotatedRun.Small with { Layers = [3] }));
        Assert.All(_run.Project(AnnotatedRun.Small with { Layers = [1] }).Sheets, sheet => Assert.Equal(1, sheet.Layer));
    }

    [Fact]
    public void A_prefix_is_shown_to_its_last_token_and_cut_from_the_left()
    {
        using Study study = _run.Open();
        StudyUnit unit = study.Units().First(unit => unit.Text == "the cat sat on the mat");   // a token a byte, after BOS
        Assert.Equal(new SheetText("the ca", "t", false), SheetText.Of(study, new SheetPrefix(unit.Index, 7), 64));
        Assert.Equal(new SheetText("ca", "t", true), SheetText.Of(study, new SheetPrefix(unit.Index, 7), 3));
        Assert.Equal("KH5105", Assert.Throws<InputRefusedException>(() => SheetText.Of(study, new SheetPrefix(unit.Index, 1000), 3)).Code);
        Assert.Equal("KH5105", Assert.Throws<InputRefusedException>(() => SheetText.Of(study, new SheetPrefix(100_000, 0), 3)).Code);
    }

    private string Refusal(AnnotationOptions options) => Assert.Throws<InputRefusedException>(() => _run.Project(options)).Code;

    private static string Ends(Study study, IEnumerable<SheetPrefix> prefixes) => string.Join(',', prefixes.Select(prefix => study.Unit(prefix.Unit).Tokens[prefix.Position]).Order());

    private static double Correlation(double[] values)
    {
        double place = (values.Length - 1) / 2.0;
        double mean = values.Average();
        double xy = values.Select((value, i) => (i - place) * (value - mean)).Sum();
        return xy / Math.Sqrt(values.Select((_, i) => Math.Pow(i - place, 2)).Sum() * values.Sum(value => Math.Pow(value - mean, 2)));
    }
}
