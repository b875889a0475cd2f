using System.Text.Json;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Cli.Tests;

public sealed class VerifyStudyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_study_is_told_from_a_model_and_verified()
    {
        string study = Mine();
        CommandResult result = KeyholeProcess.Run("verify", study, "--sample", "10", "--quiet");
        Assert.Equal((0, ""), (result.ExitStatus, result.Error));
        Assert.StartsWith("check ", result.Output, StringComparison.Ordinal);
        Assert.EndsWith($"{study}: verified, 10 of 40 units mined again\n", result.Output, StringComparison.Ordinal);
        CommandResult full = KeyholeProcess.Run("verify", study, "--model", "models/mini", "--full", "--json", "--quiet");
        using JsonDocument json = JsonDocument.Parse(full.Output);
        Assert.Equal("schemaVersion", json.RootElement.EnumerateObject().First().Name);
        Assert.True(json.RootElement.GetProperty("verified").GetBoolean());
        Assert.Equal(40, json.RootElement.GetProperty("unitsMined").GetInt32());
        Assert.Equal(12, json.RootElement.GetProperty("checks").GetArrayLength());
    }

    [Fact]
    public void Nulls_and_samples_are_verified_with_the_study()
    {
        string study = Mine("--sample-quantiles", "--null", "rotations");
        string table = KeyholeProcess.Run("verify", study, "--sample", "10", "--quiet").Output;
        Assert.Matches("(?m)^mined again: samples +[1-9][0-9,]* +ok *$", table);
        Assert.Matches("(?m)^rotations: same run +1 +ok *$", table);
        Assert.Matches("(?m)^rotations: mined again: samples +[1-9][0-9,]* +ok *$", table);
        Assert.EndsWith($"{study}: verified, 10 of 40 units mined again\n", table, StringComparison.Ordinal);
        Assert.Equal(0, KeyholeProcess.Run("verify", study + ".rotations", "--sample", "10", "--quiet").ExitStatus);
        File.Delete(study + ".rotations");
        CommandResult without = KeyholeProcess.Run("verify", study, "--sample", "10", "--quiet");
        Assert.Equal(0, without.ExitStatus);
        Assert.Contains("not done: ", without.Output, StringComparison.Ordinal);
        Assert.Contains(".rotations is not there", without.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_model_gives_1_and_its_name()
    {
        string other = _folder.File("other");
        Directory.CreateDirectory(other);
        foreach (string file in Directory.GetFiles(Path.Combine(SharedData.Repository, "models", "mini")))
        {
            byte[] content = File.ReadAllBytes(file);
            content[^1] ^= (byte)(file.EndsWith(".safetensors", StringComparison.Ordinal) ? 1 : 0);
            File.WriteAllBytes(Path.Combine(other, Path.GetFileName(file)), content);
        }

        CommandResult result = KeyholeProcess.Run("verify", Mine(), "--model", other, "--quiet");
        Assert.Equal(1, result.ExitStatus);
        Assert.Contains("weights: the study was mined with ", result.Output, StringComparison.Ordinal);
        Assert.Contains("FAILED in ", result.Output, StringComparison.Ordinal);
        Assert.Contains("not done: the model is another", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--against", "x")]
    [InlineData("--markdown")]
    public void Options_of_models_do_not_go_with_studies(params string[] more)
    {
        CommandResult result = KeyholeProcess.Run(["verify", CatStudy.Write(_folder), .. more]);
        Assert.Equal(2, result.ExitStatus);
        Assert.Contains("are for models", result.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private string Mine(params string[] more)
    {
        string study = _folder.File("mini.study");
        CommandResult result = KeyholeProcess.Run(["mine", "models/mini", "corpora/mini.train-sample.txt", "--unit", "line", "--limit", "40", "--layers", "0", "--quiet", "-o", study, .. more]);
        Assert.True(result.ExitStatus == 0, result.Error);
        return study;
    }
}
