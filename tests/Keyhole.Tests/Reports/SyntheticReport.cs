using System.Collections.Immutable;
using Keyhole.Claiming;
using Keyhole.Composition;
using Keyhole.Distributions;
using Keyhole.Exports;
using Keyhole.Features;
using Keyhole.Memories;
using Keyhole.Mutations;
using Keyhole.Patterns;
using Keyhole.Prompts;
using Keyhole.ReadWrite;
using Keyhole.Reports.Contents;
using Keyhole.Statistics;
using Keyhole.Studies;
using Keyhole.Tests.Studies;
using Keyhole.Values;

namespace Keyhole.Tests.Reports;

/// <summary>A report's content made by hand, in the paper's shape, with texts that try to break out of the page.</summary>
internal static class SyntheticReport
{
    public const int Layers = 6;
    public const string Hostile = "</script><img src=x onerror=\"document.title='broken'\"><script>document.title='broken'</script>&amp;'\u2028\u202E<!--";

    /// <summary>All sections, six layers.</summary>
    public static ReportModel Full(SampleStudy sample)
    {
        using Study study = WriteStudy(sample);
        return Empty(study) with
        {
            Sections = [Section("values"), Section("prefixes"), Section("prompts"), Section("mutations"), Section("reach"), Section("read-write"), Section("patterns"), Section("features")],
            Agreement = Agreement(),
            Composition = Composition(),
            Mutations = Mutations(),
            Patterns = Patterns(),
            Reach = ReachSummary.Of([.. Enumerable.Range(0, Layers * 25).Select(i => new ReachRecord(new NeuronId(i % Layers, 0), Pole.Positive, i, 9, i % (2 + (i % Layers)), 1, 0.5f))], Layers),
            ReadWrite = ReadWrite(),
            Distributions = Distributions(),
            Prompts = PromptSummary.Of([.. Enumerable.Range(0, 60).Select(i => Prompt(i % 2 == 0 ? "city-country" : Hostile, i))], 0).Sets,
            Tested = Tested(),
            Features = Features(),
            Thirds = Thirds(study),
            Whole = Page(study, 1, Layers - 1),
            Histograms = [.. Enumerable.Range(0, Layers).Select(layer => Histogram(layer))],
            Groups = [new MemoryGroup("Most confident", "By a rule.", [.. Enumerable.Range(0, Layers).Select(layer => Page(study, 0, layer))])],
        };
    }

    /// <summary>Two claims that were tested, one of them a search, with texts that try to break out.</summary>
    public static ClaimRun Tested()
    {
        var example = new ClaimExample(3, 4, 1.5f, Hostile, Hostile, Hostile);
        var test = new ClaimTest
        {
            Memory = new NeuronId(1, 2),
            Pole = Pole.Negative,
            Threshold = 0.25,
            Texts = 12,
            Counts = new DetectorCounts(8, 2, 3, 90),
            PrecisionInterval = new Interval(0.6, 0.9),
            RecallInterval = new Interval(0.5, 0.8),
            NegativeInterval = new Interval(0.9, 1),
            LiftInterval = new Interval(4, 9),
            PhiInterval = new Interval(0.6, 0.8),
            Auroc = 0.9,
            AveragePrecision = 0.8,
            P = 1e-9,
            AdjustedP = 2e-9,
            Verdict = ClaimVerdict.Sufficient,
            Examples = new ClaimExamples { Hits = [example], Extra = [example], Missed = [example] },
        };
        ClaimResult Claim(string name, bool searched, params ImmutableArray<ClaimTest> tests)
            => new() { Name = name, Predicate = Hostile, On = ClaimPlace.Last, Threshold = Hostile, Levels = ClaimLevels.Default, Searched = searched, Tests = tests };
        return new ClaimRun { Options = ImmutableSortedDictionary<string, string>.Empty.Add("texts", Hostile), Claims = [Claim(Hostile, false, test), Claim("which", true, test with { Screened = 0.9 }, test with { Threshold = double.NaN, Verdict = ClaimVerdict.Neither })] };
    }

    /// <summary>A study of which values alone were analysed.</summary>
    public static ReportModel ValuesOnly(SampleStudy sample)
    {
        ReportModel full = Full(sample);
        return full with
        {
            Sections = [Section("values"), .. ((string[])["prefixes", "prompts", "mutations", "reach", "read-write", "patterns", "features"]).Select(name => new SectionNote(name, null))],
            Composition = null,
            Mutations = null,
            Patterns = null,
            Reach = null,
            ReadWrite = null,
            Prompts = null,
            Tested = null,
            Features = null,
        };
    }

    /// <summary>Real above the null everywhere.</summary>
    public static FeatureResult Features() => new(ImmutableSortedDictionary<string, string>.Empty, [new FeatureTask("past", 300, 200, 100, 90)],
    [
        .. Enumerable.Range(0, Layers).SelectMany(layer => new[] { (FeatureSource.Memories, 0.6), (FeatureSource.Permuted, 0.1), (FeatureSource.Residual, 0.9) }
            .SelectMany(source => new[] { (FeatureMeasure.L0, 0), (FeatureMeasure.ExplainedVariance, 1), (FeatureMeasure.ExplainedVariance, 10), (FeatureMeasure.ExplainedVariance, 100), (FeatureMeasure.MeanProbeAccuracy, 0), (FeatureMeasure.MeanProbeAccuracy, 1), (FeatureMeasure.Absorbed, 0), (FeatureMeasure.MissedAbsorbed, 0) }
                .Select(measure => new FeatureRow(layer, source.Item1, measure.Item1, string.Empty, measure.Item2, new Estimate(source.Item2, new Interval(source.Item2 - 0.05, source.Item2 + 0.05), 500))))),
    ]);

    /// <summary>Changes in percent: of the last token from the lowest to the highest layer, of the first and of a random one in every layer.</summary>
    public static MutationSummary Mutations(double lowest = -68, double highest = -21, double first = -12, double random = -15, int triggers = 50) => MutationSummary.Of(
    [
        .. Enumerable.Range(0, Layers * triggers).Select(i =>
        {
            int layer = i % Layers;
            double spread = ((i / Layers % 5) - 2) * 0.5;
            float After(double change) => (float)(1 + ((change + spread) / 100));
            return new MutationRecord(new NeuronId(layer, 0), Pole.Positive, i, 9, 3, 1, After(first), After(lowest + ((highest - lowest) * layer / (Layers - 1))), After(random));
        }),
    ], 0);

    /// <summary>Ten gated memories a layer, one of each class and more of them enriching in the lower layers, depleting in the upper ones.</summary>
    public static ReadWriteSummary ReadWrite() => ReadWriteSummary.Of(
    [
        .. Enumerable.Range(0, Layers * 10).Select(i =>
        {
            int layer = i / 10;
            double turn = i % 10 < 6 ? 1 : layer < Layers / 2 ? 1 : -1;
            return new ReadWriteRecord(new NeuronId(layer, i % 10), turn * ((double[])[0.9, 0.8, -0.9, -0.8, 0.1, 0.05, 0.6, 0.7, 0.55, 0.95])[i % 10], i % 2 == 0 ? 0.7 : 0.1, i % 3 == 0 ? 0.6 : -0.2);
        }),
    ], 512);

    /// <summary>Of gated memories, so that every figure has something to draw.</summary>
    public static ImmutableArray<LayerDistribution> Distributions() => [.. Enumerable.Range(0, Layers).Select(layer => new LayerDistribution
    {
        Layer = layer,
        Memories = 4096,
        Kurtosis = new Quartiles(2 * layer, 20 * layer, 100 * layer),
        Varying = 4000,
        Active = new Quartiles(0.05, 0.1 + (0.01 * layer), 0.3),
        Dead = new Share(96, 4096),
        AlwaysOn = new Share(layer, 4096),
        SignCases = [.. new SignCases(30, 20, 24, 26).Named().Select(named => (named.Name, new Estimate(named.Count / 100.0, new Interval((named.Count - 1) / 100.0, (named.Count + 1) / 100.0), 4096)))],
    })];

    /// <summary>Figure 2: shallow patterns in the lower layers, semantic ones above, and next to nothing in decoys.</summary>
    public static ImmutableArray<LayerPatterns> Patterns(double covered = 0.72, double withPattern = 0.99, double semanticAbove = 0.5) =>
    [
        .. Enumerable.Range(0, Layers).SelectMany(layer => ((string, double)[])[(LayerPatterns.Real, 1), (LayerPatterns.Random, 0.02), (LayerPatterns.Shuffled, 0.03)], (layer, source) =>
        {
            double semantic = covered * semanticAbove * layer / (Layers - 1);
            return new LayerPatterns
            {
                Layer = layer,
                Source = source.Item1,
                Lists = 500,
                Prefixes = 12500,
                Measures = ImmutableSortedDictionary.CreateRange(((IEnumerable<(PatternMeasure, double)>)
                [
                    (PatternMeasure.Shallow, covered - semantic - 0.1), (PatternMeasure.Both, semantic / 3), (PatternMeasure.Semantic, 2 * semantic / 3), (PatternMeasure.Syntactic, 0.1),
                    (PatternMeasure.Covered, covered), (PatternMeasure.AnyShallow, covered - (2 * semantic / 3) - 0.1), (PatternMeasure.AnySemantic, semantic),
                    (PatternMeasure.WithPattern, withPattern), (PatternMeasure.PerList, 3.6),
                ]).Select(measure => KeyValuePair.Create(measure.Item1, new Estimate(source.Item2 * measure.Item2, new Interval((source.Item2 * measure.Item2) - 0.01, (source.Item2 * measure.Item2) + 0.01), 500)))),
            };
        }),
    ];

    public static AgreementContent Agreement(double upper = 0.035, int confidentInTop = 97, double shuffled = 0.001) => new()
    {
        Layers = [.. Enumerable.Range(0, Layers).Select(layer =>
        {
            long hits = layer < 4 ? layer : (long)(4096 * upper);
            return new LayerAgreement(layer, 4096, new Share(hits, 4096), new Share(30 + (10 * (Layers - layer)), 4096), new Share(hits * 2, 4096),
                new Estimate(shuffled, new Interval(shuffled / 5, shuffled * 2), 1000), 1.0 / 50000, new Quartiles(900 / (layer + 1), 4000 / (layer + 1), 15000 / (layer + 1)), new Quartiles(300, 2000, 9000));
        })],
        ByConfidence = [.. Enumerable.Range(0, 10).Select(bin => new ConfidenceBin(0.001 * Math.Pow(2, bin), 0.001 * Math.Pow(2, bin + 1), new Share(bin * bin * 5, 2400)))],
        ConfidentByLayer = ImmutableSortedDictionary.CreateRange([KeyValuePair.Create(1, 100 - confidentInTop), KeyValuePair.Create(5, confidentInTop)]),
        ConfidentWithHit = new Share(46, 100),
    };

    public static CompositionContent Composition(double zero = 0.75, double late = 0.95) => new()
    {
        Layers = [.. Enumerable.Range(0, Layers).Select(layer => Layer(layer, zero, late))],
        Prefixes = 4000,
        ShortPrefixes = new Share(800, 4000),
        StopWordPredictions = new Share(1400, 4000),
        Output = new OutputComposition
        {
            FinalIsTarget = new Share(1500, 4000),
            TargetRank = new Quartiles(0, 4, 80),
            TargetProbability = new Estimate(0.3, new Interval(0.29, 0.31), 4000),
            FinalRank = new Quartiles(0, 0, 0),
            FinalProbability = new Estimate(0.5, new Interval(0.49, 0.51), 4000),
            FinalProbabilityQuartiles = new Quartiles(0.3, 0.5, 0.8),
            CurrentRank = new Quartiles(30, 300, 3000),
            ShuffledRank = new Quartiles(400, 2100, 8000),
            Entropy = new Estimate(2.1, new Interval(2.0, 2.2), 4000),
        },
        Refinement = Refinement.Of([900, 800, 1000], [3, 9, 1], [900, 800, 1000], [950, 700, 1100], 0),
        LastLayer = [new LastLayerRow("The " + Hostile, " people", " of", " same", Hostile), new LastLayerRow("gastric", " gastric", " a", " stomach", " ulcer")],
    };

    public static LayerComposition Layer(int layer, double zero = 0.75, double late = 0.95)
    {
        double final = 0.33 + ((late - 0.33) * layer / (Layers - 1));
        double active = 0.12 + (0.04 * Math.Abs(layer - 3));
        double probability = 0.05 + (0.1 * layer);
        return new LayerComposition
        {
            Layer = layer,
            ActiveShare = new Estimate(active, new Interval(active - 0.005, active + 0.005), 4000),
            ActiveQuartiles = new Quartiles(active - 0.03, active, active + 0.04),
            PositiveShare = new Estimate(0.4, new Interval(0.39, 0.41), 4000),
            ZeroAgreement = new Share((long)(4000 * zero), 4000),
            ZeroAgreementOverAll = new Share((long)(4000 * (zero - 0.02)), 4000),
            StopWordTop = new Share(600, 1000),
            StopWordTarget = new Share(500, 1000),
            ShortPrefix = new Share(430, 1000),
            FinalInResidual = new Share((long)(4000 * final), 4000),
            FinalProbability = new Estimate(probability, new Interval(probability - 0.01, probability + 0.01), 4000),
            FinalProbabilityQuartiles = new Quartiles(probability / 2, probability, 2 * probability),
            Breakdown = new Breakdown((long)(3600 * final), 40, 160, 4000 - (long)(3600 * final) - 210, 10),
            LinearBreakdown = new Breakdown((long)(3500 * final), 60, 160, 4000 - (long)(3500 * final) - 220, 0),
            ShuffledRank = new Quartiles(400, 2000, 9000),
            Sure = new Share(500 * (layer + 1), 4000),
            TargetRank = new Quartiles(20, 1000.0 / (layer + 1), 9000),
            FinalRank = new Quartiles(0, 200.0 / (layer + 1), 900),
            CurrentRank = new Quartiles(5 * layer, 50 * layer, 500 * layer),
            Entropy = new Estimate(8 - layer, new Interval(7.9 - layer, 8.1 - layer), 4000),
        };
    }

    public static SectionNote Section(string name) => new(name, ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, [KeyValuePair.Create("seed", "0"), KeyValuePair.Create("note", Hostile)]));

    public static ReportModel Empty(Study study) => new()
    {
        Name = "model " + Hostile,
        Provenance = study.Provenance,
        Counts = study.Counts(),
        Files = study.Files,
    };

    public static Study WriteStudy(SampleStudy sample)
    {
        string path = sample.PathOf("synthetic.study");
        using (StudyWriter writer = StudyWriter.Create(path, overwrite: true))
        {
            writer.WriteProvenance(Provenance());
            writer.WriteFiles([new StudyFile(0, "texts/" + Hostile, 300, new string('d', 64))]);
            for (int unit = 0; unit < 30; unit++)
            {
                writer.AppendUnit(SampleStudy.Unit(unit, null, "The", " old", " man", " and", " the", unit % 4 == 0 ? " " + Hostile : " sea", " were", " together", "\n", " again"));
            }

            for (int layer = 0; layer < Layers; layer++)
            {
                for (int index = 0; index < 2; index++)
                {
                    writer.WriteMemory(new NeuronId(layer, index), SampleStudy.Statistics((10 * layer) + index),
                        [.. Enumerable.Range(0, 25).Select(i => new Trigger(5f - (0.1f * i), float.NaN, i, 6, 8))], []);
                }
            }

            writer.Complete();
        }

        return Study.Open(path);
    }

    private static ModelShape Shape() => new() { Widths = [.. Enumerable.Repeat(4096, Layers)], ModelWidth = 512, Gated = false, Activation = "relu", VocabularySize = 50000 };

    private static StudyProvenance Provenance()
        => SampleStudy.Provenance() with
        {
            ModelPath = "models/" + Hostile,
            Shape = Shape(),
        };

    private static PromptTrace Prompt(string set, int index) => new()
    {
        Set = set,
        Prompt = $"{Hostile} {index} is in",
        Answer = Hostile,
        AnswerToken = index,
        AnswerIsCut = index % 9 == 0,
        Final = index % 3 == 0 ? index : index + 1,
        Layers = [.. Enumerable.Range(0, Layers + 1).Select(layer => new PromptReading(index, (index + 5) * 200 / Math.Pow(4, layer), 0.01 * layer, double.NaN, double.NaN, double.NaN, double.NaN,
            10 * layer, 0.1, 60, 0.02, (index + 5) * 190, 0.0001, 8 - layer))],
    };

    private static ImmutableArray<ThirdContent> Thirds(Study study) => [.. ((string, int)[])[("lower", 0), ("middle", 2), ("upper", 4)] is var thirds ? thirds.Select(third => new ThirdContent
    {
        Name = third.Item1,
        Layers = $"layers {third.Item2} to {third.Item2 + 1}",
        WithPattern = new Share(45, 60),
        Keys = [Page(study, 0, third.Item2), Page(study, 1, third.Item2)],
        Values = third.Item2 == 0 ? [] : [Page(study, 0, third.Item2 + 1)],
    }) : []];

    private static MemoryPage Page(Study study, int index, int layer) => new()
    {
        View = MemoryView.Create(study, study.Memory(new NeuronId(layer, index))!),
        Pole = Pole.Positive,
        Value = new ValueCard
        {
            Top = [(Hostile, 5.2), .. Enumerable.Range(0, 20).Select(i => ($" token{i}", 5.0 - (0.1 * i)))],
            Bottom = [.. Enumerable.Range(0, 20).Select(i => ($" low{i}", -5.0 + (0.1 * i)))],
            MaxProbability = 0.123,
            Norm = 1.5,
            TargetRank = 3,
            Agrees = false,
            Precision = new Share(12, 25),
        },
        Pattern = new ShallowPattern(" the" + Hostile, IsBigram: true, 7, 25),
    };

    private static HistogramContent Histogram(int layer)
        => new(new NeuronId(layer, 0), layer < 3, layer < 3 ? 300 - layer : layer, [.. Enumerable.Range(0, 24).Select(i => (0.01 * Math.Pow(1.4, i), 0.01 * Math.Pow(1.4, i + 1), (long)(100000 / Math.Pow(2, i))))]);
}
