using System.Text.Json;
using Keyhole.Engine.Checkpoints;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Cli.Tests;

public class InspectTests
{
    private const string Mini = "models/mini";

    [Fact]
    public void The_bundled_model_is_described()
    {
        CommandResult result = KeyholeProcess.Run("inspect", Mini);
        Assert.Equal(0, result.ExitStatus);
        Assert.Empty(result.Error);
        Assert.Contains("\nfamily          opt\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("relu, 10,240 memories (1,024 a layer)\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("\ntokenizer       bpe, 8,192 tokens, each text begins with '</s>' (0)\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_in_a_hugging_face_cache_is_a_model()
    {
        using TemporaryFolder cache = new();
        string model = cache.File("models--keyhole--mini");
        Directory.CreateDirectory(Path.Combine(model, "snapshots"));
        Directory.CreateDirectory(Path.Combine(model, "refs"));
        File.WriteAllText(Path.Combine(model, "refs", "main"), "0123abcd");
        string snapshot = Path.Combine(model, "snapshots", "0123abcd");
        Directory.CreateSymbolicLink(snapshot, Path.Combine(SharedData.Repository, Mini));
        Dictionary<string, string> environment = new() { ["HF_HUB_CACHE"] = cache.Path };

        using JsonDocument json = JsonDocument.Parse(KeyholeProcess.Run(environment, "", "inspect", "keyhole/mini", "--json").Output);
        Assert.Equal(snapshot, json.RootElement.GetProperty("path").GetString());
        Assert.Equal("bpe", json.RootElement.GetProperty("tokenizer").GetProperty("kind").GetString());
        Assert.Equal(KeyholeProcess.Run(environment, "a text", "tokenize", Mini).Output, KeyholeProcess.Run(environment, "a text", "tokenize", "keyhole/mini@0123").Output);

        string study = cache.File("a.study");
        CommandResult mined = KeyholeProcess.Run(environment, "", "mine", "keyhole/mini", "corpora/mini.train-sample.txt", "-o", study, "--limit", "20");
        Assert.True(mined.ExitStatus == 0, mined.Error);
        CommandResult analyzed = KeyholeProcess.Run("analyze", study, "--only", "values");   // without the variable: the place is in the study
        Assert.True(analyzed.ExitStatus == 0, analyzed.Error);

        CommandResult missing = KeyholeProcess.Run(environment, "", "inspect", "keyhole/other");
        Assert.Equal(3, missing.ExitStatus);
        Assert.Contains("KH1001", missing.Error, StringComparison.Ordinal);
        Assert.Contains("never downloads", missing.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_counts_every_parameter_once()
    {
        CommandResult result = KeyholeProcess.Run("inspect", Mini, "--json");
        using JsonDocument json = JsonDocument.Parse(result.Output);
        JsonElement root = json.RootElement;
        Assert.Equal("schemaVersion", root.EnumerateObject().First().Name);
        Assert.Equal(10_240, root.GetProperty("feedForward").GetProperty("memories").GetInt32());
        JsonElement parameters = root.GetProperty("parameters");
        using Checkpoint checkpoint = Checkpoint.Open(Path.Combine(SharedData.Repository, Mini));
        long elements = checkpoint.Tensors.Values.Sum(tensor => tensor.ElementCount);
        Assert.Equal(elements, parameters.GetProperty("total").GetInt64());
        Assert.Equal(elements, parameters.EnumerateObject().Where(part => part.Name != "total").Sum(part => part.Value.GetInt64()));
        // 10 layers of two maps of 256 x 1,024 with their biases.
        Assert.Equal(10 * ((2 * 256 * 1024) + 1024 + 256), parameters.GetProperty("feedForward").GetInt64());
    }

    [Theory]
    [InlineData("gguf/mixtral.gguf", "experts         4 of 24 memories a layer, 2 for each token, their weights sum to 1", "poles           positive and negative")]
    [InlineData("gguf/gemma2.gguf", "norms           RMSNorm before each part and on its output", "attention       4 heads of 16, 2 for keys and values, window of 8 in 2 of 4 layers, scores capped at 5")]
    [InlineData("gguf/phi2.gguf", "blocks          attention and feed-forward layer in parallel", "positions       rotary (default, base 10000, 4 of 8 numbers of a head)")]
    [InlineData("gguf/bloom.gguf", "positions       ALiBi", "poles           positive")]
    [InlineData("fairseq-tiny/model.zip.pt", "head            no final norm, adaptive softmax of 200 words and 2 tails", "tokenizer       fairseq, 800 tokens")]
    public void How_a_model_computes_is_told(string model, params string[] lines)
    {
        CommandResult result = KeyholeProcess.Run("inspect", SharedData.Require(["conformance", .. model.Split('/')]));
        Assert.Equal(0, result.ExitStatus);
        Assert.All(lines, line => Assert.Contains("\n" + line, result.Output, StringComparison.Ordinal));
        Assert.Contains("\nto mine         ", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_tells_of_experts_and_windows()
    {
        CommandResult result = KeyholeProcess.Run("inspect", SharedData.Require("conformance", "gguf", "mixtral.gguf"), "--json");
        using JsonDocument mixtral = JsonDocument.Parse(result.Output);
        JsonElement experts = mixtral.RootElement.GetProperty("feedForward").GetProperty("experts");
        Assert.Equal((4, 24, 2), (experts.GetProperty("count").GetInt32(), experts.GetProperty("memories").GetInt32(), experts.GetProperty("chosen").GetInt32()));
        using JsonDocument gemma = JsonDocument.Parse(KeyholeProcess.Run("inspect", SharedData.Require("conformance", "gguf", "gemma2.gguf"), "--json").Output);
        Assert.Equal("before-and-output", gemma.RootElement.GetProperty("blocks").GetProperty("normPlacement").GetString());
        Assert.Equal([8, null, 8, null], gemma.RootElement.GetProperty("attention").GetProperty("windows").EnumerateArray().Select(window => window.ValueKind == JsonValueKind.Null ? (int?)null : window.GetInt32()));
    }

    [Fact]
    public void Tensors_are_listed_in_aligned_columns()
    {
        CommandResult result = KeyholeProcess.Run("inspect", Mini, "--tensors");
        Assert.Equal(0, result.ExitStatus);
        string[] lines = result.Output.TrimEnd('\n').Split('\n');
        Assert.Equal(1 + 164, lines.Length);
        Assert.Single(lines.Select(line => line.Length).Distinct());
        Assert.Contains(lines, line => line.StartsWith("model.decoder.layers.9.fc2.weight", StringComparison.Ordinal) && line.Contains("F16   [256, 1024]    524,288", StringComparison.Ordinal));
        Assert.Equal("164 tensors, 10,061,312 elements, 19.2 MiB on disk\n", result.Error);
    }

    [Fact]
    public void Tensors_as_json_name_their_place()
    {
        CommandResult result = KeyholeProcess.Run("inspect", Mini, "--tensors", "--json", "-q");
        Assert.Empty(result.Error);
        using JsonDocument json = JsonDocument.Parse(result.Output);
        JsonElement tensor = json.RootElement.GetProperty("tensors").EnumerateArray().Single(entry => entry.GetProperty("name").GetString() == "model.decoder.layers.0.fc1.weight");
        Assert.Equal([1024, 256], tensor.GetProperty("shape").EnumerateArray().Select(dimension => dimension.GetInt32()));
        Assert.Equal("F16", tensor.GetProperty("type").GetString());
    }

    [Fact]
    public void A_tensor_is_extracted_as_floats()
    {
        const string name = "model.decoder.layers.3.fc1.bias";
        using var folder = new TemporaryFolder();
        CommandResult result = KeyholeProcess.Run("inspect", Mini, "--tensor", name, "-o", folder.File("bias.safetensors"));
        Assert.Equal(0, result.ExitStatus);
        using Checkpoint source = Checkpoint.Open(Path.Combine(SharedData.Repository, Mini));
        using Checkpoint copy = Checkpoint.Open(folder.File("bias.safetensors"));
        TensorInfo written = Assert.Single(copy.Tensors).Value;
        Assert.Equal((name, StorageType.F32), (written.Name, written.Type));
        float[] expected = new float[1024];
        float[] actual = new float[1024];
        source.ReadFloats(source.Require(name), 0, expected);
        copy.ReadFloats(written, 0, actual);
        Assert.Equal(expected, actual);
        Assert.Contains(expected, value => value != 0);
    }

    [Fact]
    public void A_tensor_of_whole_numbers_keeps_its_type()
    {
        using var folder = new TemporaryFolder();
        using (SafetensorsOutput file = SafetensorsWriter.Create(folder.File("ids.safetensors"), [new TensorDeclaration("ids", StorageType.I64, [3])]))
        {
            file.Write<long>("ids", [7, -1, long.MaxValue]);
            file.Complete();
        }
        CommandResult result = KeyholeProcess.Run("inspect", folder.File("ids.safetensors"), "--tensor", "ids", "-o", folder.File("copy.safetensors"));
        Assert.Equal(0, result.ExitStatus);
        Assert.Equal(File.ReadAllBytes(folder.File("ids.safetensors")), File.ReadAllBytes(folder.File("copy.safetensors")));
    }

    [Fact]
    public void A_missing_tensor_brings_the_nearest_names_and_no_file()
    {
        using var folder = new TemporaryFolder();
        CommandResult result = KeyholeProcess.Run("inspect", Mini, "--tensor", "fc1.bias", "-o", folder.File("x.safetensors"));
        Assert.Equal(3, result.ExitStatus);
        Assert.StartsWith("keyhole: error KH1008: ", result.Error, StringComparison.Ordinal);
        Assert.Contains("'model.decoder.layers.0.fc1.bias'", result.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Theory]
    [InlineData("--tensor", "a")]
    [InlineData("-o", "a")]
    [InlineData("--tensors", "--tensor", "a", "-o", "b")]
    public void Options_that_do_not_belong_together_are_refused(params string[] options)
    {
        CommandResult result = KeyholeProcess.Run(["inspect", Mini, .. options]);
        Assert.Equal(2, result.ExitStatus);
        Assert.Contains("--tensor NAME and -o FILE belong together", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_model_is_refused_with_3()
    {
        CommandResult result = KeyholeProcess.Run("inspect", "no/such/model");
        Assert.Equal(3, result.ExitStatus);
        Assert.Empty(result.Output);
        Assert.Matches("^keyhole: error KH[0-9]{4}: .*no/such/model.*\n$", result.Error);
    }

    [Fact]
    public void A_quantised_model_without_a_known_family_still_lists_its_tensors()
    {
        string model = SharedData.Require("conformance", "gguf", "phi2.gguf");
        Assert.Equal(0, KeyholeProcess.Run("inspect", model, "--tensors").ExitStatus);
    }
}
