using System.Collections.Immutable;
using Keyhole.Engine;
using Keyhole.Exports;
using Keyhole.Memories;
using Keyhole.Mining;
using Keyhole.Mining.Sampling;
using Keyhole.Studies;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Tests.Mining.Sampling;

/// <summary>Samples, random positions, sums of the positive coefficients and lists of the sign cases against the miner's naive twin.</summary>
public sealed class BeyondTheTopTests : IDisposable
{
    private static readonly MiningRules s_beyond = new() { Top = 5, SampleQuantiles = true, SignCases = true, Seed = 3 };
    private readonly TinyRun _tiny = new();

    public static TheoryData<string> Kinds => ["llama", "opt", "mixtral", "olmoe", "gelu", "one thread", "every prefix", "distinct", "last position", "several tiles"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_twin_has_the_same(string kind)
    {
        TinyModel model = kind switch
        {
            "opt" or "last position" => TinyModel.Opt(),
            "gelu" => TinyModel.Opt(activation: "gelu"),
            "mixtral" or "distinct" => TinyModel.Mixtral(),
            "olmoe" => TinyModel.Olmoe(),
            "several tiles" => TinyModel.Llama(memories: 300, layers: 1),
            _ => TinyModel.Llama(),
        };
        bool gated = kind is not ("opt" or "gelu" or "last position");
        MiningRules rules = s_beyond with { SignCases = gated, PerPrefix = kind == "every prefix", Distinct = kind == "distinct" ? 2 : 0, LastPosition = kind == "last position" };
        Compare(model, rules, TinyRun.Lines, kind == "one thread" ? 1 : 2);
    }

    [Theory]
    [InlineData("llama", false)]
    [InlineData("llama", true)]
    [InlineData("olmoe", false)]
    public void Texts_over_several_row_tiles_agree(string kind, bool perPrefix)
    {
        var random = new Random(3);
        string[] lines = [.. Enumerable.Range(0, 4).Select(_ => string.Concat(Enumerable.Range(0, random.Next(150, 700)).Select(_ => (char)random.Next('a', 'z' + 1))))];
        TinyModel model = kind == "llama" ? TinyModel.Llama(layers: 1, context: 800, memories: 20) : TinyModel.Olmoe(layers: 1, context: 800, chosen: 1);
        Compare(model, s_beyond with { PerPrefix = perPrefix }, lines, threads: 2);
    }

    [Fact]
    public void Nothing_else_of_a_study_changes()
    {
        MiningOptions options = _tiny.Options(_tiny.Model(TinyModel.Llama()), _tiny.Corpus(TinyRun.Lines));
        using Study plain = TinyRun.Mine(options with { Rules = s_beyond with { SampleQuantiles = false, SignCases = false } });
        using Study beyond = TinyRun.Mine(options with { Output = options.Output + "-beyond", Rules = s_beyond });
        foreach ((MemoryRecord expected, MemoryRecord actual) in plain.Memories().Zip(beyond.Memories()))
        {
            Assert.Equal(expected.Positive, actual.Positive);
            Assert.Equal(expected.Negative, actual.Negative);
            Assert.Equal((expected.Statistics.Sum1, expected.Statistics.Sum4, expected.Statistics.SignCases), (actual.Statistics.Sum1, actual.Statistics.Sum4, actual.Statistics.SignCases));
            Assert.Null(expected.Statistics.SumPositive);
        }

        Assert.Null(SampleTable.Read(plain, new NeuronId(0, 0)));
        Assert.Null(SignCaseTable.Read(plain, new NeuronId(0, 0)));
        Assert.Empty(SampleTable.RandomPositions(plain));
    }

    // Each of the positions at which a memory fires is as likely to be drawn, whichever came first.
    [Fact]
    public void Samples_are_uniform()
    {
        MiningOptions options = _tiny.Options(_tiny.Model(TinyModel.Llama()), _tiny.Corpus(Enumerable.Range(0, 900).Select(i => TinyRun.Lines[i % TinyRun.Lines.Count]))) with { Rules = s_beyond };
        using Study study = TinyRun.Mine(options);
        (int drawn, int early, double expected) = (0, 0, 0);
        foreach (MemoryRecord memory in study.Memories())
        {
            MemorySample sample = SampleTable.Read(study, memory.Id)!;
            Assert.True(sample.Positive.Length == 40 || sample.Positive.Length == memory.Statistics.PositiveCount);
            drawn += sample.Positive.Length;
            early += sample.Positive.Count(trigger => trigger.Unit < 450);   // the second half has the texts of the first
            expected += sample.Positive.Length / 2.0;
        }

        Assert.InRange(early, expected - (4 * Math.Sqrt(drawn / 4.0)), expected + (4 * Math.Sqrt(drawn / 4.0)));
        Assert.InRange(drawn, 2000, int.MaxValue);
    }

    [Fact]
    public void Bands_are_tenths_in_order_of_size()
    {
        Trigger At(float coefficient, int unit) => new(coefficient, float.NaN, unit, 1, 2);
        var sample = new MemorySample { Positive = [.. Enumerable.Range(0, 23).Select(i => At(((i * 7) % 23) + 1, i))], Negative = [At(-3, 0), At(-1, 1)], Random = [] };
        IReadOnlyList<ImmutableArray<Trigger>> bands = sample.BandsOf(Pole.Positive);
        Assert.Equal([2, 2, 2, 3, 2, 2, 3, 2, 2, 3], bands.Select(band => band.Length));
        Assert.Equal(Enumerable.Range(1, 23).Select(i => (float)i), bands.SelectMany(band => band).Select(trigger => trigger.Coefficient));
        Assert.Equal([(4, -1f), (9, -3f)], sample.MiddlesOf(Pole.Negative).Select(middle => (middle.Band, middle.Example.Coefficient)));
        Assert.Equal(10, sample.MiddlesOf(Pole.Positive).Count);
    }

    [Fact]
    public void The_top_stands_for_its_share_of_the_activation()
    {
        string model = _tiny.Model(TinyModel.Llama());
        using Study study = TinyRun.Mine(_tiny.Options(model, _tiny.Corpus(TinyRun.Lines)) with { Rules = s_beyond });
        var naive = new NaiveMiner(model, TinyRun.Lines, s_beyond);
        foreach (MemoryRecord memory in study.Memories())
        {
            double[] all = [.. naive.Coefficients(memory.Id).SelectMany(unit => unit).Select(value => (double)value)];
            double positive = all.Where(value => value > 0).Sum();
            double negative = -all.Where(value => value < 0).Sum();
            Assert.Equal(positive, memory.Statistics.Mass(Pole.Positive), 1e-9 * positive);
            Assert.Equal(negative, memory.Statistics.Mass(Pole.Negative), 1e-9 * (positive + negative));
            Assert.Equal(memory.Positive.Sum(trigger => trigger.Coefficient) / positive, memory.TopShare(Pole.Positive), 1e-6);
            Assert.Equal(memory.Negative.Sum(trigger => -trigger.Coefficient) / negative, memory.TopShare(Pole.Negative), 1e-6);
            Assert.InRange(memory.TopShare(Pole.Positive), 1e-6, 1);
        }

        // Of a ReLU the sum of all is that of the positive ones, so that it is known without the option.
        using Study plain = TinyRun.Mine(_tiny.Options(_tiny.Model(TinyModel.Opt(), "opt"), _tiny.Corpus(TinyRun.Lines)));
        Assert.All(plain.Memories().Where(memory => memory.Positive.Length > 0), memory => Assert.InRange(memory.TopShare(Pole.Positive), 1e-6, 1));
    }

    [Fact]
    public void Shown_and_exported()
    {
        using Study study = TinyRun.Mine(_tiny.Options(_tiny.Model(TinyModel.Llama()), _tiny.Corpus(TinyRun.Lines)) with { Rules = s_beyond });
        MemoryRecord memory = study.Memories().First();
        MemoryView view = MemoryView.Create(study, memory);
        Assert.Equal((10, 10, 4), (view.Poles[0].Quantiles.Count, view.Random.Count, view.Cases.Count));
        string text = view.Render();
        Assert.Contains("positive pole, an example of each tenth of its activation, the weakest first\n", text, StringComparison.Ordinal);
        Assert.Contains("of the pole's activation\n", text, StringComparison.Ordinal);
        Assert.Contains("random positions\n", text, StringComparison.Ordinal);
        Assert.Contains("gate-in+: ", text, StringComparison.Ordinal);

        string folder = Path.Combine(_tiny.Folder, "export");
        JsonlExport.Write(study, folder);
        using var line = System.Text.Json.JsonDocument.Parse(File.ReadLines(Path.Combine(folder, JsonlExport.NeuronsFile)).First());
        System.Text.Json.JsonElement root = line.RootElement;
        Assert.Equal(10, root.GetProperty("quantiles").GetArrayLength());
        Assert.Equal(10, root.GetProperty("random").GetArrayLength());
        Assert.Equal(4, root.GetProperty("signCaseTriggers").EnumerateObject().Count());
        Assert.Equal(memory.TopShare(Pole.Positive), root.GetProperty("topShare").GetDouble());
        double[] sizes = [.. root.GetProperty("quantiles").EnumerateArray().SelectMany(band => band.EnumerateArray()).Select(trigger => trigger.GetProperty("coefficient").GetDouble())];
        Assert.Equal(sizes.Order(), sizes);
    }

    [Fact]
    public void What_cannot_be_kept_is_refused()
    {
        MiningOptions options = _tiny.Options(_tiny.Model(TinyModel.Opt()), _tiny.Corpus(TinyRun.Lines));
        Assert.Equal("KH7505", Assert.Throws<InputRefusedException>(() => new Miner(options with { Rules = s_beyond })).Code);
        Assert.Equal("KH7506", Assert.Throws<InputRefusedException>(() => new Miner(options with { Model = _tiny.Model(TinyModel.Llama(), "llama"), Rules = s_beyond with { RankBy = RankBy.Pre } })).Code);
    }

    [Fact]
    public void Random_positions_are_those_of_the_smallest_hashes_and_survive_a_stop()
    {
        var whole = new RandomPositions();
        var first = new RandomPositions();
        int[] ids = [.. Enumerable.Range(5, 20)];
        for (int unit = 0; unit < 30; unit++)
        {
            whole.Add(1, unit, ids, 1, 19);
            if (unit < 15)
            {
                first.Add(1, unit, ids, 1, 19);
            }
        }

        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        first.Save(writer);
        stream.Position = 0;
        using var reader = new BinaryReader(stream);
        RandomPositions restored = RandomPositions.Restore(reader);
        for (int unit = 15; unit < 30; unit++)
        {
            restored.Add(1, unit, ids, 1, 19);
        }

        Assert.Equal(whole.Kept, restored.Kept);
        Assert.Equal(10, whole.Kept.Count);
        Assert.All(whole.Kept, position => Assert.Equal(ids[position.Position + 1], position.Target));
    }

    public void Dispose() => _tiny.Dispose();

    private void Compare(TinyModel tiny, MiningRules rules, IReadOnlyList<string> lines, int threads)
    {
        string model = _tiny.Model(tiny);
        using Study study = TinyRun.Mine(_tiny.Options(model, _tiny.Corpus(lines)) with { Rules = rules, Threads = threads });
        var naive = new NaiveMiner(model, lines, rules);
        foreach (MemoryRecord memory in study.Memories())
        {
            MemorySample sample = SampleTable.Read(study, memory.Id)!;
            Assert.Equal(naive.Sample(memory.Id, Pole.Positive), sample.Positive);
            Assert.Equal(study.Shape.Gated ? naive.Sample(memory.Id, Pole.Negative) : [], sample.Negative);
            Assert.Equal(naive.AtRandom(memory.Id), SampleTable.AtRandom(study, sample).Select(at => (at.Unit, at.Position, at.Coefficient)));
            ExactSum positive = naive.Coefficients(memory.Id).Aggregate(ExactSum.Zero, (sum, unit) => sum + ExactSum.FromDouble(unit.Aggregate(0.0, (total, value) => total + Math.Max(value, 0))));
            Assert.Equal(positive, memory.Statistics.SumPositive);
            if (rules.SignCases)
            {
                IReadOnlyList<(string Name, ImmutableArray<Trigger> Triggers)> cases = SignCaseTable.Read(study, memory.Id)!;
                Assert.Equal(["gate+in+", "gate+in-", "gate-in+", "gate-in-"], cases.Select(one => one.Name));
                Assert.Equal(naive.Case(memory.Id, true, true), cases[0].Triggers);
                Assert.Equal(naive.Case(memory.Id, true, false), cases[1].Triggers);
                Assert.Equal(naive.Case(memory.Id, false, true), cases[2].Triggers);
                Assert.Equal(naive.Case(memory.Id, false, false), cases[3].Triggers);
            }
        }
    }
}
