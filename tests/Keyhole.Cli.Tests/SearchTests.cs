using System.Text.Json;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Cli.Tests;

public class SearchTests
{
    [Theory]
    [InlineData("[the] cat →  sat", "the")]
    [InlineData("[the cat] →  sat", "The Cat")]
    [InlineData("the c[at] →  sat", "--regex", "at$")]
    [InlineData("the cat →  sat", "--target", "sat")]
    public void A_match_is_a_line_with_its_place_marked(string line, params string[] words)
    {
        using var folder = new TemporaryFolder();
        CommandResult result = KeyholeProcess.Run(["search", CatStudy.Write(folder), .. words]);
        Assert.Equal(0, result.ExitStatus);
        Assert.StartsWith("triggers match in 1 memory\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("L0N1", result.Output, StringComparison.Ordinal);
        Assert.Contains("1 of 1", result.Output, StringComparison.Ordinal);
        Assert.Contains(line, result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_comes_after_the_prefix_does_not_match()
        => Assert.Equal("triggers match in 0 memories\n", Search("sat").Output);

    [Fact]
    public void Json_is_one_document_with_its_version_first()
    {
        using JsonDocument json = JsonDocument.Parse(Search("cat", "--json").Output);
        Assert.Equal("schemaVersion", json.RootElement.EnumerateObject().First().Name);
        JsonElement match = json.RootElement.GetProperty("triggers")[0];
        Assert.Equal(("L0N1", "positive", 1, 0, 2.5, "cat", "the cat", " sat"),
            (match.GetProperty("neuron").GetString(), match.GetProperty("pole").GetString(), match.GetProperty("matches").GetInt32(), match.GetProperty("bestRank").GetInt32(),
            match.GetProperty("coefficient").GetDouble(), match.GetProperty("match").GetString(), match.GetProperty("prefix").GetString(), match.GetProperty("targetText").GetString()));
        Assert.Equal((1, false), (json.RootElement.GetProperty("triggersCount").GetInt32(), json.RootElement.GetProperty("searchedValues").GetBoolean()));
    }

    [Theory]
    [InlineData(2, "search needs a QUERY")]
    [InlineData(3, "KH5813", "cat", "--in", "values")]
    [InlineData(3, "KH5812", "\"*\"")]
    [InlineData(3, "KH5810", "--regex", "(")]
    [InlineData(2, "--limit is 0", "cat", "--limit", "0")]
    public void What_cannot_be_searched_is_said(int status, string said, params string[] words)
    {
        CommandResult result = Search(words);
        Assert.Equal(status, result.ExitStatus);
        Assert.Contains(said, result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("SQLite", result.Error, StringComparison.OrdinalIgnoreCase);
    }

    private static CommandResult Search(params string[] words)
    {
        using var folder = new TemporaryFolder();
        return KeyholeProcess.Run(["search", CatStudy.Write(folder), .. words]);
    }
}
