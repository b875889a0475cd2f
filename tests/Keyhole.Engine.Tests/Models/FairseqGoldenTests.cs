using System.Runtime.InteropServices;
using Keyhole.Engine.Capture;
using Keyhole.Engine.Checkpoints;
using Keyhole.Engine.Models;
using Keyhole.Engine.Numerics;
using Keyhole.Engine.Readouts;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Engine.Tests.Models;

/// <summary>
/// A tiny model in fairseq's checkpoint format against fairseq 0.9.0 as modified by the authors of the paper (mega002/ff-layers f4a71c6) in float64: shared/conformance/fairseq-tiny.
/// </summary>
public sealed class FairseqGoldenTests
{
    private const double Tolerance = 1e-4;
    private const int Layers = 4;

    public static TheoryData<string> Containers => ["model.legacy.pt", "model.zip.pt"];

    [Theory]
    [MemberData(nameof(Containers))]
    public void Every_site_and_log_probability_is_fairseqs(string container)
    {
        using Model model = Model.Open(Shared(container));
        using var pass = new ForwardPass(model, new ForwardOptions { Threads = 2 });
        for (int sentence = 0; sentence < 6; sentence++)
        {
            using Checkpoint golden = Checkpoint.Open(Shared($"golden-{sentence}.safetensors"));
            int[] ids = Integers(golden, "input_ids");
            var capture = new SiteCapture(model.Spec, ids.Length, ["*"]);
            pass.Run(TokenBatch.OfText(ids), capture, TestContext.Current.CancellationToken);
            int compared = 0;
            foreach ((string name, long[] _, float[] values) in capture.Captured())
            {
                string wanted = name == "logits" ? "logprobs_final" : name;
                if (golden.Tensors.ContainsKey(wanted))
                {
                    Near(Floats(golden, wanted), values, Tolerance, $"{wanted} of sentence {sentence}");
                    compared++;
                }
            }

            Assert.Equal((7 * Layers) + 1, compared);   // all sites but the pre-activations, and the log-probabilities
        }
    }

    [Theory]
    [MemberData(nameof(Containers))]
    public void Readings_of_residuals_and_updates_are_fairseqs(string container)
    {
        using Model model = Model.Open(Shared(container));
        using var reader = new VocabularyReader(model, 2);
        for (int sentence = 0; sentence < 6; sentence++)
        {
            using Checkpoint golden = Checkpoint.Open(Shared($"golden-{sentence}.safetensors"));
            for (int layer = 0; layer < Layers; layer++)
            {
                foreach (string site in new[] { "hook_resid_mid", "hook_mlp_out" })
                {
                    float[] vectors = Floats(golden, $"blocks.{layer}.{site}");
                    RequireReadings(model, reader, vectors, Floats(golden, $"blocks.{layer}.{site}.logprobs"), Readout.Raw);
                    RequireReadings(model, reader, vectors, Floats(golden, $"blocks.{layer}.{site}.logprobs"), Readout.Folded);
                }

                ScanResult output = Scan(model, reader, Floats(golden, $"blocks.{layer}.hook_resid_post"), Readout.Model, new ScanOptions { LogSumExp = true });
                Assert.Equal(Integers(golden, $"blocks.{layer}.hook_resid_post.argmax"), output.TopTokens);
                Near(Floats(golden, $"blocks.{layer}.hook_resid_post.max_logprob"), output.TopLogits, Tolerance, "max_logprob");
                Assert.All(output.LogSumExp, sum => Assert.Equal(0, sum, 1e-5));
            }
        }
    }

    [Fact]
    public void Readings_of_values_are_fairseqs()
    {
        using Model model = Model.Open(Shared("model.legacy.pt"));
        using var reader = new VocabularyReader(model, 2);
        using Checkpoint golden = Checkpoint.Open(Shared("golden-values.safetensors"));
        for (int layer = 0; layer < Layers; layer++)
        {
            int[] memories = Integers(golden, $"layer.{layer}.dims");
            float[] vectors = Floats(golden, $"layer.{layer}.vectors");
            using var value = new AlignedBuffer(model.Spec.Width);
            for (int i = 0; i < memories.Length; i++)
            {
                MemoryVectors.ReadValues(model, layer, memories[i], value.Matrix(1, model.Spec.Width));
                Assert.Equal(vectors[(i * model.Spec.Width)..((i + 1) * model.Spec.Width)], value.Span(0, model.Spec.Width).ToArray());
            }

            RequireReadings(model, reader, vectors, Floats(golden, $"layer.{layer}.logprobs"), Readout.Folded);
            Assert.Equal(Integers(golden, $"layer.{layer}.argmax"), Scan(model, reader, vectors, Readout.Folded, new ScanOptions()).TopTokens);
        }
    }

    [Fact]
    public void Positions_are_fairseqs_sinusoids()
    {
        using Checkpoint golden = Checkpoint.Open(Shared("golden-positions.safetensors"));
        int[] rows = Integers(golden, "rows");
        float[] expected = Floats(golden, "embedding");
        int width = expected.Length / rows.Length;

        // Beside tokens whose embeddings are zeros the first residual is the position alone.
        TinyModel zeros = TinyModel.Fairseq(width: width);
        foreach (string name in zeros.Tensors.Keys.Where(name => name.Contains("embed_tokens", StringComparison.Ordinal)).ToArray())
        {
            zeros.Tensors[name] = (zeros.Tensors[name].Shape, new float[zeros.Tensors[name].Values.Length]);
        }

        int tokens = rows.Max() - 1;
        zeros.Config["tokens_per_sample"] = tokens;
        using var folder = new TestSupport.TemporaryFolder();
        using Model model = Model.Open(zeros.Write(folder.File("zeros")));
        using var pass = new ForwardPass(model, new ForwardOptions { Threads = 2 });
        var capture = new SiteCapture(model.Spec, tokens, ["blocks.0.hook_resid_pre"]);
        pass.Run(TokenBatch.OfText(new int[tokens]), capture, TestContext.Current.CancellationToken);
        float[] got = capture.Values(Site.ResidPre, 0);
        Assert.True(rows.Max() > 1000);
        for (int i = 0; i < rows.Length; i++)
        {
            if (rows[i] >= 2)   // the row of the first token
            {
                Near(expected[(i * width)..((i + 1) * width)], got[((rows[i] - 2) * width)..((rows[i] - 1) * width)], rows[i] < 40 ? 5e-6 : 3e-4, $"row {rows[i]}");
            }
        }
    }

    private static string Shared(string file) => SharedData.Require("conformance", "fairseq-tiny", file);

    // Every log-probability of every row, by probes; the top token and its log-probability.
    private static void RequireReadings(Model model, VocabularyReader reader, float[] vectors, float[] expected, Readout readout)
    {
        int vocabulary = model.Spec.VocabularySize;
        int rows = vectors.Length / model.Spec.Width;
        ScanResult result = Scan(model, reader, vectors, readout, new ScanOptions { LogSumExp = true, Probes = ScanProbes.Each(vocabulary, [.. Enumerable.Range(0, rows).SelectMany(_ => Enumerable.Range(0, vocabulary))]) });
        Near(expected, result.ProbeLogits, Tolerance, "log-probabilities");
        for (int row = 0; row < rows; row++)
        {
            float[] own = expected[(row * vocabulary)..((row + 1) * vocabulary)];
            Assert.Equal(Array.IndexOf(own, own.Max()), result.TopTokens[row]);
            Assert.Equal(0, result.ProbeRanks[(row * vocabulary) + result.TopTokens[row]]);
            Assert.Equal(0, result.LogSumExp[row], 1e-5);
        }
    }

    private static ScanResult Scan(Model model, VocabularyReader reader, float[] vectors, Readout readout, ScanOptions options)
    {
        int rows = vectors.Length / model.Spec.Width;
        using var read = new AlignedBuffer(vectors.Length);
        using var prepared = new AlignedBuffer((long)rows * reader.Width);
        vectors.CopyTo(read.Span(0, vectors.Length));
        if (readout == Readout.Model)
        {
            var scales = new float[rows];
            reader.PrepareStates(read.Matrix(rows, model.Spec.Width), prepared.Matrix(rows, reader.Width), scales);
            options = options with { Scales = scales };
        }
        else
        {
            reader.Prepare(readout, read.Matrix(rows, model.Spec.Width), prepared.Matrix(rows, reader.Width));
        }

        return reader.Scan(prepared.Matrix(rows, reader.Width), options, cancellation: TestContext.Current.CancellationToken);
    }

    private static void Near(float[] expected, float[] got, double tolerance, string what)
    {
        Assert.Equal(expected.Length, got.Length);
        double worst = expected.Zip(got).Max(pair => Math.Abs((double)pair.First - pair.Second));
        Assert.True(worst <= tolerance, $"{what}: off by {worst:E2}, allowed {tolerance:E1}.");
    }

    private static float[] Floats(Checkpoint file, string name)
    {
        TensorInfo tensor = file.Require(name);
        var values = new float[tensor.ElementCount];
        file.ReadFloats(tensor, 0, values);
        return values;
    }

    private static int[] Integers(Checkpoint file, string name)
    {
        TensorInfo tensor = file.Require(name);
        return [.. MemoryMarshal.Cast<byte, long>(file.RawBytes(tensor, 0, (int)tensor.ByteLength)).ToArray().Select(value => (int)value)];
    }
}
