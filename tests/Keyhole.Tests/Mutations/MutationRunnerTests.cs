using System.Collections.Immutable;
using Keyhole.Engine;
using Keyhole.Engine.Models;
using Keyhole.Memories;
using Keyhole.Mining;
using Keyhole.Mutations;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Tests.Mutations;

public sealed class MutationRunnerTests
{
    public static TheoryData<string, BosPolicy> Models => new()
    {
        { "relu", BosPolicy.Auto },
        { "relu", BosPolicy.Never },
        { "gated", BosPolicy.Auto },
        { "gated", BosPolicy.Never },
        { "experts", BosPolicy.Auto },
    };

    [Theory]
    [MemberData(nameof(Models))]
    public void Mutations_agree_with_the_twin_bit_by_bit(string kind, BosPolicy bos)
    {
        using MutatedStudy at = new(Tiny(kind), bos);
        Assert.Equal(bos == BosPolicy.Auto, at.StartsWithBos);
        IReadOnlyList<PlannedMutation> plan = MutationPlan.Sample(at.Study, at.StartsWithBos, new MutationOptions { Memories = 6, Triggers = 4, Seed = 9 });
        IReadOnlyList<MutationRecord> records = MutationRunner.Run(at.Study, at.Model, plan, 2, null, TestContext.Current.CancellationToken);
        Assert.Equal(plan.Select(one => (one.Id, one.Pole, one.Unit, one.Position, one.Random)), records.Select(one => (one.Id, one.Pole, one.Unit, one.Position, one.Random)));
        using NaiveCoefficient naive = new(at.Model);
        int first = at.StartsWithBos ? 1 : 0;
        foreach (MutationRecord record in records)
        {
            int[] prefix = [.. at.Study.Unit(record.Unit).Tokens.Take(record.Position + 1)];
            int[] Without(int dropped) => [.. prefix.Where((_, i) => i != dropped)];
            Assert.Equal(naive.Of(record.Id, prefix), record.Coefficient);
            Assert.Equal(naive.Of(record.Id, Without(first)), record.First);
            Assert.Equal(naive.Of(record.Id, prefix[..^1]), record.Last);
            Assert.Equal(naive.Of(record.Id, Without(record.Random)), record.RandomDropped);
            Assert.Equal(at.Study.Memory(record.Id)!.Triggers(record.Pole).Single(trigger => trigger.Unit == record.Unit).Coefficient, record.Coefficient);
        }

        Assert.True(kind != "experts" || records.Any(record => record.Last == 0), "No mutation of a random model makes the router choose another expert.");
        Assert.Equal(kind != "relu", records.Any(record => record.Pole == Pole.Negative));
        Assert.Equal([0, 1], records.Select(record => record.Id.Layer).Distinct());
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Reach_agrees_with_the_twin(string kind, BosPolicy bos)
    {
        TinyModel tiny = Tiny(kind);
        foreach (string name in tiny.Tensors.Keys.Where(name => name.EndsWith("o_proj.weight", StringComparison.Ordinal) || name.EndsWith("out_proj.weight", StringComparison.Ordinal)))
        {
            foreach (ref float weight in tiny.Tensors[name].Values.AsSpan())
            {
                weight *= 6;   // so that earlier tokens count
            }
        }

        using MutatedStudy at = new(tiny, bos);
        foreach (int tokens in (int[])[1, 5, 64])
        {
            IReadOnlyList<PlannedReach> plan = ReachPlan.Sample(at.Study, at.StartsWithBos, new ReachOptions { Memories = 3, Triggers = 3, Tokens = tokens });
            IReadOnlyList<ReachRecord> records = ReachRunner.Run(at.Study, at.Model, plan, 2, null, TestContext.Current.CancellationToken);
            Assert.Equal(plan.Select(one => (one.Id, one.Pole, one.Unit, one.Position)), records.Select(one => (one.Id, one.Pole, one.Unit, one.Position)));
            using NaiveCoefficient naive = new(at.Model);
            int longest = 0;
            foreach (ReachRecord record in records)
            {
                int[] prefix = [.. at.Study.Unit(record.Unit).Tokens.Take(record.Position + 1)];
                int droppable = Math.Min(tokens, prefix.Length - (at.StartsWithBos ? 1 : 0));
                double least = double.PositiveInfinity;
                (int Distance, float Dropped) best = default;
                for (int distance = 0; distance < droppable; distance++)
                {
                    float m = naive.Of(record.Id, [.. prefix[..(record.Position - distance)], .. prefix[(record.Position - distance + 1)..]]);
                    double strength = record.Pole == Pole.Positive ? Math.Max(m, 0) : Math.Max(-m, 0);
                    if (strength < least)
                    {
                        least = strength;
                        best = (distance, m);
                    }
                }

                Assert.Equal(best, (record.Distance, record.Dropped));
                Assert.Equal(naive.Of(record.Id, prefix), record.Coefficient);
                longest = Math.Max(longest, record.Distance);
            }

            Assert.True(tokens == 1 ? longest == 0 : longest > 1, "Some memory of a random model reads further back than its last two tokens.");
        }
    }

    [Fact]
    public void Batches_and_threads_change_nothing()
    {
        using MutatedStudy at = new(Tiny("gated"));
        IReadOnlyList<PlannedMutation> plan = MutationPlan.Sample(at.Study, at.StartsWithBos, new MutationOptions());
        IReadOnlyList<PlannedReach> reach = ReachPlan.Sample(at.Study, at.StartsWithBos, new ReachOptions());
        var units = UnitTokens.Read(at.Study, plan.Select(one => (one.Id, one.Unit, one.Position)).Concat(reach.Select(one => (one.Id, one.Unit, one.Position))));
        IReadOnlyList<MutationRecord> expected = MutationRunner.Run(at.Study, at.Model, plan, 1, null, TestContext.Current.CancellationToken);
        IReadOnlyList<ReachRecord> expectedReach = ReachRunner.Run(at.Study, at.Model, reach, 1, null, TestContext.Current.CancellationToken);
        Assert.True(expected.Count > 500 && expectedReach.Count > 60);
        foreach ((int rows, int threads) in ((int, int)[])[(1, 1), (100, 3), (700, 2), (1_000_000, 4)])
        {
            Assert.Equal(expected, MutationRunner.Run(units, at.Model, plan, (probe, model) => probe.Run(model, threads, null, TestContext.Current.CancellationToken, rows)));
            Assert.Equal(expectedReach, ReachRunner.Run(units, at.Model, reach, (probe, model) => probe.Run(model, threads, null, TestContext.Current.CancellationToken, rows)));
        }
    }

    [Fact]
    public void A_sequence_runs_once_and_progress_ends_at_one()
    {
        using MutatedStudy at = new(Tiny("relu"));
        CoefficientProbe probe = new(at.Model.Spec);
        int[] tickets =
        [
            probe.Ask([1, 5, 6], 2, new NeuronId(0, 3), 0),
            probe.Ask([1, 5, 6], 1, new NeuronId(1, 3), 0),
            probe.Ask([1, 5, 6], 2, new NeuronId(0, 3), 7),
            probe.Ask([1, 5], 1, new NeuronId(1, 3), 0),
        ];
        Assert.Equal([0, 1, 2, 3], tickets);
        Assert.Equal(2, probe.Sequences);
        List<double> shares = [];
        float[] m = probe.Run(at.Model, 2, new Listed(shares), TestContext.Current.CancellationToken);
        Assert.Equal(m[0], m[2]);
        Assert.Equal(m[1], m[3]);
        Assert.Equal(shares.Order(), shares);
        Assert.Equal(1, shares[^1], 1e-12);
        Assert.Empty(new CoefficientProbe(at.Model.Spec).Run(at.Model, 1, null, TestContext.Current.CancellationToken));
        Assert.Throws<ArgumentException>(() => probe.Ask([1], 0, new NeuronId(0, 40), 0));
        Assert.Throws<ArgumentException>(() => probe.Ask([1], 0, new NeuronId(2, 0), 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => probe.Ask([1], 1, new NeuronId(0, 0), 0));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void What_is_not_finite_is_no_score(int layer)
    {
        using MutatedStudy at = new(Tiny("relu"));
        PlannedMutation[] plan = [.. MutationPlan.Sample(at.Study, at.StartsWithBos, new MutationOptions()).Where(one => one.Id.Layer == 1)];
        TinyModel broken = Tiny("relu");
        broken.Tensors[$"model.decoder.layers.{layer}.fc1.weight"].Values.AsSpan().Fill(float.NaN);
        using Model model = Model.Open(at.Write(broken, "broken"));
        InputRefusedException refused = Assert.Throws<InputRefusedException>(() => MutationRunner.Run(at.Study, model, plan, 1, null, TestContext.Current.CancellationToken));
        Assert.Equal("KH5224", refused.Code);
        Assert.Contains($"layer {layer} ", refused.Message, StringComparison.Ordinal);
        Assert.Contains($"unit {plan[0].Unit} ", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_plan_that_does_not_fit_is_refused()
    {
        using MutatedStudy at = new(Tiny("relu"));
        var units = new Dictionary<int, ImmutableArray<int>> { [0] = [1, 5, 6, 7] };
        foreach ((int position, int first, int random) in ((int, int, int)[])[(4, 1, 2), (1, 1, 1), (3, 1, 0), (3, 1, 4), (3, -1, 1)])
        {
            PlannedMutation wrong = new(new NeuronId(0, 0), Pole.Positive, 0, position, first, random);
            Assert.Throws<ArgumentException>(() => MutationRunner.Run(units, at.Model, [wrong], (_, _) => []));
        }
    }

    internal static TinyModel Tiny(string kind) => kind switch
    {
        "gated" => TinyModel.Llama(),
        "experts" => TinyModel.Olmoe(),
        _ => TinyModel.Opt(),
    };

    private sealed class Listed(List<double> shares) : IProgress<double>
    {
        public void Report(double value) => shares.Add(value);
    }
}
