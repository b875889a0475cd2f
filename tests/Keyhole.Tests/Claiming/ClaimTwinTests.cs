using System.Text.RegularExpressions;
using Keyhole.Claiming;
using Keyhole.Claiming.Passes;
using Keyhole.Memories;
using Keyhole.Statistics;
using Keyhole.TestSupport;
using Keyhole.Tests.Mining;
using Xunit;

namespace Keyhole.Tests.Claiming;

/// <summary>The claim tester against its naive twin, over every kind of predicate, place and threshold.</summary>
public sealed class ClaimTwinTests
{
    private static readonly Dictionary<string, Func<NaiveClaims, int, int, bool>> s_predicates = new()
    {
        ["tokens: [a, e]"] = (naive, unit, position) => naive.Token(unit, position) is 'a' + 2 or 'e' + 2,
        [$"tokens: [{'a' + 2}, \"e\"]"] = (naive, unit, position) => naive.Token(unit, position) is 'a' + 2 or 'e' + 2,
        ["tokens: [A], ignoreCase: true"] = (naive, unit, position) => naive.Token(unit, position) is 'a' + 2 or 'A' + 2,
        ["on: target, tokens: [t]"] = (naive, unit, position) => naive.Target(unit, position) == 't' + 2,
        ["on: prefix, tokens: [m]"] = (naive, unit, position) => naive.Prefix(unit, position).Contains('m'),
        ["on: prefix, regex: 'a.$'"] = (naive, unit, position) => Regex.IsMatch(naive.Prefix(unit, position), "a.$"),
        ["on: target, regex: '[n-t]'"] = (naive, unit, position) => naive.Target(unit, position) is >= 'n' + 2 and <= 't' + 2,
        ["on: last, regex: '[N-T]', ignoreCase: true"] = (naive, unit, position) => naive.Token(unit, position) is (>= 'n' + 2 and <= 't' + 2) or (>= 'N' + 2 and <= 'T' + 2),
        ["ngram: at"] = (naive, unit, position) => position > 1 && naive.Token(unit, position - 1) == 'a' + 2 && naive.Token(unit, position) == 't' + 2,
        ["on: target, ngram: [a, t]"] = (naive, unit, position) => naive.Token(unit, position) == 'a' + 2 && naive.Target(unit, position) == 't' + 2,
        ["on: prefix, ngram: at"] = (naive, unit, position) => naive.Prefix(unit, position).Contains("at", StringComparison.Ordinal),
        ["words: [The, cat]"] = (naive, unit, position) => Regex.IsMatch(naive.Prefix(unit, position), @"(^|\W)(the|cat)$") && Ends(naive, unit, position),
        ["on: prefix, words: [größe]"] = (naive, unit, position) => Enumerable.Range(1, position).Any(at => naive.Prefix(unit, at).EndsWith("größe", StringComparison.Ordinal) && Ends(naive, unit, at)),
        ["label: even"] = (_, unit, position) => unit % 2 == 0 || (unit == 3 && position == 2),
        ["on: target, label: even"] = (_, unit, position) => unit % 2 == 0 || (unit == 3 && position + 1 == 2),
    };

    private static readonly string[] s_thresholds = ["zero", "quantile 0.9", "fraction 0.25 of max", "mean + 1.5 sd", "rank 4 within the position", "rank 4 within the position of |m| * |v|"];

    public static TheoryData<string> Predicates => [.. s_predicates.Keys];

    public static TheoryData<string> Models => ["plain", "gated", "experts"];

    [Theory]
    [MemberData(nameof(Predicates))]
    public void Predicates_agree(string predicate) => Compare("gated", predicate, "quantile 0.9", new NeuronId(1, 7), Pole.Positive);

    [Theory]
    [MemberData(nameof(Models))]
    public void Thresholds_agree(string model)
    {
        NeuronId id = model == "experts" ? new NeuronId(1, 7, 2) : new NeuronId(1, 7);
        foreach (string threshold in s_thresholds)
        {
            Compare(model, "tokens: [a, e]", threshold, id, Pole.Positive);
            if (model != "plain")
            {
                Compare(model, "tokens: [a, e]", threshold, id, Pole.Negative);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Searches_agree(string model)
    {
        using ClaimFolder folder = Folder(model);
        using var naive = new NaiveClaims(folder.Model, folder.Lines);
        const string Predicate = "on: prefix, tokens: [m]";   // holds at more than half of the positions: others are counted
        const string Rare = "ngram: at";
        ClaimRun run = folder.Run($"- {{name: one, memories: all, {Predicate}, threshold: zero}}\n- {{name: two, memories: all, {Rare}, threshold: zero}}", options => options with { Best = 15, Seed = 4 });
        foreach ((int claim, string predicate) in new[] { (0, Predicate), (1, Rare) })
        {
            Pole[] poles = model == "plain" ? [Pole.Positive] : [Pole.Positive, Pole.Negative];
            (double Score, NeuronId Id, Pole Pole)[] expected = [.. Enumerable.Range(0, 2).SelectMany(naive.Memories).SelectMany(id => poles.Select(pole => (Binned(id, pole), id, pole)))
                .OrderByDescending(one => one.Item1).ThenBy(one => one.id).ThenBy(one => one.pole).Take(15)];
            Assert.Equal(expected.Select(one => (one.Id, one.Pole)), run.Claims[claim].Tests.Select(test => (test.Memory, test.Pole)));
            for (int i = 0; i < expected.Length; i++)
            {
                ClaimTest test = run.Claims[claim].Tests[i];
                Assert.Equal(expected[i].Score, test.Screened, 1e-12);
                (double Score, bool Holds)[] rest = [.. naive.Scores(test.Memory, unit => ClaimTexts.HalfOf(unit, 4) == 1).Select(one => (test.Pole == Pole.Positive ? (double)one.M : -one.M, s_predicates[predicate](naive, one.Unit, one.Position)))];
                Assert.Equal(rest.Length, test.Counts.Total);
                Assert.Equal(rest.Count(one => one.Score > 0 && one.Holds), test.Counts.Tp);
                Assert.Equal(NaiveClaims.AveragePrecision(rest), test.AveragePrecision, 1e-12);
                Assert.Equal(NaiveClaims.Auroc(rest), test.Auroc, 1e-12);
            }

            double Binned(NeuronId id, Pole pole) => NaiveClaims.AveragePrecision([.. naive.Scores(id, unit => ClaimTexts.HalfOf(unit, 4) == 0).Select(one =>
            {
                int bin = ActivationHistogram.BinOf(one.M);
                return ((double)(pole == Pole.Positive ? bin : 255 - bin), s_predicates[predicate](naive, one.Unit, one.Position));
            })]);
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Targets_among_the_tokens_of_the_own_value_agree(string model)
    {
        using ClaimFolder folder = Folder(model);
        using var naive = new NaiveClaims(folder.Model, folder.Lines);
        NeuronId id = model == "experts" ? new NeuronId(0, 3, 1) : new NeuronId(0, 3);
        using Keyhole.Engine.Models.Model opened = Keyhole.Engine.Models.Model.Open(folder.Model);
        var none = new Keyhole.Values.PoleTriggers(null, []);
        Dictionary<NeuronId, Keyhole.Values.ValueRecord> values = Keyhole.Values.ValueAnalysis.Run(opened, [.. Enumerable.Range(0, 2).SelectMany(naive.Memories).Select(memory => new Keyhole.Values.MemoryTriggers(memory, none, null))],
            new Keyhole.Values.ValueOptions { Top = 60, Threads = 1 }).ToDictionary(value => value.Id);
        ClaimRun run = folder.Run($"- {{name: named, memory: {id}, valueTop: 60, threshold: zero}}\n- {{name: which, memories: all, valueTop: 60, threshold: zero}}", options => options with { Best = 10 });
        Require(run.Claims[0].Tests[0], _ => true);
        Assert.Equal(10, run.Claims[1].Tests.Length);
        Assert.All(run.Claims[1].Tests, test => Require(test, unit => ClaimTexts.HalfOf(unit, 0) == 1));
        Assert.Equal(run.Claims[1].Tests.Select(test => test.Screened).OrderDescending(), run.Claims[1].Tests.Select(test => test.Screened));
        ClaimTest best = run.Claims[1].Tests[0];
        Assert.Equal(NaiveClaims.AveragePrecision([.. naive.Scores(best.Memory, unit => ClaimTexts.HalfOf(unit, 0) == 0)
            .Select(one => ((double)(best.Pole == Pole.Positive ? ActivationHistogram.BinOf(one.M) : 255 - ActivationHistogram.BinOf(one.M)), Holds(best, one.Unit, one.Position)))]), best.Screened, 1e-12);

        bool Holds(ClaimTest test, int unit, int position)
            => (test.Pole == Pole.Positive ? values[test.Memory].Top : values[test.Memory].Bottom).Any(token => token.Token == naive.Target(unit, position));

        void Require(ClaimTest test, Func<int, bool> chosen)
        {
            (double Score, bool Holds)[] all = [.. naive.Scores(test.Memory, chosen).Select(one => (test.Pole == Pole.Positive ? (double)one.M : -one.M, Holds(test, one.Unit, one.Position)))];
            Assert.Equal((all.Count(one => one.Score > 0 && one.Holds), all.Count(one => one.Score <= 0 && one.Holds), all.Length), (test.Counts.Tp, test.Counts.Fn, test.Counts.Total));
            Assert.Equal(NaiveClaims.AveragePrecision(all), test.AveragePrecision, 1e-12);
        }
    }

    [Fact]
    public void Nothing_depends_on_threads_or_chunks()
    {
        using ClaimFolder folder = Folder("experts");
        string claims = "- {name: a, memory: L1E2N7-, tokens: [a], threshold: rank 3 within the position}\n- {name: b, memories: all, on: target, tokens: [t]}";
        string first = Text(folder.Run(claims));
        Assert.Equal(first, Text(folder.Run(claims, options => options with { Threads = 1, ChunkTokens = 70 })));
        Assert.Equal(first, Text(folder.Run(claims, options => options with { Threads = 3, ChunkTokens = null })));
        Assert.NotEqual(first, Text(folder.Run(claims, options => options with { Seed = 1 })));

        static string Text(ClaimRun run) => System.Text.Json.JsonSerializer.Serialize(run.Claims, ClaimJson.Options);
    }

    [Fact]
    public void Other_texts_are_cut_as_the_studys()
    {
        using ClaimFolder folder = Folder("gated");
        string claims = "- {name: a, memory: L1N7, tokens: [a]}\n- {name: b, memories: all, on: target, tokens: [t]}";
        string own = System.Text.Json.JsonSerializer.Serialize(folder.Run(claims).Claims, ClaimJson.Options);
        string corpus = folder.Write(string.Join('\n', folder.Lines) + "\n");
        ClaimRun other = folder.Run(claims, options => options with { Corpus = [corpus] });
        Assert.Equal(own, System.Text.Json.JsonSerializer.Serialize(other.Claims, ClaimJson.Options));
        Assert.Equal("held out", other.Options["texts"]);
    }

    private static ClaimFolder Folder(string model) => new(model switch
    {
        "plain" => TinyModel.Opt(),
        "gated" => TinyModel.Llama(),
        _ => TinyModel.Mixtral(),
    }, TinyRun.Lines);

    // Whether the word that ends with the prefix ends there in the text.
    private static bool Ends(NaiveClaims naive, int unit, int position)
        => naive.Prefix(unit, position + 1) is var longer && longer.Length > naive.Prefix(unit, position).Length && !char.IsLetter(longer[^1]);

    private static void Compare(string model, string predicate, string threshold, NeuronId id, Pole pole)
    {
        using ClaimFolder folder = Folder(model);
        using var naive = new NaiveClaims(folder.Model, folder.Lines);
        string labels = folder.Write(string.Join('\n', Enumerable.Range(0, folder.Lines.Count).Where(unit => unit % 2 == 0).Select(unit => $"{{\"unit\": {unit}, \"label\": \"even\"}}")) + "\n{\"unit\": 3, \"position\": 2, \"label\": \"even\"}\n");
        ClaimTest test = folder.Run($"- {{name: one, memory: {id}{(pole == Pole.Negative ? "-" : "")}, {predicate}, threshold: '{threshold}'}}", options => options with { Labels = labels }).Claims[0].Tests[0];
        (int Unit, int Position, double Score, bool Holds)[] all = [.. naive.Scores(id).Select(one => (one.Unit, one.Position, (double)(pole == Pole.Positive ? one.M : -one.M), s_predicates[predicate](naive, one.Unit, one.Position)))];
        Assert.Contains(all, one => one.Holds);
        double above = Above(threshold, [.. all.Select(one => one.Score).Order()]);
        (int Unit, bool Active, bool Holds)[] counted = [.. all.Select(one => (one.Unit, double.IsNaN(above) ? one.Score > 0 && naive.IsRanked(id, one.Unit, one.Position, 4, threshold.Contains('v')) : one.Score > above, one.Holds))];
        Assert.True(counted.Any(one => one.Active) || (model == "experts" && double.IsNaN(above)), "no position is active, so nothing is tested");
        Assert.Equal(new DetectorCounts(Count(true, true), Count(true, false), Count(false, true), Count(false, false)), test.Counts);
        Assert.Equal(above, test.Threshold, 1e-9);
        Assert.Equal(NaiveClaims.Auroc([.. all.Select(one => (one.Score, one.Holds))]), test.Auroc, 1e-12);
        Assert.Equal(NaiveClaims.AveragePrecision([.. all.Select(one => (one.Score, one.Holds))]), test.AveragePrecision, 1e-12);

        // Intervals: the bootstrap over texts of Keyhole.Statistics, of shares not narrower than Wilson's.
        double[][] groups = [.. counted.GroupBy(one => one.Unit).OrderBy(text => text.Key).Select(text => new double[] { text.Count(one => one is { Active: true, Holds: true }), text.Count(one => one is { Active: true, Holds: false }), text.Count(one => one is { Active: false, Holds: true }), text.Count(one => one is { Active: false, Holds: false }) })];
        Interval phi = Bootstrap.OverGroups(groups, 0, sums => Sums(sums).Phi).Interval;
        Assert.Equal(phi.Lower, test.PhiInterval.Lower, 1e-12);
        Assert.Equal(phi.Upper, test.PhiInterval.Upper, 1e-12);
        Interval precision = Bootstrap.OverGroups(groups, 0, sums => Sums(sums).Precision).Interval;
        Interval wilson = new Share(test.Counts.Tp, test.Counts.Tp + test.Counts.Fp).Wilson();
        Assert.Equal(Math.Min(precision.Lower, wilson.Lower), test.PrecisionInterval.Lower, 1e-12);
        Assert.Equal(Math.Max(precision.Upper, wilson.Upper), test.PrecisionInterval.Upper, 1e-12);
        Assert.Equal(groups.Length, test.Texts);

        // z by its definition, position by position.
        double meanActive = counted.Average(one => one.Active ? 1.0 : 0);
        double meanHolds = counted.Average(one => one.Holds ? 1.0 : 0);
        double[] t = [.. counted.GroupBy(one => one.Unit).Select(text => text.Sum(one => ((one.Active ? 1 : 0) - meanActive) * ((one.Holds ? 1 : 0) - meanHolds)))];
        double z = t.Sum() / Math.Sqrt(t.Sum(value => value * value) * t.Length / (t.Length - 1));
        Assert.Equal(double.IsNaN(z) ? 1 : NormalTail.Above(z), test.P, 1e-9);   // no z: a memory that is never active

        int Count(bool active, bool holds) => counted.Count(one => one.Active == active && one.Holds == holds);
        static DetectorCounts Sums(double[] sums) => new((long)sums[0], (long)sums[1], (long)sums[2], (long)sums[3]);
    }

    private static double Above(string threshold, double[] sorted) => threshold switch
    {
        "zero" => 0,
        "quantile 0.9" => Quantile.OfSorted(sorted, 0.9),
        "fraction 0.25 of max" => Math.Max(0, 0.25 * sorted[^1]),
        "mean + 1.5 sd" => sorted.Average() + (1.5 * Math.Sqrt(sorted.Average(value => Math.Pow(value - sorted.Average(), 2)))),
        _ => double.NaN,
    };
}
