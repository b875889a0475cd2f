using System.Diagnostics;
using System.Security.Cryptography;
using Keyhole.Memories;
using Keyhole.Mining;
using Keyhole.Studies;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Tests.Mining;

/// <summary>What must not change a result does not change a byte of it; subsets are subsets.</summary>
public sealed class MinerInvarianceTests : IDisposable
{
    private const string FileVariable = "KEYHOLE_TEST_MINING_DIGEST";
    private readonly TinyRun _tiny = new();

    [Theory]
    [InlineData(1, null)]
    [InlineData(2, 64)]
    [InlineData(5, 1000)]
    [InlineData(1, 1)]
    [InlineData(3, int.MaxValue)]
    public void The_same_bytes_for_any_threads_and_chunks(int threads, int? chunkTokens)
    {
        string corpus = _tiny.Corpus(TinyRun.Lines);
        foreach (TinyModel tiny in (TinyModel[])[TinyModel.Llama(), TinyModel.Opt(normBefore: false, embeddingWidth: 10), TinyModel.Mixtral(), TinyModel.Olmoe()])
        {
            string model = _tiny.Model(tiny);
            foreach (MiningRules rules in (MiningRules[])[new() { Top = 6 }, new() { Top = 6, Distinct = 2, PerPrefix = true }])
            {
                MiningOptions options = _tiny.Options(model, corpus) with { Rules = rules };
                SameBytes(_tiny.Export(options), _tiny.Export(options with { Output = options.Output + "-other", Threads = threads, ChunkTokens = chunkTokens }));
            }
        }
    }

    [Fact]
    public void The_same_bytes_whether_layers_are_kept_or_streamed()
    {
        MiningOptions options = Bundled();
        bool? kept = null;
        (byte[] Neurons, byte[] Units) whole = _tiny.Export(options, plan => kept = plan.KeepsLayers);
        Assert.True(kept);

        // The least budget is what the refusal of a smaller one names.
        Engine.InputRefusedException refused = Assert.Throws<Engine.InputRefusedException>(() => TinyRun.Mine(options with { Output = options.Output + "-little", Memory = 1 << 20 }));
        Assert.Equal("KH5002", refused.Code);
        long least = long.Parse(System.Text.RegularExpressions.Regex.Match(refused.Message, "takes ([0-9]+)MiB").Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture) << 20;
        MemoryPlan? streamed = null;
        SameBytes(whole, _tiny.Export(options with { Output = options.Output + "-streamed", Memory = least }, plan => streamed = plan));
        Assert.False(streamed!.KeepsLayers);
        Assert.True(streamed.Total <= least);
    }

    /// <summary>The child's part of the test below; on its own it shows that a run repeats.</summary>
    [Fact]
    public void A_run_repeats()
    {
        string digest = Digest(Bundled() with { Layers = [0, 2] });
        if (Environment.GetEnvironmentVariable(FileVariable) is { Length: > 0 } path)
        {
            File.WriteAllText(path, digest);
            return;
        }

        Assert.Equal(digest, Digest(Bundled() with { Layers = [0, 2] }));
    }

    [Theory]
    [InlineData("DOTNET_EnableAVX512")]
    [InlineData("DOTNET_EnableAVX2")]
    public void The_same_bytes_without(string instructionSet)
    {
        string path = Path.Combine(_tiny.Folder, "digest");
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true };
        foreach (string argument in (string[])["exec", typeof(MinerInvarianceTests).Assembly.Location, "-method", $"{typeof(MinerInvarianceTests).FullName}.{nameof(A_run_repeats)}"])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment[instructionSet] = "0";
        start.Environment[FileVariable] = path;
        using Process child = Process.Start(start)!;
        string output = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        Assert.True(child.ExitCode == 0, output);
        Assert.Equal(Digest(Bundled() with { Layers = [0, 2] }), File.ReadAllText(path));
    }

    [Fact]
    public void Permuted_memories_give_permuted_results()
    {
        TinyModel model = TinyModel.Opt(layers: 2);
        const int Layer = 1;
        int[] order = [.. Enumerable.Range(0, 40)];
        new Random(5).Shuffle(order);
        TinyModel permuted = TinyModel.Opt(layers: 2);
        string block = $"model.decoder.layers.{Layer}.";
        for (int i = 0; i < order.Length; i++)
        {
            model.Tensors[block + "fc1.weight"].Values.AsSpan(order[i] * 24, 24).CopyTo(permuted.Tensors[block + "fc1.weight"].Values.AsSpan(i * 24));
            permuted.Tensors[block + "fc1.bias"].Values[i] = model.Tensors[block + "fc1.bias"].Values[order[i]];
            for (int row = 0; row < 24; row++)
            {
                permuted.Tensors[block + "fc2.weight"].Values[(row * 40) + i] = model.Tensors[block + "fc2.weight"].Values[(row * 40) + order[i]];
            }
        }

        string corpus = _tiny.Corpus(TinyRun.Lines);
        using Study first = TinyRun.Mine(_tiny.Options(_tiny.Model(model), corpus));
        using Study second = TinyRun.Mine(_tiny.Options(_tiny.Model(permuted, "permuted"), corpus));
        for (int i = 0; i < order.Length; i++)
        {
            Same(first.Memory(new NeuronId(Layer, order[i]))!, second.Memory(new NeuronId(Layer, i))!);
        }
    }

    [Fact]
    public void Permuted_experts_give_permuted_results()
    {
        TinyModel model = TinyModel.Olmoe(layers: 1);
        TinyModel permuted = TinyModel.Olmoe(layers: 1);
        int[] order = [3, 0, 7, 5, 1, 2, 6, 4];
        const string Layer = "model.layers.0.mlp.";
        for (int expert = 0; expert < order.Length; expert++)
        {
            model.Tensors[Layer + "gate.weight"].Values.AsSpan(order[expert] * 24, 24).CopyTo(permuted.Tensors[Layer + "gate.weight"].Values.AsSpan(expert * 24));
            foreach (string part in (string[])["gate_proj", "up_proj", "down_proj"])
            {
                model.Tensors[$"{Layer}experts.{order[expert]}.{part}.weight"].Values.CopyTo(permuted.Tensors[$"{Layer}experts.{expert}.{part}.weight"].Values, 0);
            }
        }

        string corpus = _tiny.Corpus(TinyRun.Lines);
        using Study first = TinyRun.Mine(_tiny.Options(_tiny.Model(model), corpus));
        using Study second = TinyRun.Mine(_tiny.Options(_tiny.Model(permuted, "permuted"), corpus));
        foreach (NeuronId id in second.Memories().Select(memory => memory.Id))
        {
            MemoryRecord expected = first.Memory(new NeuronId(0, id.Index, order[id.Expert]))!;
            MemoryRecord actual = second.Memory(id)!;
            Assert.Equal(Bytes(expected), Bytes(actual));
            foreach ((Trigger before, Trigger after) in expected.Positive.Zip(actual.Positive).Concat(expected.Negative.Zip(actual.Negative)))
            {
                Assert.Equal(before.RouterWeight, after.RouterWeight, 1e-6f);   // the softmax adds up in order of experts
                Assert.Equal(before with { RouterWeight = after.RouterWeight }, after);
            }

            Assert.Equal((expected.Positive.Length, expected.Negative.Length), (actual.Positive.Length, actual.Negative.Length));
        }
    }

    [Fact]
    public void Chosen_memories_of_experts_are_those_of_the_whole_run()
    {
        string model = _tiny.Model(TinyModel.Mixtral());
        string corpus = _tiny.Corpus(TinyRun.Lines);
        using Study whole = TinyRun.Mine(_tiny.Options(model, corpus));
        Assert.Equal(Enumerable.Range(0, 2 * 4 * 40).Select(i => new NeuronId(i / 160, i % 40, i / 40 % 4)), whole.Memories().Select(memory => memory.Id));
        Assert.Equal((4, 40), (whole.Shape.Experts, whole.Shape.Widths[1]));
        HashSet<NeuronId> chosen = [new(1, 39, 3), new(0, 7, 0), new(0, 7, 2)];
        using Study some = TinyRun.Mine(_tiny.Options(model, corpus) with { Neurons = chosen });
        Assert.Equal(chosen.Order(), some.Memories().Select(memory => memory.Id));
        Assert.All(some.Memories(), memory => Same(whole.Memory(memory.Id)!, memory));
    }

    [Fact]
    public void Chosen_layers_and_memories_are_those_of_the_whole_run()
    {
        string model = _tiny.Model(TinyModel.Llama(layers: 3));
        string corpus = _tiny.Corpus(TinyRun.Lines);
        using Study whole = TinyRun.Mine(_tiny.Options(model, corpus));
        using Study layer = TinyRun.Mine(_tiny.Options(model, corpus) with { Layers = [1, 0, 1] });
        Assert.Equal(Enumerable.Range(0, 80).Select(i => new NeuronId(i / 40, i % 40)), layer.Memories().Select(memory => memory.Id));
        Assert.All(layer.Memories(), memory => Same(whole.Memory(memory.Id)!, memory));
        HashSet<NeuronId> chosen = [new(2, 39), new(0, 7)];
        using Study neurons = TinyRun.Mine(_tiny.Options(model, corpus) with { Neurons = chosen });
        Assert.Equal([new(0, 7), new(2, 39)], neurons.Memories().Select(memory => memory.Id));
        Assert.All(neurons.Memories(), memory => Same(whole.Memory(memory.Id)!, memory));
    }

    [Fact]
    public void Limit_takes_the_first_units()
    {
        string model = _tiny.Model(TinyModel.Llama());
        using Study limited = TinyRun.Mine(_tiny.Options(model, _tiny.Corpus(TinyRun.Lines)) with { Limit = 9 });
        using Study first = TinyRun.Mine(_tiny.Options(model, _tiny.Corpus(TinyRun.Lines.Take(9), "first.txt")));
        Assert.Equal(9, limited.UnitCount);
        SameMemories(first, limited);
    }

    [Fact]
    public void A_sample_repeats_for_its_seed_and_is_everything_where_it_is_large()
    {
        string model = _tiny.Model(TinyModel.Llama());
        string corpus = _tiny.Corpus(TinyRun.Lines);
        MiningOptions options = _tiny.Options(model, corpus) with { Sample = 12, Seed = 4 };
        using Study first = TinyRun.Mine(options);
        using Study again = TinyRun.Mine(options with { Output = options.Output + "-again", Threads = 1 });
        using Study other = TinyRun.Mine(options with { Output = options.Output + "-other", Seed = 5 });
        Assert.Equal(12, first.UnitCount);
        SameMemories(first, again);
        Assert.Equal(first.Units().Select(unit => unit.Offset), again.Units().Select(unit => unit.Offset));
        Assert.NotEqual(first.Units().Select(unit => unit.Offset), other.Units().Select(unit => unit.Offset));
        Assert.Equal(first.Units().Select(unit => unit.Offset).Order(), first.Units().Select(unit => unit.Offset));

        using Study all = TinyRun.Mine(_tiny.Options(model, corpus));
        using Study large = TinyRun.Mine(_tiny.Options(model, corpus) with { Sample = 100_000, Seed = 4 });
        SameMemories(all, large);
        using Study ofFirst = TinyRun.Mine(_tiny.Options(model, corpus) with { Sample = 100_000, Limit = 9 });
        Assert.Equal(9, ofFirst.UnitCount);
    }

    public void Dispose() => _tiny.Dispose();

    internal static void Same(MemoryRecord expected, MemoryRecord actual)
    {
        Assert.Equal(expected.Positive, actual.Positive);
        Assert.Equal(expected.Negative, actual.Negative);
        Assert.Equal(Bytes(expected), Bytes(actual));
    }

    private static void SameBytes((byte[] Neurons, byte[] Units) expected, (byte[] Neurons, byte[] Units) actual)
    {
        Assert.Equal(expected.Neurons, actual.Neurons);
        Assert.Equal(expected.Units, actual.Units);
    }

    private static void SameMemories(Study expected, Study actual)
    {
        foreach ((MemoryRecord first, MemoryRecord second) in expected.Memories().Zip(actual.Memories()))
        {
            Same(first, second);
        }
    }

    private static byte[] Bytes(MemoryRecord memory)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        memory.Statistics.Write(writer);
        return stream.ToArray();
    }

    private MiningOptions Bundled() => _tiny.Options(Path.Combine(SharedData.Repository, "models", "mini"), Path.Combine(SharedData.Repository, "corpora", "mini.train-sample.txt")) with
    {
        Limit = 25,
        ChunkTokens = null,
    };

    private string Digest(MiningOptions options)
    {
        (byte[] neurons, byte[] units) = _tiny.Export(options);
        return Convert.ToHexString(SHA256.HashData(neurons)) + Convert.ToHexString(SHA256.HashData(units));
    }
}
