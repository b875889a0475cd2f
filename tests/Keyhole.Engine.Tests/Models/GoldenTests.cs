using Keyhole.Engine.Capture;
using Keyhole.Engine.Checkpoints;
using Keyhole.Engine.Models;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Engine.Tests.Models;

/// <summary>Sites of the forward pass against transformers 5.23.0 in float64 (shared/conformance).</summary>
public class GoldenTests
{
    [Theory]
    [InlineData("bloom")]
    [InlineData("falcon")]
    [InlineData("gemma")]
    [InlineData("gemma2")]
    [InlineData("gemma3")]
    [InlineData("gpt2")]
    [InlineData("gpt2-scaled")]
    [InlineData("gpt_neo")]
    [InlineData("gpt_neox")]
    [InlineData("gpt_neox-sequential")]
    [InlineData("gptj")]
    [InlineData("llama")]
    [InlineData("llama3-rope")]
    [InlineData("mistral")]
    [InlineData("mixtral")]
    [InlineData("olmo")]
    [InlineData("olmo2")]
    [InlineData("olmoe")]
    [InlineData("opt")]
    [InlineData("opt-350m")]   // post-norm with projections, as pytorch_model.bin
    [InlineData("phi")]
    [InlineData("phi3")]
    [InlineData("qwen2")]
    [InlineData("qwen3")]
    [InlineData("stablelm")]
    [InlineData("starcoder2")]
    public void Architectures_agree_at_every_site(string name)
    {
        string folder = SharedData.Require("conformance", "architectures", name);
        Compare(folder, [Path.Combine(folder, "golden-0.safetensors"), Path.Combine(folder, "golden-1.safetensors")], 1e-4);
    }

    [Theory]
    [InlineData("bloom")]
    [InlineData("falcon")]
    [InlineData("gemma")]
    [InlineData("gemma2")]
    [InlineData("gemma3")]
    [InlineData("gpt2")]
    [InlineData("llama")]
    [InlineData("llama3")]
    [InlineData("mistral")]
    [InlineData("mixtral")]
    [InlineData("olmo")]
    [InlineData("olmo2")]
    [InlineData("olmoe")]
    [InlineData("phi2")]
    [InlineData("qwen2")]
    [InlineData("qwen3")]
    [InlineData("stablelm")]
    [InlineData("starcoder2")]
    public void Gguf_files_agree_at_every_site(string name)
    {
        string folder = SharedData.Require("conformance", "gguf");
        Compare(Path.Combine(folder, name + ".gguf"), [.. Enumerable.Range(0, 2).Select(i => Path.Combine(folder, $"{name}.golden-{i}.safetensors"))], 1e-4);
    }

    [Fact]
    public void SmolLM2_agrees_at_every_site()
    {
        string model = SharedData.Require("models", "smollm2-135m-instruct.Q4_1.gguf");
        string folder = SharedData.Require("conformance", "smollm2");
        Compare(model, [.. Enumerable.Range(0, 6).Select(i => Path.Combine(folder, $"golden-{i}.safetensors"))], 2e-4);
    }

    private static void Compare(string modelPath, string[] goldens, double tolerance)
    {
        using Model model = Model.Open(modelPath);
        using var pass = new ForwardPass(model, new ForwardOptions { Threads = 2 });
        foreach (string path in goldens)
        {
            using Checkpoint golden = Checkpoint.Open(path);
            int[] ids = [.. Read(golden, "input_ids").Select(id => (int)id)];
            var capture = new SiteCapture(model.Spec, ids.Length, ["*"]);
            pass.Run(TokenBatch.OfText(ids), capture, TestContext.Current.CancellationToken);
            int compared = 0;
            foreach ((string name, long[] shape, float[] values) in capture.Captured())
            {
                compared += CompareExtremes(golden, name, (int)shape[1], values, tolerance);
                if (!golden.Tensors.ContainsKey(name))
                {
                    continue;
                }

                // golden-0 of SmolLM2 keeps the last rows of the logits only.
                double[] expected = Read(golden, name);
                ReadOnlySpan<float> got = values.AsSpan(values.Length - expected.Length);
                double largest = expected.Max(Math.Abs);
                double worst = 0;
                for (int i = 0; i < expected.Length; i++)
                {
                    worst = Math.Max(worst, Math.Abs(expected[i] - got[i]));
                }

                Assert.True(worst <= tolerance * largest, $"{Path.GetFileName(path)} {name} [{string.Join(", ", shape)}]: {worst / largest:E2} of the largest value, allowed {tolerance:E1}.");
                compared++;
            }

            Assert.NotEqual(0, compared);
        }
    }

    // Large goldens keep the extremes of each row, with their columns, or its norm.
    private static int CompareExtremes(Checkpoint golden, string name, int width, float[] values, double tolerance)
    {
        int compared = 0;
        foreach (string end in new[] { ".top", ".bottom" })
        {
            if (golden.Tensors.ContainsKey(name + end))
            {
                double[] expected = Read(golden, name + end);
                double[] columns = Read(golden, name + end + "_index");
                int kept = expected.Length / (values.Length / width);
                double largest = expected.Max(Math.Abs);
                for (int i = 0; i < expected.Length; i++)
                {
                    double got = values[(i / kept * width) + (int)columns[i]];
                    Assert.True(Math.Abs(got - expected[i]) <= tolerance * largest, $"{name}{end}[{i}]: {got}, expected {expected[i]}.");
                }

                compared++;
            }
        }

        if (golden.Tensors.ContainsKey(name + ".l2norm"))
        {
            double[] expected = Read(golden, name + ".l2norm");
            for (int row = 0; row < expected.Length; row++)
            {
                double got = Math.Sqrt(values.Skip(row * width).Take(width).Sum(value => (double)value * value));
                Assert.True(Math.Abs(got - expected[row]) <= tolerance * expected[row], $"{name}.l2norm[{row}]: {got}, expected {expected[row]}.");
            }

            compared++;
        }

        if (name == "logits" && golden.Tensors.ContainsKey("top_logprob"))
        {
            double[] expected = Read(golden, "top_logprob");
            double[] ids = Read(golden, "top_id");
            int kept = expected.Length / (values.Length / width);
            for (int i = 0; i < expected.Length; i++)
            {
                float[] row = values[(i / kept * width)..((i / kept * width) + width)];
                double most = row.Max();
                double logSum = most + Math.Log(row.Sum(value => Math.Exp(value - most)));
                double got = row[(int)ids[i]] - logSum;
                Assert.True(Math.Abs(got - expected[i]) <= tolerance * Math.Abs(row.Max()), $"top_logprob[{i}]: {got}, expected {expected[i]}.");
            }

            compared++;
        }

        return compared;
    }

    private static double[] Read(Checkpoint file, string name)
    {
        TensorInfo tensor = file.Require(name);
        if (tensor.Type == StorageType.I64)
        {
            ReadOnlySpan<byte> bytes = file.RawBytes(tensor, 0, (int)tensor.ByteLength);
            return [.. System.Runtime.InteropServices.MemoryMarshal.Cast<byte, long>(bytes).ToArray().Select(value => (double)value)];
        }

        var values = new float[tensor.ElementCount];
        file.ReadFloats(tensor, 0, values);
        return [.. values.Select(value => (double)value)];
    }
}
