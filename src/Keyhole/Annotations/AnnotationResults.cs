using System.Collections.Immutable;
using Keyhole.Corpora;
using Keyhole.Statistics;
using Keyhole.Studies;

namespace Keyhole.Annotations;

/// <summary>What the annotations of a study say (docs/annotation.md): agreement, true lists beside decoys, and the paper's figure 2. Sheets that are not done do not count.</summary>
public sealed class AnnotationResults
{
    /// <summary>Annotators who are compared two by two: of more, those who are done with most sheets.</summary>
    public const int MostPaired = 10;

    private static readonly int Classes = Enum.GetValues<PrefixClass>().Length;

    private readonly ulong _seed;
    private readonly string[] _names;
    private readonly string[] _paired;
    private readonly ILookup<string, SheetRating> _bySheet;
    private readonly Dictionary<(string Sheet, string Annotator), SheetRating> _byBoth;

    private AnnotationResults(AnnotationProject project, ImmutableArray<SheetRating> ratings)
    {
        Project = project;
        Ratings = ratings;
        _seed = project.Options.Seed;
        _names = [.. ratings.Select(rating => rating.Annotation.Annotator).Distinct().Order(StringComparer.Ordinal)];
        _paired = [.. _names.OrderByDescending(name => ratings.Count(rating => rating.Annotation.Annotator == name)).Take(MostPaired).Order(StringComparer.Ordinal)];
        _bySheet = ratings.ToLookup(rating => rating.Sheet.Id);
        _byBoth = ratings.ToDictionary(rating => (rating.Sheet.Id, rating.Annotation.Annotator));
        BegunAfterOpening = project.Opened is { } opened ? ratings.Count(rating => rating.Annotation.Begun > opened) : 0;
        Annotators = [.. _names.Length > 1 ? [Result(null)] : (AnnotatorResult[])[], .. _names.Select(Result)];
        Agreement = _names.Length > 1 ? [.. Enum.GetValues<AgreementQuestion>().SelectMany(question => new[] { Agree(question, onTrueSheets: false), Agree(question, onTrueSheets: true) })] : [];
        Layers = [.. project.Sheets.Where(sheet => sheet.Kind == SheetKind.True).GroupBy(sheet => sheet.Layer).OrderBy(layer => layer.Key).Select(Layer)];
    }

    /// <summary>The project.</summary>
    public AnnotationProject Project { get; }

    /// <summary>Annotations that are done, by annotator and sheet id.</summary>
    public ImmutableArray<SheetRating> Ratings { get; }

    /// <summary>Annotations among them that were begun after the results had been opened, and so are not blind.</summary>
    public int BegunAfterOpening { get; }

    /// <summary>All annotators together where there are several, then each.</summary>
    public ImmutableArray<AnnotatorResult> Annotators { get; }

    /// <summary>Agreement in every respect, over all sheets and over true ones; empty for a single annotator.</summary>
    public ImmutableArray<AgreementMeasure> Agreement { get; }

    /// <summary>Figure 2 by layer.</summary>
    public ImmutableArray<LayerResult> Layers { get; }

    /// <summary>Measures a study's annotations; null where it has no project.</summary>
    /// <param name="study">The study.</param>
    /// <exception cref="Engine.InputRefusedException">KH5105: damaged.</exception>
    public static AnnotationResults? Of(Study study)
    {
        ArgumentNullException.ThrowIfNull(study);
        if (AnnotationTable.Project(study) is not { } project)
        {
            return null;
        }

        try
        {
            return Of(project, AnnotationTable.Read(study));
        }
        catch (InvalidDataException damage)
        {
            throw Study.Damaged(study.FilePath, damage);
        }
    }

    /// <summary>Measures annotations of a project.</summary>
    internal static AnnotationResults Of(AnnotationProject project, IEnumerable<Annotation> annotations) => new(project,
        [.. annotations.Where(annotation => annotation.Done && project.Find(annotation.Sheet) is not null)
            .Select(annotation => SheetRating.Of(annotation, project.Find(annotation.Sheet)!))
            .OrderBy(rating => rating.Annotation.Annotator, StringComparer.Ordinal).ThenBy(rating => rating.Sheet.Id, StringComparer.Ordinal)]);

    private AnnotatorResult Result(string? annotator)
    {
        SheetRating[] ratings = [.. Ratings.Where(rating => annotator is null || rating.Annotation.Annotator == annotator)];
        return new AnnotatorResult(annotator, ratings.Select(rating => rating.Sheet.Id).Distinct().Count(),
            Compare(ratings, rating => rating.Coverage, 1),
            Compare(ratings, rating => rating.Patterns > 0 ? 1 : 0, 2),
            Compare(ratings, rating => rating.Patterns, 3));
    }

    // One value a sheet: the mean of its annotators.
    private RealAndDecoy Compare(SheetRating[] ratings, Func<SheetRating, double> value, ulong stream)
    {
        (SheetKind Kind, double Value)[] sheets = [.. ratings.GroupBy(rating => rating.Sheet).Select(sheet => (sheet.Key.Kind, sheet.Average(value)))];
        double[] real = Of(kind => kind == SheetKind.True);
        double[] decoy = Of(kind => kind != SheetKind.True);
        ulong seed = CounterHash.Hash(_seed, stream);
        return new RealAndDecoy(Bootstrap.Mean(real, seed), Bootstrap.Mean(decoy, seed), Bootstrap.Mean(Of(kind => kind == SheetKind.Random), seed), Bootstrap.Mean(Of(kind => kind == SheetKind.Mixed), seed),
            Bootstrap.MeanDifference(real, decoy, seed));

        double[] Of(Func<SheetKind, bool> kinds) => [.. sheets.Where(sheet => kinds(sheet.Kind)).Select(sheet => sheet.Value)];
    }

    private AgreementMeasure Agree(AgreementQuestion question, bool onTrueSheets)
    {
        Sheet[] sheets = [.. Project.Sheets.Where(sheet => !onTrueSheets || sheet.Kind == SheetKind.True)];
        ulong seed = CounterHash.Hash(_seed, 4, (ulong)question);
        Estimate alpha = Bootstrap.OverGroups(
            [.. sheets.Where(sheet => _bySheet[sheet.Id].Skip(1).Any()).Select(sheet => NominalAgreement.AlphaSums(Table(sheet, question, _names), _names.Length, Classes))],
            seed, sums => NominalAgreement.Alpha(sums));
        List<PairAgreement> pairs = [];
        for (int i = 0; i < _paired.Length; i++)
        {
            for (int j = i + 1; j < _paired.Length; j++)
            {
                string[] pair = [_paired[i], _paired[j]];
                double[][] shared = [.. sheets.Where(sheet => pair.All(name => RatingOf(sheet, name) is not null)).Select(sheet => Confusion(sheet, question, pair))];
                if (shared.Length > 0)
                {
                    pairs.Add(new PairAgreement(pair[0], pair[1], Bootstrap.OverGroups(shared, seed, sums => NominalAgreement.Kappa(sums))));
                }
            }
        }

        return new AgreementMeasure(question, onTrueSheets, alpha, [.. pairs]);
    }

    private double[] Confusion(Sheet sheet, AgreementQuestion question, string[] pair)
        => NominalAgreement.KappaSums(Classified(RatingOf(sheet, pair[0])!, question), Classified(RatingOf(sheet, pair[1])!, question), Classes);

    private SheetRating? RatingOf(Sheet sheet, string annotator) => _byBoth.GetValueOrDefault((sheet.Id, annotator));

    // Ratings of a sheet, shape [things, annotators].
    private int[] Table(Sheet sheet, AgreementQuestion question, string[] names)
    {
        int[]?[] columns = [.. names.Select(name => RatingOf(sheet, name) is { } rating ? Classified(rating, question) : null)];
        int things = columns.OfType<int[]>().First().Length;
        return [.. Enumerable.Range(0, things).SelectMany(thing => columns.Select(column => column is null ? NominalAgreement.Missing : column[thing]))];
    }

    private static int[] Classified(SheetRating rating, AgreementQuestion question) => question switch
    {
        AgreementQuestion.PrefixCovered => [.. rating.Prefixes.Select(prefix => prefix == PrefixClass.NotCovered ? 0 : 1)],
        AgreementQuestion.PrefixClass => [.. rating.Prefixes.Select(prefix => (int)prefix)],
        AgreementQuestion.PatternFound => [rating.Patterns > 0 ? 1 : 0],
        _ => [rating.Patterns > 0 ? (int)rating.Kind : NominalAgreement.Missing],
    };

    private LayerResult Layer(IGrouping<int, Sheet> layer)
    {
        SheetRating[][] sheets = [.. layer.Select(sheet => _bySheet[sheet.Id].ToArray()).Where(ratings => ratings.Length > 0)];
        return new LayerResult(layer.Key, Share(PrefixClass.Shallow), Share(PrefixClass.Semantic), Share(PrefixClass.Both), Share(PrefixClass.Syntactic), Share(PrefixClass.NotCovered));

        Estimate Share(PrefixClass wanted) => Bootstrap.Mean(
            [.. sheets.Select(ratings => ratings.Average(rating => (double)rating.Prefixes.Count(prefix => prefix == wanted) / rating.Prefixes.Length))],
            CounterHash.Hash(_seed, 5, (ulong)layer.Key));
    }
}
