using System.Text.Json;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Cli.Tests;

public class PerplexityTests
{
    private const string Text = "It is a truth universally acknowledged, that a single man in possession of a good fortune, must be in want of a wife.\nThe end.\n";

    [Fact]
    public void It_states_the_numbers_and_how_they_were_made()
    {
        using var folder = new TemporaryFolder();
        CommandResult result = KeyholeProcess.Run("perplexity", "models/mini", folder.Write("a.txt", Text), "--window", "16", "--stride", "4");
        Assert.Equal(0, result.ExitStatus);
        Assert.Matches("(?m)^perplexity per token +[1-9][0-9.]*$", result.Output);
        Assert.Matches("(?m)^perplexity per word +[1-9]", result.Output);
        Assert.Matches("(?m)^bits per byte +[0-9.]+$", result.Output);
        Assert.Matches("(?m)^words +25$", result.Output);
        Assert.Matches("(?m)^window +16 tokens, BOS included$", result.Output);
        Assert.Matches("(?m)^stride +4 tokens$", result.Output);
        Assert.Matches("(?m)^BOS +</s> before every window \\(auto\\)$", result.Output);
    }

    [Fact]
    public void Json_has_the_keys_of_hugging_face_too()
    {
        using var folder = new TemporaryFolder();
        CommandResult result = KeyholeProcess.Run("perplexity", "models/mini", folder.Write("a.txt", Text), "--unit", "line", "--json");
        using JsonDocument json = JsonDocument.Parse(result.Output);
        JsonElement root = json.RootElement;
        Assert.Equal("schemaVersion", root.EnumerateObject().First().Name);
        double[] perplexities = [.. root.GetProperty("perplexities").EnumerateArray().Select(value => value.GetDouble())];
        Assert.Equal(2, perplexities.Length);
        Assert.Equal(perplexities.Average(), root.GetProperty("mean_perplexity").GetDouble(), 1e-9);
        Assert.True(root.GetProperty("add_start_token").GetBoolean());
        Assert.Equal(Math.Exp(root.GetProperty("nats").GetDouble() / root.GetProperty("tokens").GetInt32()), root.GetProperty("perplexity").GetDouble(), 1e-9);
        Assert.Equal((256, 255, "line"), (root.GetProperty("window").GetInt32(), root.GetProperty("stride").GetInt32(), root.GetProperty("unit").GetString()));
    }

    [Theory]
    [InlineData("KH5801", "--window", "257")]
    [InlineData("KH5802", "--window", "16", "--stride", "17")]
    [InlineData("KH5803")]
    public void What_cannot_be_scored_is_refused_with_3(string code, params string[] options)
    {
        using var folder = new TemporaryFolder();
        CommandResult result = KeyholeProcess.Run(["perplexity", "models/mini", folder.Write("a.txt", code == "KH5803" ? "" : Text), .. options]);
        Assert.Equal(3, result.ExitStatus);
        Assert.Contains(code, result.Error, StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }
}
