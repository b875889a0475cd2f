using System.Globalization;
using System.Text.Json;
using Keyhole.Engine.Checkpoints;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Cli.Tests;

public class CaptureTests
{
    private const string Mini = "models/mini";
    private const string France = "The capital of France is";
    private const string FranceIds = "0,585,1978,278,3457,348";
    private static readonly string TinyLlama = Path.Combine(SharedData.Repository, "tests", "Keyhole.Cli.Tests", "Golden", "llama");

    [Fact]
    public void Every_site_of_a_model_without_a_tokenizer_agrees_with_transformers()
        => AssertAgrees(TinyLlama, Path.Combine(TinyLlama, "golden-0.safetensors"), 1e-4f);

    [Theory]
    [InlineData("llama", 1)]
    [InlineData("llama3-rope", 0)]
    [InlineData("llama3-rope", 1)]
    [InlineData("opt", 0)]
    [InlineData("opt", 1)]
    public void Every_site_agrees_with_the_reference_data(string architecture, int golden)
    {
        string folder = SharedData.Require("conformance", "architectures", architecture);
        AssertAgrees(folder, Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"golden-{golden}.safetensors")), 1e-4f);
    }

    [Fact]
    public void A_quantised_model_of_some_size_knows_the_capital_of_France()
    {
        string model = SharedData.Require("models", "smollm2-135m-instruct.Q4_1.gguf");
        using var golden = new SafetensorsContent(SharedData.Require("conformance", "smollm2", "golden-0.safetensors"));
        using var folder = new TemporaryFolder();
        CommandResult result = KeyholeProcess.Run("capture", model, "--text", France, "-o", folder.File("f.safetensors"));
        Assert.Equal(0, result.ExitStatus);
        Assert.Contains("\nnext: ' Paris' ", result.Error, StringComparison.Ordinal);
        using var captured = new SafetensorsContent(folder.File("f.safetensors"));
        Assert.Equal(golden.Longs("input_ids"), captured.Longs("input_ids"));
        foreach (string name in golden.Tensors.Keys.Where(name => name.StartsWith("blocks.", StringComparison.Ordinal)))
        {
            AssertClose(golden.Floats(name), captured.Floats(name), 2e-4f, name);
        }
        float[] lastTwo = golden.Floats("logits");
        AssertClose(lastTwo, captured.Floats("logits")[^lastTwo.Length..], 2e-4f, "logits");
    }

    [Fact]
    public void Text_and_its_ids_any_threads_and_a_file_of_ids_give_the_same_bytes()
    {
        using var folder = new TemporaryFolder();
        string ids = folder.Write("ids.txt", FranceIds.Replace(",", "\n", StringComparison.Ordinal) + "\n");
        byte[] expected = Capture(folder, "--text", France, "--threads", "2");
        Assert.Equal(expected, Capture(folder, "--ids", FranceIds, "--threads", "1"));
        Assert.Equal(expected, Capture(folder, "--ids", FranceIds.Replace(',', ' ')));
        Assert.Equal(expected, Capture(folder, "--ids", ids));
        Assert.Equal([585, 1978, 278, 3457, 348], Ids(folder, "--ids", FranceIds[2..])); // Nothing is put before ids.
    }

    [Fact]
    public void Bos_may_be_left_out_or_asked_for()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal([585, 1978, 278, 3457, 348], Ids(folder, "--text", France, "--bos", "never"));
        Assert.Equal([0, 585, 1978, 278, 3457, 348], Ids(folder, "--text", France, "--bos", "always"));
    }

    [Fact]
    public void The_sites_have_their_names_and_shapes_and_add_up()
    {
        using var folder = new TemporaryFolder();
        Capture(folder, "--ids", FranceIds);
        using var captured = new SafetensorsContent(folder.File("out.safetensors"));
        Assert.Equal(2 + (10 * 8), captured.Tensors.Count); // ids, logits, and of each layer all sites but the gated one
        Assert.Equal([6, 256], captured.Tensors["blocks.9.hook_resid_post"].Shape);
        Assert.Equal([6, 1024], captured.Tensors["blocks.0.mlp.hook_post"].Shape);
        Assert.Equal([6, 8192], captured.Tensors["logits"].Shape);
        float[] sum = [.. captured.Floats("blocks.4.hook_resid_mid").Zip(captured.Floats("blocks.4.hook_mlp_out"), (r, y) => r + y)];
        AssertClose(sum, captured.Floats("blocks.4.hook_resid_post"), 1e-6f, "residual");
        Assert.Equal(captured.Floats("blocks.4.hook_resid_post"), captured.Floats("blocks.5.hook_resid_pre"));
        Assert.Equal([.. captured.Floats("blocks.3.mlp.hook_pre").Select(x => Math.Max(x, 0))], captured.Floats("blocks.3.mlp.hook_post"));
    }

    [Fact]
    public void Patterns_choose_the_sites_and_without_logits_nothing_comes_next()
    {
        using var folder = new TemporaryFolder();
        CommandResult result = KeyholeProcess.Run("capture", Mini, "--ids", "0,585", "-o", folder.File("a.safetensors"), "--sites", "blocks.?.mlp.hook_post", "--sites", "blocks.3.hook_resid_*", "--json");
        Assert.Equal(0, result.ExitStatus);
        Assert.Empty(result.Error);
        using JsonDocument json = JsonDocument.Parse(result.Output);
        Assert.Equal("schemaVersion", json.RootElement.EnumerateObject().First().Name);
        JsonElement[] tensors = [.. json.RootElement.GetProperty("tensors").EnumerateArray()];
        Assert.Equal(1 + 10 + 3, tensors.Length);
        Assert.Equal(("input_ids", "I64"), (tensors[0].GetProperty("name").GetString(), tensors[0].GetProperty("type").GetString()));
        Assert.Contains(tensors, tensor => tensor.GetProperty("name").GetString() == "blocks.3.hook_resid_mid" && tensor.GetProperty("shape")[1].GetInt32() == 256);
        Assert.Empty(json.RootElement.GetProperty("next").EnumerateArray());
    }

    [Fact]
    public void The_most_likely_next_tokens_are_probabilities_in_falling_order()
    {
        using var folder = new TemporaryFolder();
        CommandResult result = KeyholeProcess.Run("capture", Mini, "--text", France, "-o", folder.File("a.safetensors"), "--sites", "logits", "--json");
        using JsonDocument json = JsonDocument.Parse(result.Output);
        JsonElement[] next = [.. json.RootElement.GetProperty("next").EnumerateArray()];
        double[] probabilities = [.. next.Select(token => token.GetProperty("probability").GetDouble())];
        Assert.Equal(5, next.Length);
        Assert.Equal(probabilities.OrderDescending(), probabilities);
        Assert.InRange(probabilities.Sum(), 0.05, 1);
        using var captured = new SafetensorsContent(folder.File("a.safetensors"));
        float[] last = captured.Floats("logits")[^8192..];
        Assert.Equal(Array.IndexOf(last, last.Max()), next[0].GetProperty("id").GetInt32());
        Assert.Equal(last.Sum(logit => Math.Exp((double)logit - last.Max())), 1 / probabilities[0], 1e-9);
        Assert.Equal(" the", next[0].GetProperty("text").GetString());
    }

    [Theory]
    [InlineData(3, "KH3007", "token id 8192 is not in the vocabulary of this model (ids 0 to 8191)", "--ids", "0,8192")]
    [InlineData(3, "KH3010", "no site fits 'blocks.10.*'", "--ids", "0", "--sites", "blocks.10.*")]
    [InlineData(2, "KH6001", "'b' is no token id", "--ids", "0,b")]
    [InlineData(2, "KH6001", "'-1' is no token id", "--ids", "0,-1")]
    [InlineData(2, "KH6001", "an id is missing between two commas", "--ids", "0,,1")]
    [InlineData(2, "KH6001", "there is no id", "--ids", " ")]
    [InlineData(2, "KH6001", "'99999999999' is no token id", "--ids", "99999999999")]
    [InlineData(2, "KH6001", "either --text TEXT or --ids IDS", "--ids", "0", "--text", "a")]
    [InlineData(2, "KH6001", "either --text TEXT or --ids IDS")]
    [InlineData(2, "KH6001", "--bos belongs to --text", "--ids", "0", "--bos", "never")]
    [InlineData(2, "KH6001", "--text is empty", "--text", "", "--bos", "never")]
    public void What_cannot_be_run_is_refused_and_leaves_nothing(int exitStatus, string code, string sentence, params string[] options)
    {
        using var folder = new TemporaryFolder();
        CommandResult result = KeyholeProcess.Run(["capture", Mini, "-o", folder.File("a.safetensors"), .. options]);
        Assert.Equal(exitStatus, result.ExitStatus);
        Assert.StartsWith($"keyhole: error {code}: ", result.Error, StringComparison.Ordinal);
        Assert.Contains(sentence, result.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void A_text_longer_than_the_context_is_refused()
    {
        using var folder = new TemporaryFolder();
        CommandResult result = KeyholeProcess.Run("capture", Mini, "--ids", string.Join(',', Enumerable.Repeat(1, 2000)), "--sites", "logits", "-o", folder.File("a.safetensors"));
        Assert.Equal(3, result.ExitStatus);
        Assert.Contains("KH3008", result.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void Text_needs_a_tokenizer_and_ids_do_not()
    {
        using var folder = new TemporaryFolder();
        CommandResult result = KeyholeProcess.Run("capture", TinyLlama, "--text", "a", "-o", folder.File("a.safetensors"));
        Assert.Equal(3, result.ExitStatus);
        Assert.StartsWith("keyhole: error KH2001: ", result.Error, StringComparison.Ordinal);
        Assert.Contains("next: id ", KeyholeProcess.Run("capture", TinyLlama, "--ids", "1", "-o", folder.File("a.safetensors")).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/dev/null", "this is a device")]
    [InlineData("no/such/folder/a.safetensors", "there is no folder")]
    [InlineData("docs", "this is a folder")]
    public void A_place_where_no_file_can_be_is_refused(string output, string sentence)
    {
        CommandResult result = KeyholeProcess.Run("capture", Mini, "--ids", "1", "-o", output);
        Assert.Equal(3, result.ExitStatus);
        Assert.StartsWith("keyhole: error KH1016: ", result.Error, StringComparison.Ordinal);
        Assert.Contains(sentence, result.Error, StringComparison.Ordinal);
    }

    private static byte[] Capture(TemporaryFolder folder, params string[] options)
    {
        CommandResult result = KeyholeProcess.Run(["capture", Mini, "-o", folder.File("out.safetensors"), .. options]);
        Assert.True(result.ExitStatus == 0, result.Error);
        return File.ReadAllBytes(folder.File("out.safetensors"));
    }

    private static long[] Ids(TemporaryFolder folder, params string[] options)
    {
        Capture(folder, [.. options, "--sites", "logits"]);
        using var captured = new SafetensorsContent(folder.File("out.safetensors"));
        return captured.Longs("input_ids");
    }

    private static void AssertAgrees(string model, string goldenFile, float tolerance)
    {
        using var golden = new SafetensorsContent(goldenFile);
        using var folder = new TemporaryFolder();
        string ids = string.Join(',', golden.Longs("input_ids"));
        CommandResult result = KeyholeProcess.Run("capture", model, "--ids", ids, "-o", folder.File("out.safetensors"));
        Assert.True(result.ExitStatus == 0, result.Error);
        using var captured = new SafetensorsContent(folder.File("out.safetensors"));
        Assert.Equal(golden.Longs("input_ids"), captured.Longs("input_ids"));
        foreach (TensorInfo tensor in golden.Tensors.Values.Where(tensor => tensor.Name != "input_ids"))
        {
            Assert.Equal(tensor.Shape, captured.Tensors[tensor.Name].Shape);
            AssertClose(golden.Floats(tensor.Name), captured.Floats(tensor.Name), tolerance, tensor.Name);
        }
    }

    private static void AssertClose(float[] expected, float[] actual, float tolerance, string name)
    {
        Assert.Equal(expected.Length, actual.Length);
        float allowed = tolerance * expected.Max(Math.Abs);
        float worst = expected.Zip(actual, (a, b) => Math.Abs(a - b)).Max();
        Assert.True(worst <= allowed, $"{name}: {worst} is more than {allowed}.");
    }
}
