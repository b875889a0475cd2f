using System.Text.Json;
using Keyhole.Memories;
using Keyhole.Studies;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Cli.Tests;

/// <summary><c>--compat ff-layers</c> from mining to export.</summary>
public class CompatTests
{
    private const string Mini = "models/mini";
    private const string Corpus = "corpora/mini.train-sample.txt";

    [Fact]
    public void Mining_analysis_and_export_follow_the_released_code()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("a.study");
        Run("mine", Mini, Corpus, "--compat", "ff-layers", "--limit", "60", "-o", path);
        using (Study study = Study.Open(path))
        {
            Assert.Equal(("ff-layers", "always", "line", "50", "true", "false", "false"), (Option("compat"), Option("bos"), Option("unit"), Option("top"), Option("first-position"), Option("last-position"), Option("per-prefix")));
            Dictionary<int, int> lengths = study.Units().ToDictionary(unit => unit.Index, unit => unit.Tokens.Length);
            Trigger[] triggers = [.. study.Memories().SelectMany(memory => memory.Positive)];
            Assert.Contains(triggers, trigger => trigger.Position == 0);
            Assert.DoesNotContain(triggers, trigger => trigger.Position >= lengths[trigger.Unit] - 1);
            Assert.Equal(study.Memories().Max(memory => memory.Positive.Length), Math.Min(50, study.Memories().Max(memory => memory.Positive.Select(trigger => trigger.Unit).Distinct().Count())));

            string Option(string name) => study.Provenance.Options[name];
        }

        string prefixes = folder.Write("prefixes.jsonl", "{\"unit\": 3, \"position\": 0}\n{\"unit\": 1, \"position\": 4}\n");
        Run("analyze", path, "--model", Mini, "--only", "compat", "--prefixes", prefixes);
        Run("export", path, "-o", folder.File("out"));
        JsonElement[] lines = [.. File.ReadLines(folder.File("out", "compat.jsonl")).Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal([(3, 0), (1, 4)], lines.Select(line => (line.GetProperty("sentence").GetInt32(), line.GetProperty("random_pos").GetInt32())));
        Assert.Equal(10, lines[0].GetProperty("coeffs_l0").GetArrayLength());
        Assert.All(lines[1].GetProperty("coeffs_l0").EnumerateArray(), entries => Assert.InRange(entries.GetInt32(), 1, 1025));

        // A study of some memories: the numbers are those of all.
        string some = folder.File("some.study");
        string neurons = folder.Write("neurons.txt", "L0N5\n");
        Run("mine", Mini, Corpus, "--compat", "ff-layers", "--limit", "60", "--neurons", neurons, "-o", some);
        Run("analyze", some, "--model", Mini, "--only", "compat", "--prefixes", prefixes);
        Run("export", some, "-o", folder.File("some"));
        Assert.Equal(File.ReadAllText(folder.File("out", "compat.jsonl")), File.ReadAllText(folder.File("some", "compat.jsonl")));
    }

    [Theory]
    [InlineData("--compat ff-layers and --preset paper", "mine", Mini, Corpus, "-o", "x.study", "--compat", "ff-layers", "--preset", "paper")]
    [InlineData("--compat ff-layers and --per-prefix", "mine", Mini, Corpus, "-o", "x.study", "--compat", "ff-layers", "--per-prefix")]
    [InlineData("--compat ff-layers and --last-position", "mine", Mini, Corpus, "-o", "x.study", "--compat", "ff-layers", "--last-position")]
    [InlineData("Must be one of:", "mine", Mini, Corpus, "-o", "x.study", "--compat", "paper")]
    [InlineData("leave --readout folded out", "analyze", "x.study", "--compat", "ff-layers", "--readout", "folded")]
    [InlineData("leave --readout folded out", "analyze", "x.study", "--only", "compat", "--readout", "folded")]
    public void Options_that_contradict_it_are_refused(string sentence, params string[] arguments)
    {
        CommandResult result = KeyholeProcess.Run(arguments);
        Assert.Equal(2, result.ExitStatus);
        Assert.Contains(sentence, result.Error, StringComparison.Ordinal);
    }

    private static void Run(params string[] arguments)
    {
        CommandResult result = KeyholeProcess.Run(arguments);
        Assert.True(result.ExitStatus == 0, result.Error);
    }
}
