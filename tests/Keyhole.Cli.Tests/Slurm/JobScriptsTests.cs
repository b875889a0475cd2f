using Keyhole.Cli.Slurm;
using Xunit;

namespace Keyhole.Cli.Tests.Slurm;

public class JobScriptsTests
{
    private static readonly SlurmJob Job = new()
    {
        Keyhole = "/opt/keyhole/keyhole",
        Model = "/models/a model",
        Corpus = ["/texts/one.txt", "/texts/two.jsonl.gz"],
        Study = "/studies/wiki.study",
        Overwrite = false,
        Shards = 64,
        MaxRunning = 16,
        WarnSeconds = 120,
        MiningOptions = ["--unit=line", "--top=50"],
        Request = new SlurmRequest { Partition = "long", Account = "lab", Qos = "low", Constraint = "avx512", Time = "4:00:00", Cpus = 8, Memory = "16G", Others = ["--exclusive", "--comment=for the paper"] },
    };

    private static readonly SlurmFolder Folder = SlurmFolder.Of(Job.Study);

    [Fact]
    public void The_array_asks_for_what_was_asked()
    {
        string[] directives = Directives(JobScripts.Mine(Job, Folder));
        Assert.Equal(
        [
            $"--job-name={Job.Name(SlurmJob.Mine)}", "--nodes=1", "--ntasks=1", "--open-mode=append", "--array=0-63%16", "--output=/studies/wiki.study.slurm/logs/%3a.log", "--requeue", "--signal=B:TERM@120",
            "--partition=long", "--account=lab", "--qos=low", "--constraint=avx512", "--time=4:00:00", "--mem=16G", "--exclusive", "--comment=\"for the paper\"", "--cpus-per-task=8",
        ],
        directives);
    }

    [Fact]
    public void The_merge_asks_for_one_processor_and_goes_with_its_array()
    {
        string[] directives = Directives(JobScripts.Merge(Job, Folder));
        Assert.Contains("--kill-on-invalid-dep=yes", directives);
        Assert.Contains("--partition=long", directives);
        Assert.DoesNotContain(directives, directive => directive.StartsWith("--cpus", StringComparison.Ordinal) || directive.StartsWith("--array", StringComparison.Ordinal));
        Assert.Contains("/opt/keyhole/keyhole merge /studies/wiki.study.slurm/shards/*.study \\\n    -o /studies/wiki.study --log-json", JobScripts.Merge(Job, Folder), StringComparison.Ordinal);
        Assert.Contains("-o /studies/wiki.study --overwrite", JobScripts.Merge(Job with { Overwrite = true }, Folder), StringComparison.Ordinal);
    }

    [Fact]
    public void A_shard_takes_the_threads_and_memory_that_Slurm_grants_unless_they_were_given()
    {
        string granted = JobScripts.Mine(Job, Folder);
        Assert.Contains("--threads \"${SLURM_CPUS_PER_TASK:-", granted, StringComparison.Ordinal);
        Assert.Contains("SLURM_MEM_PER_NODE * 85 / 100", granted, StringComparison.Ordinal);
        string given = JobScripts.Mine(Job with { MiningOptions = ["--threads=3", "--memory=2GiB"] }, Folder);
        Assert.Contains("machine=()", given, StringComparison.Ordinal);
        Assert.DoesNotContain("SLURM_MEM_PER_NODE", given, StringComparison.Ordinal);
    }

    [Fact]
    public void Both_scripts_are_good_shell()
    {
        Assert.SkipUnless(File.Exists("/bin/bash"), "The test needs bash.");
        SlurmJob odd = Job with { Model = "/it's a \"model\"", Study = "/a $b `c`/d.study" };
        foreach (string script in (string[])[JobScripts.Mine(odd, SlurmFolder.Of(odd.Study)), JobScripts.Merge(odd, SlurmFolder.Of(odd.Study))])
        {
            CommandResult checkedByBash = KeyholeProcess.Start("/bin/bash", new Dictionary<string, string>(), script, ["-n"]);
            Assert.True(checkedByBash.ExitStatus == 0, checkedByBash.Error);
            Assert.StartsWith("#!/bin/bash\n", script, StringComparison.Ordinal);
            Assert.EndsWith("\n", script, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(new[] { 3 }, "3")]
    [InlineData(new[] { 0, 1, 2, 5, 7, 8 }, "0-2,5,7-8")]
    public void Numbers_are_written_as_ranges(int[] numbers, string text) => Assert.Equal(text, Submitter.Ranges(numbers));

    private static string[] Directives(string script)
        => [.. script.Split('\n').Where(line => line.StartsWith("#SBATCH ", StringComparison.Ordinal)).Select(line => line["#SBATCH ".Length..])];
}
