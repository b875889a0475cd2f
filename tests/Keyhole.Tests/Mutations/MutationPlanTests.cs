using Keyhole.Engine;
using Keyhole.Memories;
using Keyhole.Mining;
using Keyhole.Mutations;
using Xunit;

namespace Keyhole.Tests.Mutations;

public sealed class MutationPlanTests
{
    [Theory]
    [InlineData(BosPolicy.Auto)]
    [InlineData(BosPolicy.Never)]
    public void A_sample_takes_the_best_triggers_that_are_long_enough(BosPolicy bos)
    {
        using MutatedStudy at = new(MutationRunnerTests.Tiny("gated"), bos);
        int first = at.StartsWithBos ? 1 : 0;
        IReadOnlyList<PlannedMutation> plan = MutationPlan.Sample(at.Study, at.StartsWithBos, new MutationOptions { Memories = 7, Triggers = 5 });
        Assert.Equal(plan, MutationPlan.Sample(at.Study, at.StartsWithBos, new MutationOptions { Memories = 7, Triggers = 5 }));
        Assert.Equal([7, 7], plan.Select(one => one.Id).Distinct().CountBy(id => id.Layer).Select(layer => layer.Value));
        Assert.Equal(plan.Select(one => (one.Id, one.Pole)).Order(), plan.Select(one => (one.Id, one.Pole)));
        foreach (var group in plan.GroupBy(one => (one.Id, one.Pole)))
        {
            Trigger[] usable = [.. at.Study.Memory(group.Key.Id)!.Triggers(group.Key.Pole).Where(trigger => trigger.Position + 1 - first >= 2)];
            Assert.Equal(usable.Take(5).Select(trigger => (trigger.Unit, trigger.Position)), group.Select(one => (one.Unit, one.Position)));
        }

        Assert.All(plan, one => Assert.True(one.First == first && one.Random >= first && one.Random <= one.Position));
        bool tooShort = at.Study.Memories().Any(memory => memory.Positive.Any(trigger => trigger.Position == 1));
        Assert.True(tooShort, "The corpus has triggers of one token besides BOS, so that the rule has something to leave out.");
    }

    [Fact]
    public void Seeds_choose_and_a_smaller_sample_is_part_of_a_larger_one()
    {
        using MutatedStudy at = new(MutationRunnerTests.Tiny("relu"));
        NeuronId[] Ids(int memories, ulong seed) => [.. MutationPlan.Sample(at.Study, true, new MutationOptions { Memories = memories, Triggers = 1, Seed = seed }).Select(one => one.Id)];
        Assert.Subset(Ids(9, 1).ToHashSet(), Ids(4, 1).ToHashSet());
        Assert.NotEqual(Ids(9, 1), Ids(9, 2));
        NeuronId[] firing = [.. at.Study.Memories().Where(memory => memory.Positive.Any(trigger => trigger.Position > 1)).Select(memory => memory.Id)];
        Assert.Equal(firing, Ids(1000, 3));
        Assert.Equal(
            MutationPlan.Sample(at.Study, true, new MutationOptions { Memories = 5, Triggers = 5, Seed = 4 }).Select(one => (one.Id, one.Unit, one.Position)),
            ReachPlan.Sample(at.Study, true, new ReachOptions { Seed = 4 }).Select(one => (one.Id, one.Unit, one.Position)));
    }

    [Fact]
    public void The_random_token_is_uniform_over_the_prefix()
    {
        using MutatedStudy at = new(MutationRunnerTests.Tiny("gated"));
        int[] quarters = new int[4];
        int whole = 0;
        for (ulong seed = 0; seed < 20; seed++)
        {
            foreach (PlannedMutation one in MutationPlan.Sample(at.Study, true, new MutationOptions { Memories = 10, Seed = seed }).Where(one => one.Position % 4 == 0))
            {
                quarters[(one.Random - 1) * 4 / one.Position]++;
                whole++;
            }
        }

        Assert.True(whole > 400);   // of about equal quarters: standard deviation sqrt(3 / 16 n)
        Assert.All(quarters, count => Assert.Equal(whole / 4.0, count, 4.5 * Math.Sqrt(3 * whole / 16.0)));
    }

    [Fact]
    public void Lists_by_pre_activation_give_only_what_fires()
    {
        using MutatedStudy at = new(MutationRunnerTests.Tiny("relu"), rules: new MiningRules { Top = 60, RankBy = RankBy.Pre });
        Assert.Contains(at.Study.Memories(), memory => memory.Positive.Any(trigger => trigger.Coefficient == 0));
        foreach (PlannedMutation one in MutationPlan.Sample(at.Study, true, new MutationOptions { Memories = 100, Triggers = 60 }))
        {
            Assert.True(at.Study.Memory(one.Id)!.Positive.Single(trigger => trigger.Unit == one.Unit).Coefficient > 0);
        }
    }

    [Fact]
    public void A_file_fixes_the_plan()
    {
        using MutatedStudy at = new(MutationRunnerTests.Tiny("gated"));
        string path = at.File("plan.jsonl");
        File.WriteAllText(path, """
            {"layer":1,"index":39,"unit":3,"position":4,"random":2,"pole":"negative","coefficient":-1.5}

            {"random":1,"position":2,"unit":2,"index":0,"layer":0}
            {"layer":0,"index":0,"unit":2,"position":2,"random":2,"pole":"positive"}
            """);
        Assert.Equal(
            [
                new PlannedMutation(new NeuronId(1, 39), Pole.Negative, 3, 4, 1, 2),
                new PlannedMutation(new NeuronId(0, 0), Pole.Positive, 2, 2, 1, 1),
                new PlannedMutation(new NeuronId(0, 0), Pole.Positive, 2, 2, 1, 2),
            ],
            MutationPlan.Read(path, at.Study, at.StartsWithBos));
    }

    [Fact]
    public void A_file_names_experts_where_there_are_any()
    {
        using MutatedStudy at = new(MutationRunnerTests.Tiny("experts"));
        string path = at.File("plan.jsonl");
        File.WriteAllText(path, "{\"layer\":1,\"expert\":7,\"index\":19,\"unit\":3,\"position\":4,\"random\":2}");
        Assert.Equal([new PlannedMutation(new NeuronId(1, 19, 7), Pole.Positive, 3, 4, 1, 2)], MutationPlan.Read(path, at.Study, at.StartsWithBos));
        foreach (string expert in (string[])["", "\"expert\":8,"])
        {
            File.WriteAllText(path, $"{{\"layer\":1,{expert}\"index\":19,\"unit\":3,\"position\":4,\"random\":2}}");
            InputRefusedException refused = Assert.Throws<InputRefusedException>(() => MutationPlan.Read(path, at.Study, at.StartsWithBos));
            Assert.Equal("KH5223", refused.Code);
            Assert.Contains("8 experts of 20 memories", refused.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("KH5222", "{\"layer\":0", "no JSON")]
    [InlineData("KH5222", "[1]", "an object is expected")]
    [InlineData("KH5222", "{\"layer\":0,\"index\":0,\"unit\":2,\"position\":2}", "'random' is missing")]
    [InlineData("KH5222", "{\"layer\":0,\"index\":-1,\"unit\":2,\"position\":2,\"random\":1}", "'index' is -1")]
    [InlineData("KH5222", "{\"layer\":0.5,\"index\":0,\"unit\":2,\"position\":2,\"random\":1}", "'layer' is 0.5")]
    [InlineData("KH5222", "{\"layer\":\"0\",\"index\":0,\"unit\":2,\"position\":2,\"random\":1}", "'layer' is \"0\"")]
    [InlineData("KH5222", "{\"layer\":0,\"index\":0,\"unit\":99999999999,\"position\":2,\"random\":1}", "'unit' is 99999999999")]
    [InlineData("KH5222", "{\"layer\":0,\"index\":0,\"unit\":2,\"position\":2,\"random\":1,\"pole\":\"up\"}", "'pole' is \"up\"")]
    [InlineData("KH5222", "{\"layer\":0,\"index\":0,\"unit\":2,\"position\":2,\"random\":1,\"pole\":1}", "'pole' is 1")]
    [InlineData("KH5223", "{\"layer\":2,\"index\":0,\"unit\":2,\"position\":2,\"random\":1}", "L2N0")]
    [InlineData("KH5223", "{\"layer\":0,\"index\":40,\"unit\":2,\"position\":2,\"random\":1}", "layer 0 has 40 memories")]
    [InlineData("KH5223", "{\"layer\":0,\"index\":0,\"unit\":2,\"position\":2,\"random\":1,\"pole\":\"negative\"}", "not gated")]
    [InlineData("KH5223", "{\"layer\":0,\"index\":0,\"unit\":5000,\"position\":2,\"random\":1}", "unit 5000")]
    [InlineData("KH5223", "{\"layer\":0,\"index\":0,\"unit\":2,\"position\":500,\"random\":1}", "position 500")]
    [InlineData("KH5223", "{\"layer\":0,\"index\":0,\"unit\":2,\"position\":1,\"random\":1}", "too short")]
    [InlineData("KH5223", "{\"layer\":0,\"index\":0,\"unit\":2,\"position\":2,\"random\":0}", "'random' is 0")]
    [InlineData("KH5223", "{\"layer\":0,\"index\":0,\"unit\":2,\"position\":2,\"random\":3}", "1 to 2")]
    public void A_line_that_cannot_be_used_is_named(string code, string line, string part)
    {
        using MutatedStudy at = new(MutationRunnerTests.Tiny("relu"));
        string path = at.File("plan.jsonl");
        const string Good = "{\"layer\":0,\"index\":0,\"unit\":9,\"position\":2,\"random\":1}";
        File.WriteAllText(path, $"{Good}\n\n{line}\n{Good}\n");
        InputRefusedException refused = Assert.Throws<InputRefusedException>(() => MutationPlan.Read(path, at.Study, at.StartsWithBos));
        Assert.Equal(code, refused.Code);
        Assert.Contains($"{path}, line 3: ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(part, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_missing_or_empty_is_refused()
    {
        using MutatedStudy at = new(MutationRunnerTests.Tiny("relu"));
        string path = at.File("plan.jsonl");
        Assert.Equal("KH5221", Assert.Throws<InputRefusedException>(() => MutationPlan.Read(path, at.Study, true)).Code);
        File.WriteAllText(path, "\n \n");
        Assert.Equal("KH5221", Assert.Throws<InputRefusedException>(() => MutationPlan.Read(path, at.Study, true)).Code);
        Assert.Equal("KH5221", Assert.Throws<InputRefusedException>(() => MutationPlan.Read(Path.GetDirectoryName(path)!, at.Study, true)).Code);
    }
}
