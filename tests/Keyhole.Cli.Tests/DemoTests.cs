using System.Text.RegularExpressions;
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
    public void It_mines_every_memory_and_leaves_one_study()
    {
        Assert.True(demo.Result.ExitStatus == 0, demo.Result.Error);
        Assert.Equal([demo.Study], Directory.GetFileSystemEntries(Path.GetDirectoryName(demo.Study)!));
        using Study study = Study.Open(demo.Study);
        StudyCounts counts = study.Counts();
        Assert.Equal((10_240L, 9_237L), (counts.Memories, counts.Units));
        Assert.Contains("10,240 memories", demo.Result.Error, StringComparison.Ordinal);
        Assert.StartsWith("memory plan: ", demo.Result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void It_shows_a_memory_of_each_third_by_the_rule_that_it_states()
    {
        Assert.Contains(PeakedMemories.Rule, demo.Result.Output, StringComparison.Ordinal);
        NeuronId[] shown = [.. Regex.Matches(demo.Result.Output, "^of the (?:lower|middle|upper) layers: (L[0-9]+N[0-9]+)$", RegexOptions.Multiline).Select(match => NeuronId.Parse(match.Groups[1].Value))];
        Assert.Equal([0, 1, 2], shown.Select(id => id.Layer * 3 / 10));
        using Study study = Study.Open(demo.Study);
        MemoryRecord[] eligible = [.. study.Memories().Where(memory => memory.Positive.Length == 25 && memory.Statistics.SharePositive >= 0.02)];
        foreach (NeuronId id in shown)
        {
            double best = eligible.Where(memory => memory.Id.Layer * 3 / 10 == id.Layer * 3 / 10).Max(memory => memory.Statistics.ExcessKurtosis);
            Assert.Equal(best, study.Memory(id)!.Statistics.ExcessKurtosis);
        }
    }

    [Fact]
    public void It_tells_the_next_commands_and_they_work()
    {
        string next = Regex.Match(demo.Result.Error, "^  keyhole (show .*)$", RegexOptions.Multiline).Groups[1].Value;
        Assert.Equal(0, KeyholeProcess.Run(next.Split(' ')).ExitStatus);
    }

    [Fact]
    public void The_readme_shows_what_it_prints()
    {
        string readme = File.ReadAllText(Path.Combine(SharedData.Repository, "README.md"));
        string[] lines = demo.Result.Output.Split('\n');
        string shown = string.Join('\n', lines[Array.FindIndex(lines, line => line.StartsWith("of the upper layers: ", StringComparison.Ordinal))..]).TrimEnd('\n');
        Assert.True(readme.Contains($"```text\n{shown}\n```", StringComparison.Ordinal), $"README.md does not have what the demo prints:\n{shown}");
    }

    [Fact]
    public void The_readmes_memory_is_what_show_prints()
    {
        string readme = File.ReadAllText(Path.Combine(SharedData.Repository, "README.md"));
        Match example = Regex.Match(readme, "^keyhole show mini.study (.*)\n```\n\n```text\n(.*?)\n```", RegexOptions.Multiline | RegexOptions.Singleline);
        CommandResult result = KeyholeProcess.Run(["show", demo.Study, .. example.Groups[1].Value.Split(' ')]);
        Assert.Equal(result.Output, example.Groups[2].Value + "\n");
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
