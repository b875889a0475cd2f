using Keyhole.Corpora;
using Keyhole.Engine;
using Keyhole.Memories;
using Keyhole.Mining;
using Keyhole.Studies;
using Keyhole.Tests.Mining;
using Keyhole.Tests.Studies.Merging;
using Keyhole.TestSupport;
using Keyhole.Verification.Studies;
using Xunit;

namespace Keyhole.Tests.Verification.Studies;

/// <summary>A good study is verified by any rules; a bit changed anywhere is found, and named with both values.</summary>
public sealed class StudyVerificationTests : IDisposable
{
    private readonly TinyRun _tiny = new();

    [Theory]
    [InlineData("llama", "plain")]
    [InlineData("llama", "pre")]
    [InlineData("llama", "per-prefix distinct")]
    [InlineData("opt", "plain")]
    [InlineData("opt", "pre")]
    [InlineData("opt", "pre distinct")]
    [InlineData("opt", "per-prefix distinct")]
    [InlineData("mixtral", "plain")]
    [InlineData("mixtral", "per-prefix distinct")]
    [InlineData("llama", "beyond")]
    [InlineData("llama", "beyond per-prefix distinct")]
    [InlineData("opt", "beyond pre distinct")]
    [InlineData("mixtral", "beyond")]
    [InlineData("olmoe", "beyond distinct")]
    public void A_study_as_it_was_mined_is_verified(string model, string rules)
    {
        MiningOptions options = Options(model, rules);
        foreach (CorpusShard shard in (CorpusShard[])[CorpusShard.Whole, new(1, 2)])
        {
            string study = Mine(options with { Shard = shard, Output = $"{options.Output}-{shard.Index}" });
            foreach (bool full in (bool[])[false, true])
            {
                StudyVerdict verdict = Verdict.Of(study, options.Model, full);
                Assert.True(verdict.IsVerified, Verdict.Differences(verdict));
                Assert.Equal(full ? verdict.Units : 9, verdict.UnitsMined);
                string[] few = full ? ["candidates"] : ["candidates", "mined again: random positions"];   // which may be in none of nine units
                Assert.All(verdict.Checks.Where(check => !few.Contains(check.Name)), check => Assert.True(check.WasDone && check.Examined > 0, check.Name));
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void One_bit_of_a_coefficient(bool full)
    {
        (string study, MiningOptions options) = Good();
        (NeuronId id, Trigger[] list) = Sampled(study);
        int place = Place(study, list);
        Trigger changed = list[place] with { Coefficient = BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(list[place].Coefficient) ^ 1) };
        StudyChange.Replace(study, id, [.. list.Select((trigger, i) => i == place ? changed : trigger)]);
        StudyVerdict verdict = Verdict.Of(study, options.Model, full);
        Verdict.Named(verdict, "mined again: triggers", $"{id}: unit {changed.Unit}, position {changed.Position}: coefficient ", " in the study and ", "mined again");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_trigger_that_was_dropped(bool full)
    {
        (string study, MiningOptions options) = Good();
        (NeuronId id, Trigger[] list) = Sampled(study);
        int place = Place(study, list);
        StudyChange.Replace(study, id, [.. list.Where((_, i) => i != place)]);
        Verdict.Named(Verdict.Of(study, options.Model, full), "mined again: lists", $"{id}: unit {list[place].Unit}, position {list[place].Position} is missing: coefficient ");
    }

    [Fact]
    public void A_trigger_that_was_moved_to_another_position()
    {
        (string study, MiningOptions options) = Good();
        (NeuronId id, Trigger[] list) = Sampled(study);
        int place = Place(study, list);
        StudyChange.Replace(study, id, [.. list.Select((trigger, i) => i == place ? trigger with { Position = trigger.Position == 1 ? 2 : 1 } : trigger)]);
        StudyVerdict verdict = Verdict.Of(study, options.Model, full: true);
        Assert.Contains($"{id}: unit {list[place].Unit}", Verdict.Differences(verdict), StringComparison.Ordinal);
        Assert.False(verdict.IsVerified);
    }

    [Fact]
    public void A_target_that_is_not_the_next_token()
    {
        (string study, MiningOptions options) = Good();
        (NeuronId id, Trigger[] list) = Sampled(study);
        StudyChange.Replace(study, id, [list[0] with { Target = list[0].Target + 1 }, .. list[1..]]);
        Verdict.Named(Verdict.Of(study, options.Model), "triggers", $"{id}: unit {list[0].Unit}, position {list[0].Position} (place 0, positive): target {list[0].Target + 1}, and the unit has {list[0].Target} there");
    }

    [Fact]
    public void A_list_out_of_order()
    {
        (string study, MiningOptions options) = Good();
        (NeuronId id, Trigger[] list) = Sampled(study);
        StudyChange.Replace(study, id, [list[1], list[0], .. list[2..]]);
        Verdict.Named(Verdict.Of(study, options.Model), "triggers", $"{id}: ", "it is better than the one before");
    }

    [Fact]
    public void Statistics_that_a_unit_is_beyond()
    {
        (string study, MiningOptions options) = Good();
        using (var original = Study.Open(study))
        {
            NeuronStatistics s = original.Memory(new NeuronId(0, 1))!.Statistics;
            StudyChange.Write(study, StudyChange.Changed(s, s.Max / 64));
        }

        Verdict.Named(Verdict.Of(study, options.Model), "mined again: statistics", "L0N1: ", " in the study and ", " mined again");
    }

    [Fact]
    public void A_sum_that_only_all_units_can_tell()
    {
        (string study, MiningOptions options) = Good();
        using (var original = Study.Open(study))
        {
            NeuronStatistics s = original.Memory(new NeuronId(0, 1))!.Statistics;
            StudyChange.Write(study, StudyChange.Changed(s, s.Max, more: ExactSum.FromDouble(1e-12)));
        }

        Assert.True(Verdict.Of(study, options.Model).IsVerified);
        Verdict.Named(Verdict.Of(study, options.Model, full: true), "mined again: statistics", "L0N1: ");
    }

    [Theory]
    [InlineData("DELETE FROM memory WHERE id = 7", "memories", "L0N8 stands where L0N7 is expected")]
    [InlineData("DELETE FROM memory WHERE id = (SELECT max(id) FROM memory)", "memories", " is missing")]
    [InlineData("UPDATE memory SET positive = x'07' WHERE id = 7", "memories", "the study is damaged")]
    [InlineData("UPDATE memory SET positive_count = 99 WHERE id = 7", "triggers", "L0N7: ")]
    [InlineData("UPDATE provenance SET value = '17' WHERE key = 'count.candidates'", "candidates", "17 are stated, and the units have ")]
    [InlineData("UPDATE provenance SET value = '17' WHERE key = 'count.units'", "units", "units: 17 are stated and ")]
    [InlineData("UPDATE unit_block SET first_unit = first_unit + 1", "units", "units up to the last: ")]
    [InlineData("UPDATE unit_block SET zlib = x'78'", "units", "the study is damaged")]
    [InlineData("UPDATE provenance SET value = 'feed' WHERE key = 'model.weights_sha256'", "weights", "mined with feed, and ")]
    [InlineData("UPDATE provenance SET value = 'feed' WHERE key = 'model.tokenizer_sha256'", "tokenizer", "mined with feed, and ")]
    [InlineData("UPDATE provenance SET value = 'feed' WHERE key = 'corpus.sha256'", "corpus", "and the study says feed")]
    public void What_is_changed_in_the_tables(string sql, string check, string sentence)
    {
        (string study, MiningOptions options) = Good();
        StudyEdit.Execute(study, sql);
        Verdict.Named(Verdict.Of(study, options.Model), check, sentence);
    }

    [Fact]
    public void Another_model_of_the_same_shape_is_named_and_nothing_is_mined_with_it()
    {
        (string study, _) = Good();
        TinyModel other = TinyModel.Llama();
        other.Tensors.First().Value.Values[3] += 1;
        StudyVerdict verdict = Verdict.Of(study, _tiny.Model(other, "other"));
        Verdict.Named(verdict, "weights", "weights: the study was mined with ");
        Assert.Equal(0, verdict.UnitsMined);
        Assert.Contains(verdict.Checks, check => check is { Name: "mined again: lists", WasDone: false, Note: "the model is another" });
    }

    [Fact]
    public void Another_tokenizer_is_named()
    {
        (string study, _) = Good();
        Verdict.Named(Verdict.Of(study, _tiny.Model(TinyModel.Llama(), "other", bos: false)), "tokenizer", "tokenizer: the study was mined with ");
    }

    [Fact]
    public void A_changed_text_of_the_corpus_is_named_and_a_missing_one_is_said_to_be_so()
    {
        (string study, MiningOptions options) = Good();
        string corpus = options.Corpus[0];
        string text = File.ReadAllText(corpus);
        File.WriteAllText(corpus, "X" + text[1..]);
        Verdict.Named(Verdict.Of(study, options.Model), "corpus", "corpus: 'corpus.txt' has other content");
        File.WriteAllText(corpus, text + "x");
        Verdict.Named(Verdict.Of(study, options.Model), "corpus", "corpus: 'corpus.txt' has ");
        string moved = Path.Combine(_tiny.Folder, "elsewhere");
        Directory.CreateDirectory(moved);
        File.WriteAllText(Path.Combine(moved, "corpus.txt"), text);
        File.Delete(corpus);
        StudyVerdict verdict = Verdict.Of(study, options.Model);
        Assert.True(verdict.IsVerified);
        Assert.Contains(verdict.Checks, check => check is { Name: "corpus", WasDone: false, Note: "corpus not found, its hash is not checked" });
        Assert.Contains(Verdict.Of(study, options.Model, corpus: [Path.Combine(moved, "corpus.txt")]).Checks, check => check is { Name: "corpus", WasDone: true, Failures: 0, Examined: 1 });
    }

    [Fact]
    public void A_text_that_gives_other_tokens_is_named()
    {
        (string study, MiningOptions options) = Good();
        using (var original = Study.Open(study))
        {
            StudyUnit[] units = [.. original.Units()];
            StudyChange.Rewrite(study, [.. units.Select(unit => unit.Index == 4 ? StudyChange.With(unit, unit.Text.Replace('a', 'o')) : unit)]);
        }

        Verdict.Named(Verdict.Of(study, options.Model, full: true), "tokenised again", "unit 4, position ", " in the study and ", " tokenised again");
    }

    [Fact]
    public void A_sample_is_the_same_for_one_seed_and_another_for_another()
    {
        (string study, _) = Good();
        using var opened = Study.Open(study);
        using var units = new StoredUnits(opened, distinct: 1);
        units.Read(new StudyCheck("units"), context: 1000, TestContext.Current.CancellationToken);
        int[] sample = units.Sample(9, seed: 1);
        Assert.Equal(sample, Enumerable.Range(0, (int)opened.UnitCount).OrderBy(unit => CounterHash.Hash(1, (ulong)unit)).Take(9).Order());
        Assert.NotEqual(sample, units.Sample(9, seed: 2));
    }

    [Fact]
    public void A_study_without_its_rules_is_refused()
    {
        (string study, MiningOptions options) = Good();
        StudyEdit.Execute(study, "DELETE FROM provenance WHERE key = 'option.bos'");
        Assert.Equal("KH5105", Assert.Throws<InputRefusedException>(() => Verdict.Of(study, options.Model)).Code);
    }

    public void Dispose() => _tiny.Dispose();

    private static string Mine(MiningOptions options)
    {
        TinyRun.Mine(options).Dispose();
        return options.Output;
    }

    private static MiningRules Rules(string name) => new()
    {
        Top = 5,
        PerPrefix = name.Contains("per-prefix", StringComparison.Ordinal),
        Distinct = name.Contains("distinct", StringComparison.Ordinal) ? 2 : 0,
        SampleQuantiles = name.Contains("beyond", StringComparison.Ordinal),
        RankBy = name.Contains("pre", StringComparison.Ordinal) && !name.Contains("per-prefix", StringComparison.Ordinal) ? RankBy.Pre : RankBy.Post,
    };

    // The first memory whose list has two triggers and one of the sample's units.
    private static (NeuronId Id, Trigger[] List) Sampled(string path)
    {
        using var study = Study.Open(path);
        int[] sample = Verdict.Units(study);
        MemoryRecord memory = study.Memories().First(memory => memory.Positive.Length > 2 && memory.Positive.Any(trigger => sample.Contains(trigger.Unit)));
        return (memory.Id, [.. memory.Positive]);
    }

    private static int Place(string path, Trigger[] list)
    {
        using var study = Study.Open(path);
        int[] sample = Verdict.Units(study);
        return Array.FindIndex(list, trigger => sample.Contains(trigger.Unit));
    }

    private MiningOptions Options(string name, string rules)
    {
        string model = _tiny.Model(name switch { "llama" => TinyModel.Llama(), "opt" => TinyModel.Opt(layers: 2), "olmoe" => TinyModel.Olmoe(), _ => TinyModel.Mixtral() });
        return _tiny.Options(model, _tiny.Corpus(TinyRun.Lines)) with { Rules = Rules(rules) with { SignCases = name != "opt" && rules.Contains("beyond", StringComparison.Ordinal) } };
    }

    private (string Study, MiningOptions Options) Good()
    {
        MiningOptions options = Options("llama", "plain");
        return (Mine(options), options);
    }
}
