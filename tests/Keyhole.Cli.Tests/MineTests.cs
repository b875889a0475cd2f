using System.Text.Json;
using System.Text.RegularExpressions;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Cli.Tests;

public class MineTests
{
    private const string Mini = "models/mini";
    private const string Corpus = "corpora/mini.train-sample.txt";

    [Fact]
    public void The_readmes_commands_mine_analyze_report_and_export()
    {
        string readme = File.ReadAllText(Path.Combine(SharedData.Repository, "README.md"));
        string[] commands = [.. Regex.Matches(readme, "^keyhole (?:mine|analyze|report|export) .*$", RegexOptions.Multiline).Select(match => match.Value["keyhole ".Length..])];
        Assert.Equal(["mine", "analyze", "report", "export"], commands.Select(command => command.Split(' ')[0]));
        using var folder = new TemporaryFolder();
        folder.Write("news.txt", string.Join('\n', File.ReadLines(Path.Combine(SharedData.Repository, "corpora", "mini.train-sample.txt")).Take(300)));
        foreach (string command in commands)
        {
            string[] words = [.. command.Split(' ').Select(word => word == "path/to/model" ? "models/mini" : word.StartsWith("news.", StringComparison.Ordinal) || word == "exported" ? folder.File(word) : word)];
            string[] more = words[0] switch
            {
                "mine" => ["--unit", "line"],
                "analyze" => ["--prefix-count", "50", "--mutated-memories", "2", "--mutated-triggers", "2"],   // enough to see that it works
                _ => [],
            };
            CommandResult result = KeyholeProcess.Run([.. words, .. more]);
            Assert.True(result.ExitStatus == 0, $"{command}: {result.Error}");
        }
        Assert.Equal(10_240, File.ReadLines(folder.File("exported", "neurons.jsonl")).Count());
        Assert.Equal(300, File.ReadLines(folder.File("exported", "units.jsonl")).Count());
        Assert.Equal(50 * 11, File.ReadLines(folder.File("exported", "prefixes.jsonl")).Count());
        Assert.Equal(["exported", "news.html", "news.study", "news.txt"], Names(folder));
    }

    [Fact]
    public void Threads_memory_and_chunks_change_no_byte_of_the_export()
    {
        using var folder = new TemporaryFolder();
        Mine(folder, "a.study", "--threads", "2");
        Mine(folder, "b.study", "--threads", "1", "--chunk-tokens", "500", "--memory", "400MiB");
        foreach (string name in (string[])["a", "b"])
        {
            Assert.Equal(0, KeyholeProcess.Run("export", folder.File($"{name}.study"), "-o", folder.File(name)).ExitStatus);
        }
        Assert.Equal(File.ReadAllBytes(folder.File("a", "neurons.jsonl")), File.ReadAllBytes(folder.File("b", "neurons.jsonl")));
        Assert.Equal(File.ReadAllBytes(folder.File("a", "units.jsonl")), File.ReadAllBytes(folder.File("b", "units.jsonl")));
    }

    [Fact]
    public void Options_choose_what_is_kept()
    {
        using var folder = new TemporaryFolder();
        string neurons = folder.Write("neurons.txt", "# two of them\nL0N5\n\n3/7\n");
        Mine(folder, "a.study", "--neurons", neurons, "--top", "3");
        Assert.Equal(0, KeyholeProcess.Run("export", folder.File("a.study"), "-o", folder.File("out")).ExitStatus);
        JsonElement[] lines = [.. File.ReadLines(folder.File("out", "neurons.jsonl")).Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal([(0, 5), (3, 7)], lines.Select(line => (line.GetProperty("layer").GetInt32(), line.GetProperty("index").GetInt32())));
        Assert.All(lines, line => Assert.InRange(line.GetProperty("triggers").GetArrayLength(), 1, 3));
    }

    [Fact]
    public void Nulls_are_studies_beside_the_other()
    {
        using var folder = new TemporaryFolder();
        CommandResult result = Mine(folder, "a.study", "--null", "rotations, directions", "--null-seed", "3", "--layers", "0-1");
        Assert.Contains(", nulls ", result.Error, StringComparison.Ordinal);
        Assert.Matches("a.study.directions: random directions. Excess kurtosis, medians by layer: memories [-0-9.]+ to [-0-9.]+, null [-0-9.]+ to [-0-9.]+, intervals apart and above in [0-2] of 2 layers; lifetime sparseness: ", result.Error);
        Assert.Equal(["a.study", "a.study.directions", "a.study.rotations"], Names(folder));
        Assert.Contains("null             random directions, seed 3, mined with a.study\n", KeyholeProcess.Run("show", folder.File("a.study.directions"), "L0N5").Output, StringComparison.Ordinal);
        CommandResult analysed = KeyholeProcess.Run("analyze", folder.File("a.study.rotations"));
        Assert.Equal(3, analysed.ExitStatus);
        Assert.Contains("KH7503", analysed.Error, StringComparison.Ordinal);

        JsonElement nulls = JsonDocument.Parse(Mine(folder, "b.study", "--null", "directions", "--null", "rotations", "--layers", "1", "--json").Output).RootElement.GetProperty("nulls");
        Assert.Equal(["directions", "rotations"], nulls.EnumerateArray().Select(one => one.GetProperty("null").GetString()));
        Assert.All(nulls.EnumerateArray(), one => Assert.InRange(one.GetProperty("layers")[0].GetProperty("nullKurtosis").GetProperty("n").GetInt32(), 900, 1024));
        CommandResult refused = KeyholeProcess.Run("mine", Mini, Corpus, "-o", folder.File("c.study"), "--null", "shuffles");
        Assert.Equal(2, refused.ExitStatus);
        Assert.Contains("'shuffles' is neither", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_plan_comes_first_and_the_summary_last_on_standard_error()
    {
        using var folder = new TemporaryFolder();
        CommandResult result = Mine(folder, "a.study");
        Assert.Empty(result.Output);
        Assert.Matches("^memory plan: [0-9,]+ of 1,024 MiB: ", result.Error);
        Assert.Contains("a.study: 10,240 memories (", result.Error, StringComparison.Ordinal);
        CommandResult quiet = Mine(folder, "b.study", "--quiet");
        Assert.Equal(("", ""), (quiet.Output, quiet.Error));
    }

    [Fact]
    public void On_a_terminal_the_plan_stands_whole_above_the_bar()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "The program 'script' (util-linux), which gives the command a terminal, is not on this machine.");
        using var folder = new TemporaryFolder();
        CommandResult result = KeyholeProcess.Shell($"/usr/bin/script -qec 'env TERM=xterm COLUMNS=400 $KEYHOLE mine {Mini} {Corpus} --unit line --limit 100 -o {folder.File("a.study")}' /dev/null");
        Assert.Equal(0, result.ExitStatus);
        string plain = Regex.Replace(result.Output, "\e\\[[0-9;?]*[A-Za-z]|\r", "");
        Assert.Contains("memory plan: ", plain, StringComparison.Ordinal);
        Assert.Contains("10,240 memories (", plain, StringComparison.Ordinal);
        Assert.Contains("writing", plain, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_is_one_document_as_documented()
    {
        using var folder = new TemporaryFolder();
        using JsonDocument json = JsonDocument.Parse(Mine(folder, "a.study", "--json").Output);
        string page = File.ReadAllText(Path.Combine(SharedData.Repository, "docs", "formats", "results.md"));
        Assert.Equal("schemaVersion", json.RootElement.EnumerateObject().First().Name);
        Assert.All(json.RootElement.EnumerateObject(), member => Assert.Contains($"`{member.Name}`", page, StringComparison.Ordinal));
        Assert.Equal(300, json.RootElement.GetProperty("units").GetInt32());
    }

    [Fact]
    public void Standard_input_is_mined()
    {
        using var folder = new TemporaryFolder();
        CommandResult result = KeyholeProcess.Run(new Dictionary<string, string>(), "One sentence. Another one.\n", "mine", Mini, "-", "-o", folder.File("a.study"), "--json");
        Assert.Equal(0, result.ExitStatus);
        using JsonDocument json = JsonDocument.Parse(result.Output);
        Assert.Equal(2, json.RootElement.GetProperty("units").GetInt32());
    }

    [Fact]
    public void A_study_that_is_there_is_refused_before_any_work_and_kept()
    {
        using var folder = new TemporaryFolder();
        string study = folder.Write("a.study", "precious");
        CommandResult result = KeyholeProcess.Run("mine", "no/such/model", Corpus, "-o", study);
        Assert.Equal(3, result.ExitStatus);
        Assert.StartsWith("keyhole: error KH5110: ", result.Error, StringComparison.Ordinal);
        Assert.Contains("--overwrite", result.Error, StringComparison.Ordinal);
        Assert.Equal("precious", File.ReadAllText(study));
        Mine(folder, "a.study", "--overwrite");
        Assert.Equal(0, KeyholeProcess.Run("show", study, "L0N0").ExitStatus);
    }

    [Theory]
    [InlineData(2, "KH6001", "--top is 0; it must be at least 1.", "--top", "0")]
    [InlineData(2, "KH6001", "'3-1' is no layer or range of layers", "--layers", "3-1")]
    [InlineData(2, "KH6001", "--unit is 'verse'; it takes sentence, line, document.", "--unit", "verse")]
    [InlineData(2, "KH6001", "--bos is 'maybe'; it takes auto, always, never.", "--bos", "maybe")]
    [InlineData(2, "KH6001", "--limit is 0; it must be at least 1.", "--limit", "0")]
    [InlineData(3, "KH5007", "this model has layers 0 to 9", "--layers", "8-10")]
    [InlineData(3, "KH5002", "--memory 50MiB is too little for this model", "--memory", "50MiB")]
    [InlineData(3, "KH6007", "no such file", "--neurons", "no/such/file")]
    public void A_wrong_option_is_one_sentence_and_leaves_nothing(int exitStatus, string code, string sentence, params string[] options)
    {
        using var folder = new TemporaryFolder();
        AssertRefused(folder, exitStatus, code, sentence, [Mini, Corpus, "-o", folder.File("a.study"), .. options]);
    }

    [Theory]
    [InlineData("L0N0\nL99N0\n", "KH5007", "memory L99N0 is not in this model")]
    [InlineData("L0N0\nbanana\n", "KH6007", "line 2: 'banana' names no memory")]
    [InlineData("# nothing\n", "KH6007", "names no memory")]
    public void A_file_of_memories_with_a_wrong_line_is_refused(string content, string code, string sentence)
    {
        using var folder = new TemporaryFolder();
        string neurons = folder.Write("neurons.txt", content);
        AssertRefused(folder, 3, code, sentence, Mini, Corpus, "-o", folder.File("a.study"), "--neurons", neurons);
    }

    [Fact]
    public void A_missing_model_and_one_without_a_tokenizer_are_refused()
    {
        using var folder = new TemporaryFolder();
        AssertRefused(folder, 3, "KH1001", "no/such/model", "no/such/model", Corpus, "-o", folder.File("a.study"));
        AssertRefused(folder, 3, "KH2001", "no tokenizer here", "tests/Keyhole.Cli.Tests/Golden/llama", Corpus, "-o", folder.File("a.study"));
    }

    [Fact]
    public void Bos_always_without_a_bos_token_is_refused()
    {
        using var folder = new TemporaryFolder();
        string model = folder.File("model");
        Directory.CreateDirectory(model);
        string golden = Path.Combine(SharedData.Repository, "tests", "Keyhole.Cli.Tests", "Golden", "llama");
        foreach (string file in Directory.GetFiles(golden, "model*"))
        {
            File.Copy(file, Path.Combine(model, Path.GetFileName(file)));
        }
        File.WriteAllLines(Path.Combine(model, "config.json"), File.ReadLines(Path.Combine(golden, "config.json")).Where(line => !line.Contains("\"bos_token_id\"", StringComparison.Ordinal)));
        File.WriteAllText(Path.Combine(model, "tokenizer.json"), """{"model":{"type":"WordLevel","vocab":{"a":0,"b":1},"unk_token":"a"}}""");
        string corpus = folder.Write("a.txt", "a b\n");
        AssertRefused(folder, 3, "KH5004", "names no BOS token", model, corpus, "-o", folder.File("a.study"), "--bos", "always");
    }

    [Theory]
    [InlineData("KH4004", "is not text", "\u0000\u0001\u0002")]
    [InlineData("KH4004", "Parquet", "PAR1 and more")]
    [InlineData("KH5006", "no text in this corpus", "")]
    [InlineData("KH5006", "no text in this corpus", " \n\n")]
    public void A_corpus_that_is_no_text_or_empty_is_refused(string code, string sentence, string content)
    {
        using var folder = new TemporaryFolder();
        string corpus = folder.Write("a.txt", content);
        AssertRefused(folder, 3, code, sentence, Mini, corpus, "-o", folder.File("a.study"));
    }

    [Fact]
    public void A_missing_corpus_is_refused()
    {
        using var folder = new TemporaryFolder();
        AssertRefused(folder, 3, "KH4001", "no/such/corpus", Mini, "no/such/corpus", "-o", folder.File("a.study"));
    }

    [Theory]
    [InlineData("/dev/null", "this is a device")]
    [InlineData("no/such/folder/a.study", "there is no folder")]
    [InlineData("docs", "this is a folder")]
    public void A_place_where_no_study_can_be_is_refused(string output, string sentence)
    {
        using var folder = new TemporaryFolder();
        AssertRefused(folder, 3, "KH5111", sentence, Mini, Corpus, "-o", output);
    }

    private static void AssertRefused(TemporaryFolder folder, int exitStatus, string code, string sentence, params string[] arguments)
    {
        string[] before = Names(folder);
        CommandResult result = KeyholeProcess.Run(["mine", .. arguments]);
        Assert.Equal(exitStatus, result.ExitStatus);
        Assert.StartsWith($"keyhole: error {code}: ", result.Error.Split('\n').First(line => line.Contains("error", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains(sentence, result.Error, StringComparison.Ordinal);
        Assert.Empty(result.Output);
        Assert.Equal(before, Names(folder));
    }

    private static CommandResult Mine(TemporaryFolder folder, string study, params string[] options)
    {
        CommandResult result = KeyholeProcess.Run(["mine", Mini, Corpus, "--unit", "line", "--limit", "300", "-o", folder.File(study), .. options]);
        Assert.True(result.ExitStatus == 0, result.Error);
        return result;
    }

    private static string[] Names(TemporaryFolder folder)
        => [.. Directory.GetFileSystemEntries(folder.Path).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
}
