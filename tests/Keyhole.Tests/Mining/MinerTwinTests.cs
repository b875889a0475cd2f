using Keyhole.Memories;
using Keyhole.Mining;
using Keyhole.Studies;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Tests.Mining;

/// <summary>The miner against its naive twin: the same lists and statistics, bit by bit, in every memory under every option.</summary>
public sealed class MinerTwinTests : IDisposable
{
    private static readonly Dictionary<string, MiningRules> s_rules = new()
    {
        ["default"] = new() { Top = 5 },
        ["one"] = new() { Top = 1 },
        ["more than there are"] = new() { Top = 400, PerPrefix = true },
        ["every prefix"] = new() { Top = 7, PerPrefix = true },
        ["distinct 3"] = new() { Top = 6, Distinct = 3 },
        ["distinct 1, every prefix"] = new() { Top = 6, Distinct = 1, PerPrefix = true },
        ["distinct 20"] = new() { Top = 6, Distinct = 20 },
        ["first position"] = new() { Top = 5, FirstPosition = true },
        ["last position"] = new() { Top = 5, LastPosition = true },
        ["first and last position"] = new() { Top = 30, FirstPosition = true, LastPosition = true },
        ["preset paper"] = new() { Top = 9, FirstUnlessBos = true, LastPosition = true, PerPrefix = true },
        ["by pre"] = new() { Top = 5, RankBy = RankBy.Pre },
        ["by pre, every prefix, distinct 2"] = new() { Top = 12, RankBy = RankBy.Pre, PerPrefix = true, Distinct = 2 },
    };

    private readonly TinyRun _tiny = new();

    public static TheoryData<string> Rules => [.. s_rules.Keys];

    [Theory]
    [MemberData(nameof(Rules))]
    public void Plain_memories_agree(string rules) => Compare(Plain(), s_rules[rules], BosPolicy.Auto);

    [Theory]
    [MemberData(nameof(Rules))]
    public void Gated_memories_agree(string rules) => Compare(Gated(), s_rules[rules], BosPolicy.Auto);

    [Theory]
    [MemberData(nameof(Rules))]
    public void Memories_of_experts_agree(string rules)
    {
        Compare(TinyModel.Mixtral(), s_rules[rules], BosPolicy.Auto);   // neither 40 nor 20 is a multiple of 16
        Compare(TinyModel.Olmoe(), s_rules[rules], BosPolicy.Never);
    }

    [Fact]
    public void An_expert_that_is_never_chosen_has_dead_memories()
    {
        // Experts 0, 1 and 2 always have equal logits, of which the first two are kept: expert 2 is chosen nowhere.
        TinyModel model = TinyModel.Mixtral(layers: 1);
        float[] router = model.Tensors["model.layers.0.block_sparse_moe.gate.weight"].Values;
        router.AsSpan(0, 24).CopyTo(router.AsSpan(24));
        router.AsSpan(0, 24).CopyTo(router.AsSpan(48));
        Compare(model, s_rules["default"], BosPolicy.Auto);
        Compare(model, s_rules["by pre"], BosPolicy.Auto);
    }

    [Theory]
    [InlineData(BosPolicy.Always, "default")]
    [InlineData(BosPolicy.Never, "default")]
    [InlineData(BosPolicy.Never, "preset paper")]
    [InlineData(BosPolicy.Always, "preset paper")]
    [InlineData(BosPolicy.Never, "first and last position")]
    public void Bos_policies_agree(BosPolicy bos, string rules) => Compare(Gated(), s_rules[rules], bos);

    [Fact]
    public void Activations_below_zero_agree() => Compare(TinyModel.Opt(activation: "gelu", layers: 1), s_rules["default"], BosPolicy.Auto);

    [Fact]
    public void Memories_over_several_tiles_agree()
    {
        Compare(TinyModel.Llama(memories: 300, layers: 1), s_rules["default"], BosPolicy.Auto);
        Compare(TinyModel.Mixtral(memories: 300, layers: 1), s_rules["default"], BosPolicy.Auto);
    }

    [Fact]
    public void Texts_over_several_row_tiles_agree()
    {
        // Rows go through a layer in tiles of a few hundred: texts that go on in the next tile, under each rule that carries state over.
        var random = new Random(3);
        string[] lines = [.. Enumerable.Range(0, 5).Select(_ => string.Concat(Enumerable.Range(0, random.Next(150, 700)).Select(_ => (char)random.Next('a', 'z' + 1))))];
        foreach (string rules in (string[])["default", "every prefix", "last position", "distinct 3", "by pre"])
        {
            Compare(TinyModel.Llama(layers: 1, context: 800, memories: 20), s_rules[rules], BosPolicy.Auto, lines);
            Compare(TinyModel.Opt(layers: 1, context: 800, memories: 20), s_rules[rules], BosPolicy.Auto, lines);
            Compare(TinyModel.Olmoe(layers: 1, context: 800, chosen: 1), s_rules[rules], BosPolicy.Auto, lines);
            Compare(TinyModel.Mixtral(layers: 1, context: 800, memories: 20, experts: 40, chosen: 1), s_rules[rules], BosPolicy.Auto, lines);   // whole tiles of a text without an expert
        }
    }

    [Fact]
    public void Texts_without_a_candidate_leave_empty_memories()
    {
        string model = _tiny.Model(Gated());
        using Study study = TinyRun.Mine(_tiny.Options(model, _tiny.Corpus(["a", "b"])));
        Assert.Equal(2, study.UnitCount);
        Assert.All(study.Memories(), memory =>
        {
            Assert.Empty(memory.Positive);
            Assert.Empty(memory.Negative);
            Assert.Equal(0, memory.Statistics.Count);
            Assert.True(float.IsNaN(memory.Statistics.Min) && double.IsNaN(memory.Statistics.Mean) && double.IsNaN(memory.Statistics.SharePositive));
        });
    }

    public void Dispose() => _tiny.Dispose();

    // ReLU; memory 3 of layer 0 never fires and memory 4 always does.
    private static TinyModel Plain()
    {
        TinyModel model = TinyModel.Opt();
        float[] biases = model.Tensors["model.decoder.layers.0.fc1.bias"].Values;
        (biases[3], biases[4]) = (-20, 20);
        return model;
    }

    // Memory 5 of layer 0 has a gate of zero, so that its coefficient is 0 or -0 by the sign of its linear part.
    private static TinyModel Gated()
    {
        TinyModel model = TinyModel.Llama();
        model.Tensors["model.layers.0.mlp.gate_proj.weight"].Values.AsSpan(5 * 24, 24).Clear();
        return model;
    }

    private void Compare(TinyModel tiny, MiningRules rules, BosPolicy bos, IReadOnlyList<string>? lines = null)
    {
        lines ??= TinyRun.Lines;
        string model = _tiny.Model(tiny);
        MiningOptions options = _tiny.Options(model, _tiny.Corpus(lines)) with { Rules = rules, Bos = bos };
        MiningResult result;
        using (var miner = new Miner(options))
        {
            result = miner.Run(cancellation: TestContext.Current.CancellationToken);
        }

        var naive = new NaiveMiner(model, lines, rules, bos);
        using Study study = Study.Open(options.Output);
        Assert.Equal(naive.Candidates, result.Candidates);
        Assert.Equal(naive.Candidates, study.Provenance.Candidates);
        int dead = 0;
        foreach (MemoryRecord memory in study.Memories())
        {
            foreach (Pole pole in Enum.GetValues<Pole>())
            {
                Assert.Equal(naive.Triggers(memory.Id, pole), memory.Triggers(pole));
            }

            float[][] coefficients = naive.Coefficients(memory.Id);
            StatisticsTwin.Require(memory, coefficients);
            Assert.Equal(naive.Signs(memory.Id), memory.Statistics.SignCases);
            bool fires = coefficients.SelectMany(unit => unit).Any(value => value > 0 || (memory.Statistics.SignCases is not null && value < 0));
            dead += fires ? 0 : 1;
        }

        Assert.Equal(dead, result.DeadMemories);
    }
}
