using Keyhole.Engine.Numerics;
using Keyhole.Memories;
using Keyhole.Mining;
using Keyhole.Mining.Nulls;
using Keyhole.Studies;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Tests.Mining.Nulls;

/// <summary>
/// Is the basis of neurons special? In a model with planted neurons it is: each of its memories detects one letter. With the same layer rotated (its ReLU removed) it is not, and nothing
/// may be found.
/// </summary>
public sealed class BasisNullTests : IDisposable
{
    private const int Width = 64;
    private const int Memories = 64;
    private const int Letters = 26;
    private readonly TinyRun _tiny = new();

    [Fact]
    public void Planted_neurons_lie_above_random_directions()
    {
        LayerAgainstNull layer = Compare("planted", Planted("relu"), NullKind.Directions);
        Assert.True(layer.KurtosisIsAbove, $"{layer.Kurtosis} against {layer.NullKurtosis}");
        Assert.True(layer.SparsenessIsAbove, $"{layer.Sparseness} against {layer.NullSparseness}");
        Assert.True(Compare("planted", Planted("relu"), NullKind.Rotations).KurtosisIsAbove);
    }

    [Theory]
    [InlineData(NullKind.Directions)]
    [InlineData(NullKind.Rotations)]
    public void A_rotated_layer_does_not(NullKind kind)
    {
        TinyModel model = Planted("linear");
        Rotate(model.Tensors["model.decoder.layers.0.fc1.weight"].Values);
        LayerAgainstNull layer = Compare("rotated", model, kind);
        Overlap(layer.Kurtosis.Interval, layer.NullKurtosis.Interval);
        Overlap(layer.Sparseness.Interval, layer.NullSparseness.Interval);

        void Overlap(Keyhole.Statistics.Interval memories, Keyhole.Statistics.Interval nulls)
            => Assert.True(memories.Lower <= nulls.Upper && nulls.Lower <= memories.Upper, $"{memories} and {nulls}");
    }

    [Fact]
    public void Sparseness_is_that_of_the_coefficients()
    {
        string model = _tiny.Model(TinyModel.Llama(layers: 1));
        using Study study = TinyRun.Mine(_tiny.Options(model, _tiny.Corpus(TinyRun.Lines)));
        var naive = new NaiveMiner(model, TinyRun.Lines, new MiningRules());
        foreach (MemoryRecord memory in study.Memories())
        {
            double[] sizes = [.. naive.Coefficients(memory.Id).SelectMany(unit => unit).Select(value => (double)Math.Abs(value))];
            double expected = (1 - (sizes.Average() * sizes.Average() / sizes.Average(size => size * size))) / (1 - (1.0 / sizes.Length));
            Assert.Equal(expected, LifetimeSparseness.Of(memory.Statistics), 0.02);   // positions stand at the middle of their bin
        }

        Assert.True(double.IsNaN(LifetimeSparseness.Of(NeuronStatistics.Empty(gated: false))));
    }

    public void Dispose() => _tiny.Dispose();

    // The input of the layer is the normed embedding of the last letter alone: no attention, no positions. Memory i's key is that of letter i mod 26.
    private static TinyModel Planted(string activation)
    {
        TinyModel model = TinyModel.Opt(layers: 1, width: Width, memories: Memories, context: 64, activation: activation);
        const string Layer = "model.decoder.layers.0.";
        Fill(model, "model.decoder.embed_positions.weight", 0);
        foreach (string part in (string[])["self_attn.out_proj.weight", "self_attn.out_proj.bias", "final_layer_norm.bias", "fc1.bias"])
        {
            Fill(model, Layer + part, 0);
        }

        Fill(model, Layer + "final_layer_norm.weight", 1);
        float[] embeddings = model.Tensors["model.decoder.embed_tokens.weight"].Values;
        float[] keys = model.Tensors[Layer + "fc1.weight"].Values;
        for (int memory = 0; memory < Memories; memory++)
        {
            ReadOnlySpan<float> letter = embeddings.AsSpan(('a' + 2 + (memory % Letters)) * Width, Width);   // the byte's token is two later
            float mean = Reductions.Sum(letter) / Width;
            float norm = 0;
            foreach (float value in letter)
            {
                norm += (value - mean) * (value - mean);
            }

            for (int d = 0; d < Width; d++)
            {
                keys[(memory * Width) + d] = (letter[d] - mean) / MathF.Sqrt(norm);
            }
        }

        return model;
    }

    // K becomes Q^T K, so that the coefficients become m Q; of another seed than the null's.
    private static void Rotate(float[] keys)
    {
        using PackedMatrix rotation = HaarRotation.Pack(Memories, seed: 99, threads: 1);
        float[] before = [.. keys];
        var column = new float[Memories];
        for (int memory = 0; memory < Memories; memory++)
        {
            rotation.CopyRow(memory, column);
            for (int d = 0; d < Width; d++)
            {
                keys[(memory * Width) + d] = Enumerable.Range(0, Memories).Sum(i => column[i] * before[(i * Width) + d]);
            }
        }
    }

    private static void Fill(TinyModel model, string tensor, float value) => model.Tensors[tensor].Values.AsSpan().Fill(value);

    private LayerAgainstNull Compare(string name, TinyModel model, NullKind kind)
    {
        var random = new Random(8);
        string[] lines = [.. Enumerable.Range(0, 150).Select(_ => string.Concat(Enumerable.Range(0, 30).Select(_ => (char)('a' + random.Next(Letters)))))];
        MiningOptions options = _tiny.Options(_tiny.Model(model, name), _tiny.Corpus(lines)) with { Output = Path.Combine(_tiny.Folder, $"{name}-{kind}"), Nulls = [kind] };
        using var miner = new Miner(options);
        return Assert.Single(Assert.Single(miner.Run(cancellation: TestContext.Current.CancellationToken).Nulls).Layers);
    }
}
