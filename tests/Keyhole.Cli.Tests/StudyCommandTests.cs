using System.Text.Json;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Cli.Tests;

public class StudyCommandTests
{
    [Fact]
    public void Show_prints_triggers_with_the_last_token_marked_and_the_target()
    {
        using var folder = new TemporaryFolder();
        CommandResult result = KeyholeProcess.Run("show", CatStudy.Write(folder), "L0N1");
        Assert.Equal(0, result.ExitStatus);
        Assert.Empty(result.Error);
        Assert.StartsWith("L0N1\n", result.Output, StringComparison.Ordinal);
        Assert.Contains("2.5  the [cat]", result.Output, StringComparison.Ordinal);
        Assert.Contains("sat", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0/1")]
    [InlineData("k^1_1")]
    public void Show_reads_other_notations(string name)
    {
        using var folder = new TemporaryFolder();
        Assert.StartsWith("L0N1\n", KeyholeProcess.Run("show", CatStudy.Write(folder), name).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Show_as_json_is_one_document_with_its_version_first()
    {
        using var folder = new TemporaryFolder();
        using JsonDocument json = JsonDocument.Parse(KeyholeProcess.Run("show", CatStudy.Write(folder), "L0N1", "--json").Output);
        Assert.Equal("schemaVersion", json.RootElement.EnumerateObject().First().Name);
        Assert.Equal("L0N1", json.RootElement.GetProperty("neuron").GetString());
    }

    [Theory]
    [InlineData("banana", "'banana' names no memory")]
    [InlineData("L0N9", "The study has no memory L0N9: its model has layers 0 to 0, memories 0 to 1")]
    public void Show_refuses_what_is_no_memory_of_the_study(string name, string sentence)
    {
        using var folder = new TemporaryFolder();
        CommandResult result = KeyholeProcess.Run("show", CatStudy.Write(folder), name);
        Assert.Equal(2, result.ExitStatus);
        Assert.Contains(sentence, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_study_is_refused_with_3()
    {
        CommandResult result = KeyholeProcess.Run("show", "README.md", "L0N1");
        Assert.Equal(3, result.ExitStatus);
        Assert.Matches("^keyhole: error KH51[0-9]{2}: .*README.md.*\n$", result.Error);
    }

    [Fact]
    public void Export_writes_both_files_of_each_format()
    {
        using var folder = new TemporaryFolder();
        string study = CatStudy.Write(folder);
        CommandResult jsonl = KeyholeProcess.Run("export", study, "-o", folder.File("out"));
        CommandResult csv = KeyholeProcess.Run("export", study, "--format", "csv", "-o", folder.File("out"), "--json");
        Assert.Equal((0, 0), (jsonl.ExitStatus, csv.ExitStatus));
        Assert.Equal(["neurons.jsonl", "statistics.csv", "triggers.csv", "units.jsonl"],
            Directory.GetFiles(folder.File("out")).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal));
        Assert.Equal(2, File.ReadAllLines(folder.File("out", "neurons.jsonl")).Length);
        using JsonDocument report = JsonDocument.Parse(csv.Output);
        Assert.Equal(2, report.RootElement.GetProperty("files").GetArrayLength());
    }

    [Fact]
    public void Export_writes_the_memories_of_a_file_only()
    {
        using var folder = new TemporaryFolder();
        string study = CatStudy.Write(folder);
        string neurons = folder.File("neurons.txt");
        File.WriteAllText(neurons, "# the second\nL0N1\n");
        CommandResult some = KeyholeProcess.Run("export", study, "-o", folder.File("some"), "--neurons", neurons);
        Assert.Equal(0, some.ExitStatus);
        Assert.Equal(0, KeyholeProcess.Run("export", study, "-o", folder.File("all")).ExitStatus);
        Assert.Equal(File.ReadAllLines(folder.File("all", "neurons.jsonl"))[1..], File.ReadAllLines(folder.File("some", "neurons.jsonl")));
        File.WriteAllText(neurons, "L0N7\n");
        CommandResult wrong = KeyholeProcess.Run("export", study, "-o", folder.File("none"), "--neurons", neurons);
        Assert.Equal(3, wrong.ExitStatus);
        Assert.Contains("KH5133", wrong.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.File("none")));
    }

    [Fact]
    public void Export_asks_for_the_model_where_it_is_needed()
    {
        using var folder = new TemporaryFolder();
        string study = CatStudy.Write(folder);
        CommandResult missing = KeyholeProcess.Run("export", study, "-f", "openai", "-o", folder.File("out"));
        Assert.Equal(3, missing.ExitStatus);
        Assert.Contains("--model", missing.Error, StringComparison.Ordinal);
        Assert.Equal(2, KeyholeProcess.Run("export", study, "-f", "csv", "-o", folder.File("out"), "--model", "x").ExitStatus);
        Assert.False(Directory.Exists(folder.File("out")));
    }

    [Fact]
    public void Export_needs_a_folder_and_a_known_format()
    {
        Assert.Contains("--output needs a value", KeyholeProcess.Run("export", "a.study").Error, StringComparison.Ordinal);
        CommandResult result = KeyholeProcess.Run("export", "a.study", "-o", "x", "--format", "xml");
        Assert.Equal(2, result.ExitStatus);
        Assert.Contains("Must be one of:", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Report_of_a_study_never_analysed_says_what_to_run()
    {
        using var folder = new TemporaryFolder();
        CommandResult result = KeyholeProcess.Run("report", CatStudy.Write(folder), "-o", folder.File("report.html"));
        Assert.Equal(3, result.ExitStatus);
        Assert.Contains("error KH5130", result.Error, StringComparison.Ordinal);
        Assert.Contains("keyhole analyze", result.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.File("report.html")));
    }
}
