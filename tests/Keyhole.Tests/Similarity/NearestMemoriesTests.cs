using Keyhole.Engine.Checkpoints;
using Keyhole.Engine.Models;
using Keyhole.Memories;
using Keyhole.Similarity;
using Keyhole.TestSupport;
using Keyhole.Tests.Memories;
using Xunit;

namespace Keyhole.Tests.Similarity;

/// <summary>The nearest memories against all cosines in double, from the tensors as they stand in the checkpoint.</summary>
public class NearestMemoriesTests
{
    [Theory]
    [InlineData("opt", "model.decoder.layers.{0}.fc1.weight", null, "model.decoder.layers.{0}.fc2.weight", "model.decoder.layers.{0}.final_layer_norm.weight", true, null)]
    [InlineData("llama", "model.layers.{0}.mlp.up_proj.weight", "model.layers.{0}.mlp.gate_proj.weight", "model.layers.{0}.mlp.down_proj.weight", "model.layers.{0}.post_attention_layernorm.weight", false, null)]
    [InlineData("gemma2", "model.layers.{0}.mlp.up_proj.weight", "model.layers.{0}.mlp.gate_proj.weight", "model.layers.{0}.mlp.down_proj.weight", "model.layers.{0}.pre_feedforward_layernorm.weight", false, "model.layers.{0}.post_feedforward_layernorm.weight")]
    public void They_are_those_of_a_search_in_double(string family, string keys, string? gates, string values, string norm, bool centred, string? outputNorm)
    {
        using var folder = new TemporaryFolder();
        using Model model = Model.Open(CoefficientTraceTests.Of(family).Write(folder.File(family)));
        var id = new NeuronId(1, 7);
        IReadOnlyDictionary<MemoryVectorKind, IReadOnlyList<NearMemory>> found = NearestMemories.Find(model, id, 10, threads: 2, TestContext.Current.CancellationToken);
        Assert.Equal(gates is null ? 2 : 3, found.Count);
        double offset = family == "gemma2" ? 1 : 0;
        foreach ((MemoryVectorKind kind, IReadOnlyList<NearMemory> nearest) in found)
        {
            bool eitherWay = gates is not null && kind != MemoryVectorKind.GateKey;
            var vectors = new Dictionary<NeuronId, double[]>();
            for (int layer = 0; layer < model.Spec.LayerCount; layer++)
            {
                foreach (NeuronId name in model.Spec.NamesOf(layer))
                {
                    vectors.Add(name, kind == MemoryVectorKind.Value
                        ? Scaled(Column(Tensor(model, values, layer), model.Spec.Width, name.Index), outputNorm is null ? null : Tensor(model, outputNorm, layer), offset, centred: false)
                        : Scaled(Row(Tensor(model, kind == MemoryVectorKind.GateKey ? gates! : keys, layer), model.Spec.Width, name.Index), Tensor(model, norm, layer), offset, centred));
                }
            }

            (NeuronId Id, double Cosine)[] expected = [.. vectors.Where(entry => entry.Key != id).Select(entry => (entry.Key, Cosine: Cosine(vectors[id], entry.Value)))
                .OrderByDescending(entry => eitherWay ? Math.Abs(entry.Cosine) : entry.Cosine).ThenBy(entry => entry.Key).Take(10)];
            Assert.Equal(expected.Select(entry => entry.Id), nearest.Select(near => near.Id));
            Assert.All(expected.Zip(nearest), pair => Assert.Equal(pair.First.Cosine, pair.Second.Cosine, 1e-5));
        }
    }

    [Fact]
    public void Experts_are_searched_and_named()
    {
        using var folder = new TemporaryFolder();
        using Model model = Model.Open(TinyModel.Mixtral().Write(folder.File("mixtral")));
        var id = new NeuronId(0, 3, Expert: 2);
        IReadOnlyList<NearMemory> nearest = NearestMemories.Find(model, id, 400, threads: 2, TestContext.Current.CancellationToken)[MemoryVectorKind.Value];
        Assert.Equal((2 * 4 * 40) - 1, nearest.Count);
        Assert.Equal(nearest.Count, nearest.Select(near => near.Id).Distinct().Count());
        Assert.DoesNotContain(nearest, near => near.Id == id || near.Id.Expert < 0);
    }

    [Fact]
    public void A_vector_of_zeros_is_near_to_nothing()
    {
        using var folder = new TemporaryFolder();
        TinyModel tiny = TinyModel.Opt();
        (long[] _, float[] keys) = tiny.Tensors["model.decoder.layers.0.fc1.weight"];
        keys.AsSpan(5 * 24, 24).Clear();
        using Model model = Model.Open(tiny.Write(folder.File("zeros")));
        IReadOnlyList<NearMemory> nearest = NearestMemories.Find(model, new NeuronId(0, 1), 200, threads: 1, TestContext.Current.CancellationToken)[MemoryVectorKind.Key];
        Assert.DoesNotContain(nearest, near => near.Id == new NeuronId(0, 5));
        Assert.Empty(NearestMemories.Find(model, new NeuronId(0, 5), 10, threads: 1, TestContext.Current.CancellationToken)[MemoryVectorKind.Key]);
    }

    private static double[] Tensor(Model model, string name, int layer)
    {
        TensorInfo tensor = model.Checkpoint.Require(string.Format(System.Globalization.CultureInfo.InvariantCulture, name, layer));
        var read = new float[tensor.ElementCount];
        model.Checkpoint.ReadFloats(tensor, 0, read);
        return [.. read.Select(value => (double)value)];
    }

    private static double[] Row(double[] matrix, int width, int row) => matrix[(row * width)..((row + 1) * width)];

    private static double[] Column(double[] matrix, int rows, int column) => [.. Enumerable.Range(0, rows).Select(row => matrix[(row * (matrix.Length / rows)) + column])];

    private static double[] Scaled(double[] vector, double[]? gain, double offset, bool centred)
    {
        double[] scaled = gain is null ? vector : [.. vector.Zip(gain, (value, by) => value * (by + offset))];
        double mean = centred ? scaled.Average() : 0;
        return [.. scaled.Select(value => value - mean)];
    }

    private static double Cosine(double[] a, double[] b)
        => a.Zip(b, (x, y) => x * y).Sum() / (Math.Sqrt(a.Sum(x => x * x)) * Math.Sqrt(b.Sum(x => x * x)));
}
