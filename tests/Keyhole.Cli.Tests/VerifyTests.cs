using System.Text.Json;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Cli.Tests;

public class VerifyTests
{
    private const string Llama = "tests/Keyhole.Cli.Tests/Golden/llama";
    private const string Golden = Llama + "/golden-0.safetensors";

    [Fact]
    public void A_model_that_agrees_gives_a_table_and_0()
    {
        CommandResult result = KeyholeProcess.Run("verify", Llama, "--against", Golden);
        Assert.Equal((0, ""), (result.ExitStatus, result.Error));
        string[] lines = result.Output.TrimEnd('\n').Split('\n');
        Assert.Equal(24, lines.Length);   // headings, seven sites of three layers, logits, summary
        Assert.StartsWith("tensor ", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("blocks.0.hook_attn_out ", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("22 tensors compared, 0 not; the worst, blocks.", lines[^1], StringComparison.Ordinal);
        Assert.EndsWith(": all within 1.0e-4", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Beyond_the_tolerance_the_lines_are_marked_and_the_exit_code_is_1()
    {
        CommandResult result = KeyholeProcess.Run("verify", Llama, "--against", Llama, "--tolerance", "1e-9");   // a folder stands for its goldens
        Assert.Equal(1, result.ExitStatus);
        Assert.Contains(" beyond", result.Output, StringComparison.Ordinal);
        Assert.EndsWith(" beyond 1.0e-9\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_has_every_figure()
    {
        CommandResult result = KeyholeProcess.Run("verify", Llama, "--against", Golden, Golden, "--json");
        Assert.Equal((0, ""), (result.ExitStatus, result.Error));
        using JsonDocument json = JsonDocument.Parse(result.Output);
        Assert.Equal("schemaVersion", json.RootElement.EnumerateObject().First().Name);
        Assert.True(json.RootElement.GetProperty("within").GetBoolean());
        JsonElement[] files = [.. json.RootElement.GetProperty("files").EnumerateArray()];
        Assert.Equal(2, files.Length);
        JsonElement[] compared = [.. files[0].GetProperty("compared").EnumerateArray()];
        Assert.Equal(22, compared.Length);
        JsonElement post = Assert.Single(compared, site => site.GetProperty("tensor").GetString() == "blocks.1.mlp.hook_post");
        Assert.Equal(("mlp.hook_post", 1), (post.GetProperty("site").GetString(), post.GetProperty("layer").GetInt32()));
        double maximum = post.GetProperty("maxDifference").GetDouble();
        Assert.InRange(maximum, 1e-9, 1e-4);
        Assert.InRange(post.GetProperty("medianDifference").GetDouble(), 0, maximum);
        Assert.Equal(maximum / post.GetProperty("largestValue").GetDouble(), post.GetProperty("relative").GetDouble(), 1e-12);
        Assert.Equal(JsonValueKind.Null, compared[^1].GetProperty("layer").ValueKind);
        Assert.Empty(files[0].GetProperty("notCompared").EnumerateArray());
    }

    [Fact]
    public void All_models_of_a_folder_give_a_line_each_and_one_refused_does_not_stop_the_others()
    {
        using var folder = new TemporaryFolder();
        Copy(folder, "good");
        Copy(folder, "unknown");
        File.WriteAllText(folder.File("unknown", "config.json"), """{"model_type":"nobody"}""");
        CommandResult result = KeyholeProcess.Run("verify", "--all", folder.Path, "--markdown");
        Assert.Equal(1, result.ExitStatus);
        string[] lines = result.Output.TrimEnd('\n').Split('\n');
        Assert.Equal(["| model | family | tensors | max difference | relative | where | verdict |", "|---|---|--:|--:|--:|---|---|"], lines[..2]);
        Assert.Matches(@"^\| good \| llama \| 22 \| \d\.\de-\d \| \d\.\de-\d \| blocks\.\S+ \| within \|$", lines[2]);
        Assert.StartsWith("| unknown |  |  |  |  |  | KH3001: ", lines[3], StringComparison.Ordinal);
        Assert.Equal("1 of 2 models within 1.0e-4 of each tensor's largest value\n", result.Error);
        using JsonDocument json = JsonDocument.Parse(KeyholeProcess.Run("verify", "--all", folder.Path, "--json", "-q").Output);
        Assert.Equal(["good True ", "unknown False KH3001"], json.RootElement.GetProperty("models").EnumerateArray()
            .Select(model => $"{model.GetProperty("name")} {model.GetProperty("within")} {model.GetProperty("refusedCode")}"));
    }

    [Theory]
    [InlineData(2, "KH6001", "either MODEL with --against FILE, or --all FOLDER")]
    [InlineData(2, "KH6001", "either MODEL with --against FILE, or --all FOLDER", Llama)]
    [InlineData(2, "KH6001", "either MODEL with --against FILE, or --all FOLDER", Llama, "--all", "x")]
    [InlineData(2, "KH6001", "--markdown belongs to --all", Llama, "--against", Golden, "--markdown")]
    [InlineData(2, "KH6001", "--tolerance must be", Llama, "--against", Golden, "--tolerance", "NaN")]
    [InlineData(3, "KH1001", "nowhere.safetensors", Llama, "--against", "nowhere.safetensors")]
    [InlineData(3, "KH5901", "has no tensor 'input_ids'", Llama, "--against", Llama + "/model-00001-of-00004.safetensors")]
    [InlineData(3, "KH5907", "is no folder", "--all", "nowhere")]
    public void What_cannot_be_compared_is_refused(int exitStatus, string code, string sentence, params string[] words)
    {
        CommandResult result = KeyholeProcess.Run(["verify", .. words]);
        Assert.Equal((exitStatus, ""), (result.ExitStatus, result.Output));
        Assert.StartsWith($"keyhole: error {code}: ", result.Error, StringComparison.Ordinal);
        Assert.Contains(sentence, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_form_of_a_larger_reference_is_compared()
    {
        string model = SharedData.Require("models", "smollm2-135m-instruct.Q4_1.gguf");
        string goldens = SharedData.Require("conformance", "smollm2");
        CommandResult result = KeyholeProcess.Run("verify", model, "--against", Path.Combine(goldens, "golden-0.safetensors"), Path.Combine(goldens, "golden-1.safetensors"), "--tolerance", "2e-4");
        Assert.Equal((0, ""), (result.ExitStatus, result.Error));
        Assert.Contains("\n215 tensors compared, 0 not; ", result.Output, StringComparison.Ordinal);   // four sites, three forms of 30 layers; logits, next and top log-probabilities
    }

    private static void Copy(TemporaryFolder folder, string name)
    {
        Directory.CreateDirectory(folder.File(name));
        foreach (string file in Directory.GetFiles(Path.Combine(SharedData.Repository, Llama)))
        {
            File.Copy(file, folder.File(name, Path.GetFileName(file)));
        }
    }
}
