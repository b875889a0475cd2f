using System.Globalization;
using System.Text.Json;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Cli.Tests.Slurm;

/// <summary>What the scripts do on a real Slurm, with a shell script in place of the command: it does what a file named after the shard says.</summary>
[Collection(OneSlurm.Name)]
public sealed class SlurmMechanicsTests(SlurmCluster cluster) : IDisposable
{
    // 'mine' writes its words to its study; a file stop-I or fail-I beside it makes shard I wait to be stopped, or fail. 'merge' puts the shards in a row.
    private const string Command = """
        #!/bin/bash
        step=$1; shift
        words=("$@")
        while [ $# -gt 0 ]; do
            case $1 in -o) study=$2;; --shard) shard=${2%%/*};; esac
            shift
        done
        control=$(dirname "$0")
        if [ "$step" = merge ]; then cat "${words[@]:0:3}" >"$study"; exit; fi
        if [ -e "$control/fail-$shard" ]; then echo '{"event":"error","code":"KH5001","message":"layer 3 gives NaN"}' >&2; exit 3; fi
        if [ -e "$control/stop-$shard" ]; then
            trap 'exit 143' TERM
            echo '{"event":"progress","share":0.25,"secondsLeft":90}' >&2
            touch "$control/waits-$shard"
            while :; do sleep 0.1; done
        fi
        printf '%s\n' "${words[@]}" >"$study"
        """;

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Paths_of_all_kinds_arrive_and_the_merge_comes_last()
    {
        cluster.Require();
        string odd = Directory.CreateDirectory(_folder.File("it's a \"50%\" #odd $HOME `id` %j *")).FullName;
        string corpus = Path.Combine(odd, "-text &c.txt");
        File.WriteAllText(corpus, "A text.\n");
        string study = Path.Combine(odd, "a 'b'.study");
        Submit(study, corpus, "--text-field", "it's \"$x\"", "--cpus", "1", "--mem", "400M", "--sbatch-option=--comment=a 'b' #c");
        SlurmCluster.WaitUntil(() => File.Exists(study), "the merge had written the study", () => Logs(study));
        string[] words = File.ReadAllText(study).TrimEnd('\n').Split('\n');
        string[] mined = [Path.GetFullPath("models/mini", SharedData.Repository), corpus, "-o", $"{study}.slurm/shards/000.study", "--shard", "0/3", "--resume", "--log-json", "--threads", "1", "--memory", "340MiB", "--text-field=it's \"$x\""];
        Assert.Equal(mined, words[..mined.Length]);
        Assert.Equal(3 * mined.Length, words.Length);
        SlurmCluster.WaitUntil(() => Status(study).GetProperty("complete").GetBoolean(), "all was over");
        Assert.True(File.Exists($"{study}.slurm/logs/002.log"));
    }

    [Fact]
    public void A_task_that_is_told_to_stop_is_requeued_and_one_that_is_cancelled_is_not()
    {
        cluster.Require();
        File.WriteAllText(_folder.File("stop-0"), "");
        File.WriteAllText(_folder.File("stop-1"), "");
        string study = _folder.File("a.study");
        string array = Submit(study, _folder.Write("a.txt", "A text.\n"));
        SlurmCluster.WaitUntil(() => File.Exists(_folder.File("waits-0")) && File.Exists(_folder.File("waits-1")), "both wait", () => Logs(study));
        JsonElement running = Status(study).GetProperty("shards")[0];
        Assert.Equal("running", running.GetProperty("state").GetString());
        Assert.Equal(0.25, running.GetProperty("share").GetDouble());

        File.Delete(_folder.File("stop-0"));
        cluster.Run("scancel", "--signal=TERM", "--batch", $"{array}_0"); // as before a time limit
        cluster.Run("scancel", $"{array}_1");
        SlurmCluster.WaitUntil(() => State(study, 0) == "pending" && State(study, 1) == "stopped", "shard 0 was requeued and shard 1 gone", () => Logs(study));
        JsonElement stopped = Status(study).GetProperty("shards")[1];
        Assert.Equal(143, stopped.GetProperty("exitCode").GetInt32());

        cluster.Run("scontrol", "update", $"JobId={array}_0", "StartTime=now"); // else after two minutes
        SlurmCluster.WaitUntil(() => State(study, 0) == "done", "shard 0 was done", () => Logs(study));

        File.Delete(_folder.File("stop-1"));
        Resubmit(study);
        SlurmCluster.WaitUntil(() => File.Exists(study), "the merge had written the study", () => Logs(study));
    }

    [Fact]
    public void A_shard_that_fails_is_told_with_its_error_and_submitted_again()
    {
        cluster.Require();
        string fail = _folder.Write("fail-1", "");
        string study = _folder.File("a.study");
        Submit(study, _folder.Write("a.txt", "A text.\n"));
        SlurmCluster.WaitUntil(() => State(study, 1) == "failed" && State(study, 0) == "done" && State(study, 2) == "done", "all were over", () => Logs(study));
        Assert.Equal("KH5001: layer 3 gives NaN", Status(study).GetProperty("shards")[1].GetProperty("error").GetString());
        Assert.False(File.Exists(study));

        File.Delete(fail);
        CommandResult told = Resubmit(study);
        Assert.Contains("Submitted: shards 1 as array ", told.Error, StringComparison.Ordinal);
        SlurmCluster.WaitUntil(() => File.Exists(study), "the merge had written the study", () => Logs(study));
        SlurmCluster.WaitUntil(() => Status(study).GetProperty("complete").GetBoolean(), "all was over");
    }

    public void Dispose() => _folder.Dispose();

    private string Submit(string study, string corpus, params string[] more)
    {
        string command = _folder.Write("keyhole fake", Command);
        cluster.Run("chmod", "500", command);
        CommandResult result = KeyholeProcess.Run(cluster.Environment, "", ["slurm", "models/mini", corpus, "-o", study, "--shards", "3", "--submit", "--json", "--keyhole", $"'{command}'", .. more]);
        Assert.True(result.ExitStatus == 0, result.Error);
        return JsonDocument.Parse(result.Output).RootElement.GetProperty("arrayJob").GetString()!;
    }

    private CommandResult Resubmit(string study)
    {
        CommandResult result = KeyholeProcess.Run(cluster.Environment, "", "slurm", "status", study, "--resubmit");
        Assert.True(result.ExitStatus == 0, result.Error);
        return result;
    }

    private JsonElement Status(string study)
    {
        CommandResult result = KeyholeProcess.Run(cluster.Environment, "", "slurm", "status", study, "--json");
        Assert.True(result.ExitStatus == 0, result.Error);
        return JsonDocument.Parse(result.Output).RootElement;
    }

    private string? State(string study, int shard) => Status(study).GetProperty("shards")[shard].GetProperty("state").GetString();

    private static string Logs(string study)
        => string.Concat(Directory.GetFiles(study + ".slurm/logs").Order(StringComparer.Ordinal).Select(file => string.Create(CultureInfo.InvariantCulture, $"\n{Path.GetFileName(file)}:\n{File.ReadAllText(file)}")));
}
