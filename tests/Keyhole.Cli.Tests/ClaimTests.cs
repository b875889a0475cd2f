using System.Text.Json;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Cli.Tests;

/// <summary><c>keyhole claim</c> on a small study of the bundled model.</summary>
public sealed class ClaimTests(ClaimTests.SmallStudy small) : IClassFixture<ClaimTests.SmallStudy>
{
    private const string Claims = """
        - name: named
          memory: L0N0
          tokens: [" the"]
        - name: which
          memories: all
          on: target
          regex: ','
        """;

    [Fact]
    public void A_table_shows_what_was_counted_and_examples_show_where()
    {
        CommandResult result = KeyholeProcess.Run("claim", small.Study, small.Write("claims.yaml", Claims), "--examples", "--limit", "3");
        Assert.Equal(0, result.ExitStatus);
        string[] lines = result.Output.Split('\n');
        Assert.Matches("^claim +memory +threshold +tp +fp +fn +tn +precision +recall .* verdict *$", lines[0]);
        Assert.Matches("^named +L0N0 ", lines[1]);
        Assert.Contains("P = last token: one of the tokens ' the'; active: quantile 0.99;", result.Output, StringComparison.Ordinal);
        Assert.Contains("which: the best of all memories, chosen on one half of the texts, counted on the other", result.Output, StringComparison.Ordinal);
        Assert.Contains(" active, not P\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("] → ", result.Output, StringComparison.Ordinal);
        Assert.Contains("Benjamini-Hochberg over 101 tests", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_is_one_document_and_the_study_keeps_it()
    {
        CommandResult result = KeyholeProcess.Run("claim", small.Study, small.Write("claims.yaml", Claims), "--best", "4", "--json");
        using JsonDocument json = JsonDocument.Parse(result.Output);
        Assert.Equal(("schemaVersion", 1), (json.RootElement.EnumerateObject().First().Name, json.RootElement.GetProperty("schemaVersion").GetInt32()));
        JsonElement[] claims = [.. json.RootElement.GetProperty("claims").EnumerateArray()];
        Assert.Equal(["named", "which"], claims.Select(claim => claim.GetProperty("name").GetString()));
        JsonElement counts = claims[0].GetProperty("tests")[0].GetProperty("counts");
        Assert.Equal(json.RootElement.GetProperty("options").GetProperty("positions").GetString(), counts.GetProperty("total").GetInt64().ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(4, claims[1].GetProperty("tests").GetArrayLength());
        using Keyhole.Studies.Study study = Keyhole.Studies.Study.Open(small.Study);
        Assert.Equal(2, Keyhole.Claiming.ClaimStore.Read(study)!.Claims.Length);
    }

    [Fact]
    public void The_pages_example_runs()
    {
        string page = File.ReadAllText(Path.Combine(SharedData.Repository, "docs", "claims.md"));
        string yaml = System.Text.RegularExpressions.Regex.Match(page, "```yaml\n(.*?)```", System.Text.RegularExpressions.RegexOptions.Singleline).Groups[1].Value;
        CommandResult result = KeyholeProcess.Run("claim", small.Study, small.Write("page.yaml", yaml), "--no-save", "--best", "3");
        Assert.True(result.ExitStatus == 0, result.Error);
        Assert.Matches("(?m)^fires on \"the\" +L5N12 ", result.Output);
        Assert.Matches("(?m)^fires at the end of a year +L4N7 ", result.Output);
    }

    [Theory]
    [InlineData(3, "KH7803", "- {name: x, memory: L0N0}")]
    [InlineData(3, "KH7802", "- *x")]
    [InlineData(3, "KH7805", "- {name: x, memory: L77N0, tokens: [a]}")]
    [InlineData(2, "texts are read more than once", "- {name: x, memory: L0N0, tokens: [a]}", "--corpus", "-")]
    [InlineData(2, "'luck' not recognized", "- {name: x, memory: L0N0, tokens: [a]}", "--by", "luck")]
    public void What_cannot_be_tested_is_said(int status, string said, string claims, params string[] words)
    {
        CommandResult result = KeyholeProcess.Run(["claim", small.Study, small.Write("bad.yaml", claims), .. words]);
        Assert.Equal(status, result.ExitStatus);
        Assert.Empty(result.Output);
        Assert.Contains(said, result.Error, StringComparison.Ordinal);
    }

    /// <summary>models/mini over 300 lines.</summary>
    public sealed class SmallStudy : IDisposable
    {
        private readonly TemporaryFolder _folder = new();

        public SmallStudy()
        {
            Study = _folder.File("mini.study");
            CommandResult mined = KeyholeProcess.Run("mine", "models/mini", "corpora/mini.train-sample.txt", "--unit", "line", "--limit", "300", "-o", Study);
            Assert.True(mined.ExitStatus == 0, mined.Error);
        }

        internal string Study { get; }

        public void Dispose() => _folder.Dispose();

        internal string Write(string name, string text) => _folder.Write(name, text);
    }
}
