using System.Text.RegularExpressions;
using Keyhole.Analyses;
using Keyhole.Cli.Demo;
using Keyhole.Engine;
using Keyhole.Memories;
using Keyhole.Studies;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Cli.Tests;

public class DemoTests(DemoFixture demo) : IClassFixture<DemoFixture>
{
    [Fact]
    public void It_mines_analyses_and_reports()
    {
        Assert.True(demo.Result.ExitStatus == 0, demo.Result.Error);
        Assert.Equal([demo.Report, demo.Study], Directory.GetFileSystemEntries(Path.GetDirectoryName(demo.Study)!).Order(StringComparer.Ordinal));
        using Study study = Study.Open(demo.Study);
        StudyCounts counts = study.Counts();
        Assert.Equal((10_240L, 4_000L), (counts.Memories, counts.Units));
        Assert.Contains("10,240 memories", demo.Result.Error, StringComparison.Ordinal);
        Assert.StartsWith("memory plan: ", demo.Result.Error, StringComparison.Ordinal);
        StudyAnalysis analysis = StudyAnalysis.Read(study);
        Assert.Equal(10_240, analysis.Values!.Count);
        Assert.Equal(1_000, analysis.Prefixes!.Count);
        Assert.All(analysis.Prefixes, prefix => Assert.True(prefix.Unit >= 4_000));   // held out: the rest of the text
        Assert.NotNull(analysis.Refinement);
        Assert.NotNull(analysis.MutationEffects);
        Assert.NotNull(analysis.Distances);
        Assert.Equal(10_240, analysis.ReadWrite!.Count);
        Assert.StartsWith("<!doctype html>", File.ReadAllText(demo.Report), StringComparison.Ordinal);
    }

    [Fact]
    public void It_prints_five_findings_with_numbers_and_where_the_report_is()
    {
        string[] findings = [.. Regex.Matches(demo.Result.Output, @"^[1-5]\. .*$", RegexOptions.Multiline).Select(match => match.Value)];
        Assert.Equal(5, findings.Length);
        Assert.All(findings, finding => Assert.Matches("[0-9].*(holds|fails|cannot be tested here)", finding[2..]));
        Assert.Contains(demo.Report, demo.Result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void It_shows_a_memory_by_the_rule_that_it_states()
    {
        Assert.Contains(PeakedMemories.Rule, demo.Result.Output, StringComparison.Ordinal);
        NeuronId shown = NeuronId.Parse(Regex.Match(demo.Result.Output, $"{Regex.Escape(PeakedMemories.Rule)}: (L[0-9]+N[0-9]+)$", RegexOptions.Multiline).Groups[1].Value);
        Assert.Equal(2, shown.Layer * 3 / 10);
        using Study study = Study.Open(demo.Study);
        double best = study.Memories().Where(memory => memory.Positive.Length == 50 && memory.Statistics.SharePositive >= 0.02 && memory.Id.Layer * 3 / 10 == 2).Max(memory => memory.Statistics.ExcessKurtosis);
        Assert.Equal(best, study.Memory(shown)!.Statistics.ExcessKurtosis);
    }

    [Fact]
    public void It_tells_the_next_commands_and_they_work()
    {
        string[] next = [.. Regex.Matches(demo.Result.Error, "^  keyhole ((?:show|search) .*)$", RegexOptions.Multiline).Select(match => match.Groups[1].Value)];
        Assert.Equal(2, next.Length);
        Assert.All(next, command => Assert.Equal(0, KeyholeProcess.Run(command.Split(' ')).ExitStatus));
    }

    [Fact]
    public void The_readme_shows_what_it_prints()
    {
        string readme = File.ReadAllText(Path.Combine(SharedData.Repository, "README.md"));
        string shown = demo.Result.Output.TrimEnd('\n');
        Assert.True(readme.Contains($"```text\n{shown}\n```", StringComparison.Ordinal), $"README.md does not have what the demo prints:\n{shown}");
    }

    [Fact]
    public void The_readmes_memory_is_what_show_prints()
    {
        string readme = File.ReadAllText(Path.Combine(SharedData.Repository, "README.md"));
        Match example = Regex.Match(readme, "^keyhole show keyhole-demo.study (.*)\n```\n\n```text\n(.*?)\n```", RegexOptions.Multiline | RegexOptions.Singleline);
        CommandResult result = KeyholeProcess.Run(["show", demo.Study, .. example.Groups[1].Value.Split(' ')]);
        Assert.Equal(result.Output, example.Groups[2].Value + "\n");
    }

    [Fact]
    public void Read_write_classes_are_a_section_of_their_own_name()
    {
        using var folder = new TemporaryFolder();
        string study = folder.File("copy.study");
        File.Copy(demo.Study, study);
        CommandResult made = KeyholeProcess.Run("analyze", study, "--only", "read-write");
        Assert.True(made.ExitStatus == 0, made.Error);
        Assert.Contains("enriches  depletes", made.Output, StringComparison.Ordinal);
        Assert.Matches("^read-write [0-9.]+ s; next: ", made.Error.Split('\n')[^2]);
        Assert.Contains("\"readWrite\": {", KeyholeProcess.Run("show", study, "L0N5", "--json").Output, StringComparison.Ordinal);
        Assert.Equal(2, KeyholeProcess.Run("analyze", study, "--only", "readwrite").ExitStatus);
    }

    [Fact]
    public void An_earlier_demo_may_be_replaced_and_nothing_else()
    {
        using var folder = new TemporaryFolder();
        Assert.True(DemoStudy.IsEarlier(demo.Study));
        Assert.False(DemoStudy.IsEarlier(folder.File("nothing")));
        string text = folder.Write("text", "precious");
        Assert.Equal("KH6009", Assert.Throws<InputRefusedException>(() => DemoStudy.IsEarlier(text)).Code);
        CommandResult refused = KeyholeProcess.Run("demo", "-o", text);
        Assert.Equal(3, refused.ExitStatus);
        Assert.Equal("precious", File.ReadAllText(text));
        string page = folder.Write("page.html", "precious");
        Assert.Equal(3, KeyholeProcess.Run("demo", "-o", folder.File("page.study")).ExitStatus);
        Assert.Equal("precious", File.ReadAllText(page));
        DemoReport.RequireEarlier(demo.Report);
    }

    [Fact]
    public void A_study_of_other_texts_is_left_alone()
    {
        using var folder = new TemporaryFolder();
        string study = folder.File("own.study");
        string corpus = folder.Write("a.txt", "The capital of France is Paris.\n");
        Assert.Equal(0, KeyholeProcess.Run("mine", "models/mini", corpus, "-o", study).ExitStatus);
        Assert.Throws<InputRefusedException>(() => DemoStudy.IsEarlier(study));
    }
}
