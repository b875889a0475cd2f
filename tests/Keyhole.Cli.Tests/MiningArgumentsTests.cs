using System.CommandLine;
using Keyhole.Cli.Commands;
using Keyhole.Cli.Mining;
using Keyhole.Cli.Slurm;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Cli.Tests;

/// <summary>Every option of <c>mine</c> reaches the shards of <c>slurm</c>, or is known to be set there, so that none is forgotten.</summary>
public class MiningArgumentsTests
{
    // What a shard's script sets itself: which part, where to, on from where it stopped; --overwrite is the merge's.
    private static readonly string[] s_ofOneRun = ["--output", "--overwrite", "--resume", "--shard"];

    // What slurm refuses with a sentence.
    private static readonly string[] s_refused = ["--until-stable"];

    public static TheoryData<string> Forwarded => [.. new MiningArguments().Options.Select(option => option.Name).Except(s_refused)];

    [Fact]
    public void Mine_has_of_its_own_what_is_of_one_run_and_nothing_else()
    {
        string[] shared = [.. new MiningArguments().Options.Select(option => option.Name)];
        Assert.Equal(s_ofOneRun, new MineCommand().Options.Select(option => option.Name).Except(shared).Order());   // another option belongs in MiningArguments
        foreach (KeyholeCommand command in (KeyholeCommand[])[new MineCommand(), new PlanCommand(), new SlurmCommand()])
        {
            Assert.Empty(shared.Except(command.Options.Select(option => option.Name)));
        }

        string script = JobScripts.Mine(Job(), SlurmFolder.Of(Job().Study));
        Assert.All((string[])["-o \"$study\"", "--resume", "--shard \"$shard/2\""], words => Assert.Contains(words, script, StringComparison.Ordinal));
        Assert.Contains(" --overwrite", JobScripts.Merge(Job() with { Overwrite = true }, SlurmFolder.Of(Job().Study)), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Forwarded))]
    public void An_option_that_is_given_stands_in_the_script_of_the_shards(string name)
    {
        using var folder = new TemporaryFolder();
        var mining = new MiningArguments();
        var command = new Command("any");
        mining.AddTo(command);
        Option option = mining.Options.Single(option => option.Name == name);
        string[] values = Values(option, folder);
        ParseResult given = command.Parse(["model", "corpus", .. values.Length == 0 ? [name] : values.SelectMany(value => (string[])[name, value])]);
        Assert.Empty(given.Errors);
        string[] words = [.. mining.Words(given)];
        Assert.Equal(values.Length == 0 ? [name] : values.Select(value => $"{name}={value}"), words);
        Assert.Contains(ShellText.Words(words), JobScripts.Mine(Job() with { MiningOptions = words }, SlurmFolder.Of(Job().Study)), StringComparison.Ordinal);
        Assert.NotEqual(Described(mining, command.Parse(["model", "corpus"])), Described(mining, given));   // and it is read
        Assert.Equal(Described(mining, given), Described(mining, command.Parse(["model", "corpus", .. words])));
        Assert.Empty(mining.Words(command.Parse(["model", "corpus"])));
    }

    [Theory]
    [InlineData("slurm", "--until-stable and --shards contradict each other", "--shards", "2", "--until-stable", "0.01", "-o", "x.study")]
    [InlineData("plan", "--until-stable and --shards contradict each other", "--shards", "2", "--until-stable", "0.01")]
    [InlineData("mine", "--until-stable and --shard contradict each other", "--shard", "0/2", "--until-stable", "0.01", "-o", "x.study")]
    [InlineData("slurm", "--until-stable takes a share", "--shards", "2", "--until-stable", "NaN", "-o", "x.study")]
    [InlineData("plan", "--checkpoint-every takes a number of seconds", "--checkpoint-every", "-1")]
    [InlineData("slurm", "--null takes directions and rotations", "--shards", "2", "--null", "dreams", "-o", "x.study")]
    public void What_contradicts_itself_is_refused_at_once(string command, string sentence, params string[] words)
    {
        CommandResult result = KeyholeProcess.Run([command, "models/mini", "corpora/mini.train-sample.txt", .. words]);
        Assert.Equal(2, result.ExitStatus);
        Assert.Contains(sentence, result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("slurm", "KH7505", "--shards", "2", "--sign-cases", "-o", "x.study")]   // mini has no gates
    [InlineData("slurm", "KH7502", "--shards", "2", "--null", "rotations", "--rank-by", "pre", "-o", "x.study")]
    [InlineData("slurm", "KH5007", "--shards", "2", "--layers", "90", "-o", "x.study")]
    [InlineData("plan", "KH7505", "--sign-cases")]
    [InlineData("plan", "KH5007", "--layers", "90")]
    public void What_the_model_does_not_allow_is_refused_before_any_shard_is(string command, string code, params string[] words)
    {
        CommandResult result = KeyholeProcess.Run([command, "models/mini", "corpora/mini.train-sample.txt", .. words]);
        Assert.Equal(3, result.ExitStatus);
        Assert.Contains(code, result.Error, StringComparison.Ordinal);
    }

    // All that is read of a command line, as text; sets are written out.
    private static string Described(MiningArguments mining, ParseResult given)
    {
        Keyhole.Mining.MiningOptions read = mining.Read(given, "out", overwrite: false);
        return $"{read} {string.Join(',', read.Layers ?? [])} {string.Join(',', read.Neurons ?? new HashSet<Keyhole.Memories.NeuronId>())} {string.Join(',', read.Nulls)} {read.Checkpoints.Seconds}";
    }

    // Values that are not the default; none of a switch.
    private static string[] Values(Option option, TemporaryFolder folder) => option.Name switch
    {
        _ when option is Option<bool> => [],
        "--unit" => ["line"],
        "--text-field" => ["body.text"],
        "--layers" => ["0,2-3"],
        "--neurons" => [folder.Write("neurons.txt", "L0N1\n")],
        "--bos" => ["never"],
        "--rank-by" => ["pre"],
        "--null" => ["directions", "rotations"],
        "--preset" => ["paper"],
        "--compat" => ["ff-layers"],
        "--memory" => ["400MiB"],
        _ => ["7"],
    };

    private static SlurmJob Job() => new()
    {
        Keyhole = "keyhole",
        Model = "/model",
        Corpus = ["/corpus"],
        Study = "/study",
        Overwrite = false,
        Shards = 2,
        MaxRunning = null,
        WarnSeconds = 90,
        MiningOptions = [],
        Request = new SlurmRequest(),
    };
}
