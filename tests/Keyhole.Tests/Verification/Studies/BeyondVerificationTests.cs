using Keyhole.Memories;
using Keyhole.Mining;
using Keyhole.Mining.Nulls;
using Keyhole.Studies;
using Keyhole.Tests.Mining;
using Keyhole.Tests.Studies.Merging;
using Keyhole.TestSupport;
using Keyhole.Verification.Studies;
using Xunit;

namespace Keyhole.Tests.Verification.Studies;

/// <summary>A bit changed in a sample, at a random position, in a list of a sign case, or in a null beside the study is found, and named.</summary>
public sealed class BeyondVerificationTests : IDisposable
{
    private static readonly NullKind[] s_both = [NullKind.Directions, NullKind.Rotations];
    private readonly TinyRun _tiny = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_bit_of_an_example(bool full)
    {
        MiningOptions options = Mine();
        (NeuronId id, MemorySample sample, int place) = Sampled(options.Output);
        Trigger changed = Flipped(sample.Positive[place]);
        Write(options.Output, "memory_sample", "positive", id, [.. sample.Positive.SetItem(place, changed)]);
        Verdict.Named(Verify(options, full), "mined again: samples", $"{id} (positive sample): {TriggerChecks.Name(changed)}: coefficient ", " in the study and ");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_example_that_was_dropped(bool full)
    {
        MiningOptions options = Mine();
        (NeuronId id, MemorySample sample, int place) = Sampled(options.Output);
        Write(options.Output, "memory_sample", "positive", id, [.. sample.Positive.RemoveAt(place)]);
        StudyVerdict verdict = Verify(options, full);
        Verdict.Named(verdict, "mined again: samples", $"{id} (positive sample): {TriggerChecks.Name(sample.Positive[place])} is missing: coefficient ");
        Verdict.Named(verdict, "samples", $"{id}: {sample.Positive.Length - 1} examples in the positive sample, where {sample.Positive.Length} to {sample.Positive.Length} are expected");
    }

    [Fact]
    public void Examples_out_of_order_or_on_another_pole_or_none_at_all()
    {
        MiningOptions options = Mine();
        (NeuronId id, MemorySample sample, _) = Sampled(options.Output);
        Write(options.Output, "memory_sample", "positive", id, [sample.Positive[1], sample.Positive[0], .. sample.Positive[2..]]);
        Verdict.Named(Verify(options), "samples", $"{id}: {TriggerChecks.Name(sample.Positive[0])} (place 1 of the positive sample): it is drawn before the one before");
        Write(options.Output, "memory_sample", "positive", id, [.. sample.Positive.SetItem(0, sample.Positive[0] with { Coefficient = -sample.Positive[0].Coefficient })]);
        Verdict.Named(Verify(options), "samples", $"{id}: ", "coefficient -");
        StudyEdit.Execute(options.Output, $"DELETE FROM memory_sample WHERE id = (SELECT id FROM memory WHERE layer = {id.Layer} AND neuron = {id.Index})");
        Verdict.Named(Verify(options), "samples", $"{id}: it has no sample");
    }

    [Fact]
    public void A_coefficient_at_a_random_position()
    {
        MiningOptions options = Mine();
        byte[] random;
        using (var study = Study.Open(options.Output))
        {
            random = study.Query("SELECT random FROM memory_sample WHERE id = 5", row => row.GetFieldValue<byte[]>(0)).Single();
        }

        random[12] ^= 1;
        StudyEdit.Execute(options.Output, "UPDATE memory_sample SET random = $a WHERE id = 5", random);
        Verdict.Named(Verify(options, full: true), "mined again: random positions", "L0N5: unit ", " (random): coefficient ", " in the study and ");
        StudyEdit.Execute(options.Output, "UPDATE memory_sample SET random = x'' WHERE id = 5");
        Verdict.Named(Verify(options), "random positions", "L0N5: 0 coefficients at 10 random positions");
    }

    [Fact]
    public void Random_positions_that_no_mined_unit_has_are_said_not_to_be_compared()
    {
        MiningOptions options = Mine();
        using var study = Study.Open(options.Output);
        int[] units = Verdict.Units(study);
        bool any = SampleTable.RandomPositions(study).Any(position => units.Contains(position.Unit));
        Assert.Contains(Verify(options).Checks, check => check.Name == "mined again: random positions" && check.WasDone == any && check.Examined > 0 == any);
        StudyVerdict one = StudyVerification.Run(new StudyVerificationOptions { Study = options.Output, Model = options.Model, Sample = 1, Threads = 1 }, cancellation: TestContext.Current.CancellationToken);
        Assert.Contains(one.Checks, check => check is { Name: "mined again: random positions", WasDone: false, Note: "none of them lies in the units that are mined again" });
    }

    [Theory]
    [InlineData("UPDATE random_position SET target = target + 1 WHERE id = 3", "target ")]
    [InlineData("UPDATE random_position SET position = -5 WHERE id = 3", "positions ")]
    [InlineData("UPDATE random_position SET unit = 100000 WHERE id = 3", "the study has no such position")]
    [InlineData("DELETE FROM random_position WHERE id = 3", " is missing")]
    [InlineData("UPDATE random_position SET id = 77 WHERE id = 3", "their hashes do not rise")]
    [InlineData("UPDATE random_position SET unit = 77777777777 WHERE id = 3", "the study is damaged")]
    [InlineData("DROP TABLE random_position", " is missing")]
    public void The_random_positions_themselves(string sql, string sentence)
    {
        MiningOptions options = Mine();
        StudyEdit.Execute(options.Output, sql);
        StudyVerdict verdict = Verify(options);
        Verdict.Named(verdict, "random positions", sentence);
        Assert.Contains(verdict.Checks, check => check is { Name: "mined again: random positions", WasDone: false });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_bit_of_a_trigger_of_a_sign_case_and_one_that_was_dropped(bool full)
    {
        MiningOptions options = Mine();
        (NeuronId id, Trigger[] list, int place) = Case(options.Output);
        Write(options.Output, "memory_case", "gate_minus_in_plus", id, [.. list.Select((trigger, i) => i == place ? Flipped(trigger) : trigger)]);
        Verdict.Named(Verify(options, full), "mined again: sign cases", $"{id} (gate-in+): {TriggerChecks.Name(list[place])}: coefficient ");
        Write(options.Output, "memory_case", "gate_minus_in_plus", id, [.. list.Where((_, i) => i != place)]);
        Verdict.Named(Verify(options, full), "mined again: sign cases", $"{id} (gate-in+): {TriggerChecks.Name(list[place])} is missing: coefficient ");
    }

    [Fact]
    public void A_list_of_another_case_or_out_of_order()
    {
        MiningOptions options = Mine();
        (NeuronId id, Trigger[] list, _) = Case(options.Output);
        Write(options.Output, "memory_case", "gate_minus_in_plus", id, [list[1], list[0], .. list[2..]]);
        Verdict.Named(Verify(options), "sign cases", $"{id}: {TriggerChecks.Name(list[0])} (place 1, gate-in+): it is better than the one before");
        Write(options.Output, "memory_case", "gate_plus_in_minus", id, list);
        Verdict.Named(Verify(options), "sign cases", $"{id}: ", "(place 0, gate+in-): gate -");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Nulls_beside_the_study_are_verified_in_the_same_pass(bool full)
    {
        MiningOptions options = Mine(s_both);
        StudyVerdict good = Verify(options, full);
        Assert.True(good.IsVerified, Verdict.Differences(good));
        string[] own = [.. Verify(options).Checks.Select(check => check.Name).Where(name => name is "memories" or "triggers" or "statistics" or "samples" or "random positions" || name.StartsWith("mined", StringComparison.Ordinal))];
        Assert.All(own.Where(name => !name.Contains("sign cases", StringComparison.Ordinal) && !name.Contains("random", StringComparison.Ordinal)).SelectMany(name => (string[])[$"directions: {name}", $"rotations: {name}"]),
            name => Assert.Contains(good.Checks, check => check.Name == name && check.WasDone && check.Examined > 0));
        foreach (NullKind kind in s_both)
        {
            string path = NullStudy.PathOf(options.Output, kind);
            (NeuronId id, Trigger[] list, int place) = Listed(path);
            StudyChange.Replace(path, id, [.. list.Select((trigger, i) => i == place ? Flipped(trigger) : trigger)]);
            StudyVerdict verdict = Verify(options, full);
            Verdict.Named(verdict, $"{NullStudy.NameOf(kind)}: mined again: triggers", $"{id}: {TriggerChecks.Name(list[place])}: coefficient ");
            StudyChange.Replace(path, id, list);
        }

        Assert.True(Verify(options, full).IsVerified);
    }

    [Fact]
    public void A_null_that_is_not_there_is_said_to_be_so()
    {
        MiningOptions options = Mine(s_both);
        File.Delete(options.Output + ".rotations");
        StudyVerdict verdict = Verify(options);
        Assert.True(verdict.IsVerified);
        Assert.Contains(verdict.Checks, check => check.Name == "rotations: same run" && !check.WasDone && check.Note.EndsWith(".rotations is not there", StringComparison.Ordinal));
        Assert.DoesNotContain(verdict.Checks, check => check.Name == "rotations: memories");
    }

    [Theory]
    [InlineData("UPDATE provenance SET value = '9' WHERE key = 'option.null-seed'", "same run", "option.null-seed is '9' there")]
    [InlineData("PRAGMA user_version = 0", "same run", ".directions")]
    [InlineData("DELETE FROM memory WHERE id = 7", "memories", "L0N8 stands where L0N7 is expected")]
    [InlineData("UPDATE unit_block SET first_unit = first_unit + 1", "units", "unit 0 is not the same there")]
    [InlineData("UPDATE unit_block SET zlib = x'78'", "units", "the study is damaged")]
    [InlineData("UPDATE memory SET positive_count = 99 WHERE id = 7", "triggers", "L0N7: ")]
    public void What_is_changed_in_a_null(string sql, string check, string sentence)
    {
        MiningOptions options = Mine(s_both);
        StudyEdit.Execute(options.Output + ".directions", sql);
        StudyVerdict verdict = Verify(options);
        Verdict.Named(verdict, $"directions: {check}", sentence);
        Assert.Contains(verdict.Checks, other => other is { Name: "rotations: mined again: lists", WasDone: true, Failures: 0 });
        Assert.Equal(Verdict.Sample, verdict.UnitsMined);
    }

    [Fact]
    public void A_null_that_the_model_or_the_rules_do_not_allow_is_refused_before_it_is_mined()
    {
        MiningOptions options = Mine(s_both);
        foreach (string study in (string[])[options.Output, options.Output + ".directions", options.Output + ".rotations"])
        {
            StudyEdit.Execute(study, "UPDATE provenance SET value = 'pre' WHERE key = 'option.rank-by'");
        }

        Assert.Equal("KH7502", Assert.Throws<Keyhole.Engine.InputRefusedException>(() => Verify(options)).Code);
    }

    public void Dispose() => _tiny.Dispose();

    private static StudyVerdict Verify(MiningOptions options, bool full = false) => Verdict.Of(options.Output, options.Model, full);

    private static Trigger Flipped(Trigger trigger) => trigger with { Coefficient = BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(trigger.Coefficient) ^ 1) };

    private static void Write(string study, string table, string column, NeuronId id, Trigger[] list)
        => StudyEdit.Execute(study, $"UPDATE {table} SET {column} = $a WHERE id = (SELECT id FROM memory WHERE layer = $b AND neuron = $c)", TriggerBlob.Write(list, ofExpert: false), id.Layer, id.Index);

    // The first memory that has an example, a trigger of a case or one of its list in a unit that is mined again.
    private static (NeuronId Id, MemorySample Sample, int Place) Sampled(string path)
    {
        using var study = Study.Open(path);
        int[] units = Verdict.Units(study);
        return study.Memories().Select(memory => (memory.Id, Sample: SampleTable.Read(study, memory.Id)!))
            .Select(memory => (memory.Id, memory.Sample, Place: memory.Sample.Positive.ToList().FindIndex(trigger => units.Contains(trigger.Unit)))).First(memory => memory.Place >= 0 && memory.Sample.Positive.Length > 2);
    }

    private static (NeuronId Id, Trigger[] List, int Place) Case(string path)
    {
        using var study = Study.Open(path);
        int[] units = Verdict.Units(study);
        return study.Memories().Select(memory => (memory.Id, List: SignCaseTable.Read(study, memory.Id)![2].Triggers.ToArray()))
            .Select(memory => (memory.Id, memory.List, Place: Array.FindIndex(memory.List, trigger => units.Contains(trigger.Unit)))).First(memory => memory.Place >= 0 && memory.List.Length > 2);
    }

    private static (NeuronId Id, Trigger[] List, int Place) Listed(string path)
    {
        using var study = Study.Open(path);
        int[] units = Verdict.Units(study);
        return study.Memories().Select(memory => (memory.Id, List: memory.Positive.ToArray())).Select(memory => (memory.Id, memory.List, Place: Array.FindIndex(memory.List, trigger => units.Contains(trigger.Unit)))).First(memory => memory.Place >= 0);
    }

    private MiningOptions Mine(params NullKind[] nulls)
    {
        MiningOptions options = _tiny.Options(_tiny.Model(TinyModel.Llama()), _tiny.Corpus(TinyRun.Lines)) with { Nulls = nulls, NullSeed = 1, Rules = new MiningRules { Top = 5, SampleQuantiles = true, SignCases = true } };
        TinyRun.Mine(options).Dispose();
        return options;
    }
}
