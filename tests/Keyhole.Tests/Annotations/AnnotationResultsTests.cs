using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Keyhole.Annotations;
using Keyhole.Memories;
using Keyhole.Statistics;
using Xunit;
using static Keyhole.Tests.Annotations.AnnotatedRun;

namespace Keyhole.Tests.Annotations;

/// <summary>Measures of annotations written down by hand: 4 true sheets in layers 0 and 1, a random decoy and a mixed one, of 10 prefixes each.</summary>
public sealed class AnnotationResultsTests
{
    private static readonly AnnotationProject Project = new(new AnnotationOptions { Seed = 9 }, new byte[32], DateTime.UnixEpoch, DateTime.UnixEpoch.AddDays(1),
        [Sheet("t0", SheetKind.True, 0), Sheet("t1", SheetKind.True, 0), Sheet("t2", SheetKind.True, 1), Sheet("t3", SheetKind.True, 1), Sheet("r", SheetKind.Random, 0), Sheet("m", SheetKind.Mixed, 1)]);

    [Fact]
    public void A_prefix_has_the_class_of_the_patterns_that_count()
    {
        SheetRating rating = SheetRating.Of(Note("ana", "t0",
            Pattern("s", PatternKind.Shallow, 0, 1, 2), Pattern("m", PatternKind.Semantic, 2, 3, 4), Pattern("y", PatternKind.Syntactic, 4, 5, 6), Pattern("two only", PatternKind.Semantic, 7, 8)), Project.Sheets[0]);
        Assert.Equal(
        [
            PrefixClass.Shallow, PrefixClass.Shallow, PrefixClass.Both, PrefixClass.Semantic, PrefixClass.Semantic, PrefixClass.Syntactic, PrefixClass.Syntactic,
            PrefixClass.NotCovered, PrefixClass.NotCovered, PrefixClass.NotCovered,
        ], rating.Prefixes);
        Assert.Equal((3, 0.7, PrefixClass.Both), (rating.Patterns, rating.Coverage, rating.Kind));
    }

    [Fact]
    public void Coverage_is_a_mean_over_sheets_and_real_stands_beside_decoys()
    {
        AnnotationResults results = AnnotationResults.Of(Project, All());
        AnnotatorResult ana = results.Annotators.Single(annotator => annotator.Annotator == "ana");
        Assert.Equal((0.5 + 0.3 + 1 + 0.4) / 4, ana.Coverage.Real.Value, 1e-12);
        Assert.Equal((0 + 0.3) / 2, ana.Coverage.Decoy.Value, 1e-12);
        Assert.Equal((0, 0.3), (ana.Coverage.Random.Value, ana.Coverage.Mixed.Value));
        Assert.Equal(0.55 - 0.15, ana.Coverage.Difference.Value, 1e-12);
        Assert.Equal((6, 4, 2, 1), (ana.Done, ana.Coverage.Real.N, ana.Coverage.Decoy.N, ana.Coverage.Mixed.N));
        Assert.Equal((1, 0.5), (ana.Found.Real.Value, ana.Found.Decoy.Value));
        Assert.Equal((1.25, 0.5), (ana.Patterns.Real.Value, ana.Patterns.Decoy.Value));
        Assert.True(ana.Coverage.Difference.Interval.Lower < 0.4 && ana.Coverage.Difference.Interval.Upper > 0.4);

        // All: a sheet counts with the mean of its annotators. Ben: t0 0.5, t1 0, m 0.
        AnnotatorResult all = results.Annotators[0];
        Assert.Null(all.Annotator);
        Assert.Equal((0.5 + 0.15 + 1 + 0.4) / 4, all.Coverage.Real.Value, 1e-12);
        Assert.Equal((0 + 0.15) / 2, all.Coverage.Decoy.Value, 1e-12);
        Assert.Equal(["ana", "ben"], results.Annotators.Skip(1).Select(annotator => annotator.Annotator!));
    }

    [Fact]
    public void Agreement_is_that_of_the_ratings_laid_side_by_side()
    {
        AnnotationResults results = AnnotationResults.Of(Project, All());

        // Sheets that both are done with: t0, t1, m. Ana covers 0-4, 0-2, 0-2; Ben 0-4, none, none.
        int[] ana = [.. Covered(5), .. Covered(3), .. Covered(3)];
        int[] ben = [.. Covered(5), .. Covered(0), .. Covered(0)];
        AgreementMeasure covered = results.Agreement.Single(measure => measure is { Question: AgreementQuestion.PrefixCovered, OnTrueSheets: false });
        Assert.Equal(NominalAgreement.KrippendorffsAlpha([.. ana.Zip(ben).SelectMany(pair => new[] { pair.First, pair.Second })], 2), covered.Alpha.Value, 1e-12);
        PairAgreement pair = Assert.Single(covered.Pairs);
        Assert.Equal(("ana", "ben"), (pair.First, pair.Second));
        Assert.Equal(NominalAgreement.CohensKappa(ana, ben), pair.Kappa.Value, 1e-12);
        Assert.Equal((3, 3), (covered.Alpha.N, pair.Kappa.N));
        Assert.True(pair.Kappa.Interval.Lower <= pair.Kappa.Value && pair.Kappa.Value <= pair.Kappa.Interval.Upper);

        AgreementMeasure onTrue = results.Agreement.Single(measure => measure is { Question: AgreementQuestion.PrefixCovered, OnTrueSheets: true });
        Assert.Equal(NominalAgreement.CohensKappa(ana.AsSpan(0, 20), ben.AsSpan(0, 20)), onTrue.Pairs[0].Kappa.Value, 1e-12);

        // Found: ana 1 1 1, ben 1 0 0. Kinds: only t0 has a pattern of both; shallow and semantic.
        AgreementMeasure found = results.Agreement.Single(measure => measure is { Question: AgreementQuestion.PatternFound, OnTrueSheets: false });
        Assert.Equal(NominalAgreement.KrippendorffsAlpha([1, 1, 1, 0, 1, 0], 2), found.Alpha.Value, 1e-12);
        AgreementMeasure kind = results.Agreement.Single(measure => measure is { Question: AgreementQuestion.SheetKind, OnTrueSheets: false });
        Assert.Equal(NominalAgreement.KrippendorffsAlpha([1, 2], 2), kind.Alpha.Value, 1e-12);

        AgreementMeasure classes = results.Agreement.Single(measure => measure is { Question: AgreementQuestion.PrefixClass, OnTrueSheets: false });
        Assert.Equal(NominalAgreement.CohensKappa(ana, [.. ben.Select(c => 2 * c)]), classes.Pairs[0].Kappa.Value, 1e-12);
    }

    [Fact]
    public void Figure_2_adds_up_to_one_and_counts_true_sheets_alone()
    {
        AnnotationResults results = AnnotationResults.Of(Project, All());
        Assert.Equal([0, 1], results.Layers.Select(layer => layer.Layer));
        LayerResult first = results.Layers[0];   // t0: ana 0.5 shallow, ben 0.5 semantic; t1: ana 0.3 shallow, ben none
        Assert.Equal(((0.25 + 0.15) / 2, 0.25 / 2, 0.0, 0.0, 2), (first.Shallow.Value, first.Semantic.Value, first.Both.Value, first.Syntactic.Value, first.Shallow.N));
        LayerResult second = results.Layers[1];   // t2: all both; t3: 0.4 syntactic
        Assert.Equal((0.0, 0.5, 0.2, 0.3), (second.Shallow.Value, second.Both.Value, second.Syntactic.Value, Math.Round(second.NotCovered.Value, 12)));
        Assert.All(results.Layers, layer => Assert.Equal(1, layer.Shallow.Value + layer.Semantic.Value + layer.Both.Value + layer.Syntactic.Value + layer.NotCovered.Value, 1e-12));
    }

    [Fact]
    public void What_is_not_done_does_not_count_and_what_came_after_the_opening_is_told()
    {
        Annotation open = Note("ana", "t0", Pattern("s", PatternKind.Shallow, 0, 1, 2));
        AnnotationResults results = AnnotationResults.Of(Project,
        [
            Change(open, done: false, DateTime.UnixEpoch), Change(Note("ben", "t0"), done: true, DateTime.UnixEpoch.AddDays(2)), Change(Note("cy", "gone"), done: true, DateTime.UnixEpoch),
        ]);
        Assert.Equal("ben", Assert.Single(results.Annotators).Annotator);
        Assert.Equal(1, results.BegunAfterOpening);
        Assert.Empty(results.Agreement);
        Assert.True(double.IsNaN(results.Layers[1].Both.Value));
    }

    [Fact]
    public void Results_do_not_depend_on_the_order_of_annotations_and_are_written_whole()
    {
        string Written(IEnumerable<Annotation> annotations)
        {
            using MemoryStream stream = new();
            using (Utf8JsonWriter json = new(stream))
            {
                AnnotationJson.Write(json, AnnotationResults.Of(Project, annotations));
            }

            return Encoding.UTF8.GetString(stream.ToArray());
        }

        string written = Written(All());
        Assert.Equal(written, Written(All().Reverse()));
        using JsonDocument document = JsonDocument.Parse(written);
        Assert.Equal(8, document.RootElement.GetProperty("agreement").GetArrayLength());
        Assert.Equal(9, document.RootElement.GetProperty("sheets").GetArrayLength());
    }

    [Fact]
    public void Many_annotators_are_compared_two_by_two_only_where_they_did_most()
    {
        Annotation[] many = [.. Enumerable.Range(0, 14).SelectMany(annotator => Project.Sheets.Take(annotator == 3 ? 1 : 2).Select(sheet => Note($"a{annotator:00}", sheet.Id, Pattern("p", PatternKind.Shallow, 0, 1, annotator % 5 + 2))))];
        AgreementMeasure measure = AnnotationResults.Of(Project, many).Agreement[0];
        Assert.Equal(45, measure.Pairs.Length);
        Assert.DoesNotContain(measure.Pairs, pair => pair.First == "a03" || pair.Second == "a03");
    }

    private static IEnumerable<Annotation> All() =>
    [
        Note("ana", "t0", Pattern("s", PatternKind.Shallow, 0, 1, 2, 3, 4)),
        Note("ana", "t1", Pattern("s", PatternKind.Shallow, 0, 1, 2)),
        Note("ana", "t2", Pattern("s", PatternKind.Shallow, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9), Pattern("m", PatternKind.Semantic, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9)),
        Note("ana", "t3", Pattern("y", PatternKind.Syntactic, 0, 1, 2, 3)),
        Note("ana", "r", Pattern("too few", PatternKind.Shallow, 0, 1)),
        Note("ana", "m", Pattern("s", PatternKind.Shallow, 0, 1, 2)),
        Note("ben", "t0", Pattern("m", PatternKind.Semantic, 0, 1, 2, 3, 4)),
        Note("ben", "t1"),
        Note("ben", "m"),
    ];

    private static int[] Covered(int first) => [.. Enumerable.Range(0, 10).Select(place => place < first ? 1 : 0)];

    private static Sheet Sheet(string id, SheetKind kind, int layer) => new()
    {
        Id = id,
        Kind = kind,
        Layer = layer,
        Memory = kind == SheetKind.True ? new NeuronId(layer, 1) : null,
        Prefixes = [.. Enumerable.Range(0, 10).Select(unit => new SheetPrefix(unit, 1))],
    };

    private static Annotation Note(string annotator, string sheet, params AnnotationPattern[] patterns) => new()
    {
        Annotator = annotator,
        Sheet = sheet,
        Revision = 1,
        Key = "k",
        Patterns = [.. patterns],
        Note = string.Empty,
        Done = true,
        Begun = DateTime.UnixEpoch,
        Saved = DateTime.UnixEpoch,
    };

    private static Annotation Change(Annotation annotation, bool done, DateTime begun) => new()
    {
        Annotator = annotation.Annotator,
        Sheet = annotation.Sheet,
        Revision = 1,
        Key = "k",
        Patterns = annotation.Patterns,
        Note = string.Empty,
        Done = done,
        Begun = begun,
        Saved = begun,
    };
}
