using Keyhole.Corpora;
using Keyhole.Engine.Numerics;
using Keyhole.Memories;
using Keyhole.Mining;
using Keyhole.Mining.Nulls;
using Keyhole.Studies;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Tests.Mining.Nulls;

/// <summary>
/// Random directions are what a model with these directions for keys has, to the bit; rotated coefficients are what rotating the coefficients gives. (The first layer tells it: what comes
/// before it does not depend on keys.)
/// </summary>
public sealed class NullTwinTests : IDisposable
{
    private const ulong Seed = 6;
    private readonly TinyRun _tiny = new();

    [Theory]
    [InlineData("opt", RankBy.Post)]
    [InlineData("opt", RankBy.Pre)]
    [InlineData("opt gelu", RankBy.Post)]
    [InlineData("llama", RankBy.Post)]
    [InlineData("llama", RankBy.Pre)]
    [InlineData("mixtral", RankBy.Post)]
    [InlineData("olmoe", RankBy.Post)]
    public void Directions_are_the_keys_of_another_model(string kind, RankBy rankBy)
    {
        const int Layer = 0;
        string corpus = _tiny.Corpus(TinyRun.Lines);
        MiningOptions options = _tiny.Options(_tiny.Model(Make(kind)), corpus) with { Layers = [Layer], Rules = new MiningRules { Top = 6, RankBy = rankBy }, Nulls = [NullKind.Directions], NullSeed = Seed };
        using Study memories = TinyRun.Mine(options);

        TinyModel turned = Make(kind);
        ulong seed = CounterHash.Hash(CounterHash.Hash(Seed, (ulong)NullKind.Directions), Layer);
        foreach ((string name, int firstMemory, int isGate) in Keys(kind))
        {
            Turn(turned.Tensors[name], CounterHash.Hash(seed, (ulong)isGate), firstMemory);
        }

        using Study other = TinyRun.Mine(options with { Model = _tiny.Model(turned, "turned"), Output = options.Output + "-turned", Nulls = [] });
        using Study directions = Study.Open(NullStudy.PathOf(options.Output, NullKind.Directions));
        Assert.Equal(other.Memories().Count(), directions.Memories().Count());
        foreach ((MemoryRecord expected, MemoryRecord actual) in other.Memories().Zip(directions.Memories()))
        {
            Assert.Equal(expected.Id, actual.Id);
            MinerInvarianceTests.Same(expected, actual);
        }

        Assert.Contains(memories.Memories().Zip(directions.Memories()), pair => pair.First.Statistics.Sum2 != pair.Second.Statistics.Sum2);
    }

    [Theory]
    [InlineData("opt")]
    [InlineData("llama")]
    [InlineData("llama of several tiles")]
    public void Rotations_are_rotated_coefficients(string kind)
    {
        string model = _tiny.Model(Make(kind));
        var rules = new MiningRules { Top = 6 };
        MiningOptions options = _tiny.Options(model, _tiny.Corpus(TinyRun.Lines)) with { Rules = rules, Nulls = [NullKind.Rotations], NullSeed = Seed };
        TinyRun.Mine(options).Dispose();
        using Study rotations = Study.Open(NullStudy.PathOf(options.Output, NullKind.Rotations));
        int size = rotations.Shape.Widths[0];
        using PackedMatrix rotation = HaarRotation.Pack(size, CounterHash.Hash(Seed, (ulong)NullKind.Rotations), threads: 1);
        var naive = new NaiveMiner(model, TinyRun.Lines, rules);
        for (int layer = 0; layer < 2; layer++)
        {
            float[][][] coefficients = [.. Enumerable.Range(0, size).Select(index => naive.Coefficients(new NeuronId(layer, index)))];   // [F][units][positions]
            var column = new float[size];
            for (int index = 0; index < size; index += 7)
            {
                rotation.CopyRow(index, column);
                double[][] rotated = [.. Enumerable.Range(0, coefficients[0].Length).Select(unit => Enumerable.Range(0, coefficients[0][unit].Length)
                    .Select(position => Enumerable.Range(0, size).Sum(memory => (double)coefficients[memory][unit][position] * column[memory])).ToArray())];
                MemoryRecord memory = rotations.Memory(new NeuronId(layer, index))!;
                double[] all = [.. rotated.SelectMany(unit => unit)];
                double scale = 1e-5 * all.Max(Math.Abs);
                Assert.Equal(all.Length, memory.Statistics.Count);
                Assert.Equal(all.Min(), memory.Statistics.Min, scale);
                Assert.Equal(all.Max(), memory.Statistics.Max, scale);
                Assert.Equal(all.Average(), memory.Statistics.Mean, scale);
                double[] best = [.. rotated.Where(unit => unit.Length > 0).Select(unit => unit.Max()).Where(value => value > 0).OrderDescending().Take(rules.Top)];
                Assert.Equal(best.Length, memory.Positive.Length);
                Assert.All(best.Zip(memory.Positive), pair => Assert.Equal(pair.First, pair.Second.Coefficient, scale));
                Assert.All(memory.Positive, trigger => Assert.True(float.IsNaN(trigger.Gate)));
                Assert.Empty(memory.Negative);
                Assert.Null(memory.Statistics.SignCases);
            }
        }
    }

    public void Dispose() => _tiny.Dispose();

    private static TinyModel Make(string kind) => kind switch
    {
        "opt" => TinyModel.Opt(),
        "opt gelu" => TinyModel.Opt(activation: "gelu", memories: 300),
        "llama" => TinyModel.Llama(memoryBias: true),
        "llama of several tiles" => TinyModel.Llama(memories: 300),
        "mixtral" => TinyModel.Mixtral(),
        _ => TinyModel.Olmoe(),
    };

    // Tensors of the first layer's keys, the number of their first memory, and whether they are the gate's.
    private static IEnumerable<(string Tensor, int FirstMemory, int IsGate)> Keys(string kind) => kind switch
    {
        "opt" or "opt gelu" => [("model.decoder.layers.0.fc1.weight", 0, 0)],
        "llama" => [("model.layers.0.mlp.up_proj.weight", 0, 0), ("model.layers.0.mlp.gate_proj.weight", 0, 1)],
        "mixtral" => Enumerable.Range(0, 4).SelectMany(expert => ((string, int, int)[])[($"model.layers.0.block_sparse_moe.experts.{expert}.w3.weight", 40 * expert, 0), ($"model.layers.0.block_sparse_moe.experts.{expert}.w1.weight", 40 * expert, 1)]),
        _ => Enumerable.Range(0, 8).SelectMany(expert => ((string, int, int)[])[($"model.layers.0.mlp.experts.{expert}.up_proj.weight", 20 * expert, 0), ($"model.layers.0.mlp.experts.{expert}.gate_proj.weight", 20 * expert, 1)]),
    };

    // Each row becomes a vector of normal numbers with the row's norm.
    private static void Turn((long[] Shape, float[] Values) keys, ulong seed, int firstMemory)
    {
        int width = (int)keys.Shape[1];
        for (int memory = 0; memory < keys.Shape[0]; memory++)
        {
            Span<float> key = keys.Values.AsSpan(memory * width, width);
            double norm = 0;
            foreach (float value in key)
            {
                norm += (double)value * value;
            }

            double[] drawn = [.. Enumerable.Range(0, width).Select(d =>
            {
                ulong pair = (ulong)(d / 2 * 2);
                (double first, double second) = NormalDraw.Pair(CounterHash.Hash(seed, (ulong)(firstMemory + memory), pair), CounterHash.Hash(seed, (ulong)(firstMemory + memory), pair + 1));
                return d % 2 == 0 ? first : second;
            })];
            double scale = Math.Sqrt(norm) / Math.Sqrt(drawn.Sum(value => value * value));
            for (int d = 0; d < width; d++)
            {
                key[d] = (float)(drawn[d] * scale);
            }
        }
    }
}
