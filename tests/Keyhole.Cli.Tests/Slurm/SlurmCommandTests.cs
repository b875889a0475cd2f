using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Cli.Tests.Slurm;

public class SlurmCommandTests
{
    private static readonly string[] Words = ["slurm", "models/mini", "corpora/mini.train-sample.txt", "--shards", "3"];

    [Fact]
    public void What_it_wrote_is_told_and_a_second_time_refused_only_where_shards_lie()
    {
        using var folder = new TemporaryFolder();
        string study = folder.File("a.study");
        CommandResult first = KeyholeProcess.Run([.. Words, "-o", study]);
        Assert.Equal(0, first.ExitStatus);
        Assert.Contains($"sbatch --parsable {study}.slurm/mine.sbatch", first.Output, StringComparison.Ordinal);
        Assert.Equal(0, KeyholeProcess.Run([.. Words, "-o", study]).ExitStatus);
        File.WriteAllText($"{study}.slurm/shards/001.study", "");
        CommandResult refused = KeyholeProcess.Run([.. Words, "-o", study]);
        Assert.Equal(3, refused.ExitStatus);
        Assert.Contains("KH6012", refused.Error, StringComparison.Ordinal);
        Assert.Equal(0, KeyholeProcess.Run([.. Words, "-o", study, "--overwrite"]).ExitStatus);
        Assert.Empty(Directory.GetFiles($"{study}.slurm/shards"));
    }

    [Fact]
    public void Nulls_go_to_every_shard_and_one_that_stands_where_a_merge_would_put_its_own_is_met_at_once()
    {
        using var folder = new TemporaryFolder();
        string study = folder.File("a.study");
        Assert.Equal(0, KeyholeProcess.Run([.. Words, "-o", study, "--null", "directions", "--null", "rotations", "--sample-quantiles", "--checkpoint-every", "5"]).ExitStatus);
        Assert.Contains("--sample-quantiles --null=directions --null=rotations --checkpoint-every=5", File.ReadAllText($"{study}.slurm/mine.sbatch"), StringComparison.Ordinal);
        folder.Write("a.study.rotations", "mine");
        CommandResult refused = KeyholeProcess.Run([.. Words, "-o", study, "--null", "rotations"]);
        Assert.Equal(3, refused.ExitStatus);
        Assert.Contains("KH5110", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_is_not_its_own_is_never_replaced()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("a.study.slurm"));
        folder.Write("a.study.slurm/precious", "");
        Assert.Equal(3, KeyholeProcess.Run([.. Words, "-o", folder.File("a.study"), "--overwrite"]).ExitStatus);
        Assert.True(File.Exists(folder.File("a.study.slurm", "precious")));
    }

    [Fact]
    public void Without_Slurm_the_files_are_told_and_nothing_is_submitted()
    {
        using var folder = new TemporaryFolder();
        string study = folder.File("a.study");
        var nowhere = new Dictionary<string, string> { ["PATH"] = folder.Path };
        Assert.Equal(0, KeyholeProcess.Run([.. Words, "-o", study]).ExitStatus);
        File.WriteAllText($"{study}.slurm/shards/001.study", "");
        CommandResult status = KeyholeProcess.Run(nowhere, "", "slurm", "status", study);
        Assert.Equal(0, status.ExitStatus);
        Assert.Contains("1 done, 2 not submitted of 3 shards.", status.Output, StringComparison.Ordinal);
        Assert.Contains("squeue cannot be started here", status.Error, StringComparison.Ordinal);
        CommandResult resubmit = KeyholeProcess.Run(nowhere, "", "slurm", "status", $"{study}.slurm", "--resubmit");
        Assert.Equal(3, resubmit.ExitStatus);
        Assert.Contains("KH6011", resubmit.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "Jobs cannot read this command's standard input", "models/mini", "-", "-o", "x.study")]
    [InlineData(2, "a backslash in the path of a log", "models/mini", "corpora", "-o", "a\\b.study")]
    [InlineData(2, "line break", "models/mini", "corpora", "-o", "x.study", "--keyhole", "a\nb")]
    [InlineData(2, "write it as --sbatch-option=--name=value", "models/mini", "corpora", "-o", "x.study", "--sbatch-option=exclusive")]
    [InlineData(2, "at most 65536", "models/mini", "corpora", "-o", "x.study", "--shards=65537")]
    [InlineData(3, "no/such/model", "no/such/model", "corpora", "-o", "x.study")]
    [InlineData(3, "no/such/corpus", "models/mini", "no/such/corpus", "-o", "x.study")]
    public void What_would_fail_on_every_node_is_refused_at_once(int exitStatus, string sentence, params string[] words)
    {
        string[] shards = words.Any(word => word.StartsWith("--shards", StringComparison.Ordinal)) ? [] : ["--shards", "2"];
        CommandResult result = KeyholeProcess.Run(["slurm", .. words, .. shards]);
        Assert.Equal(exitStatus, result.ExitStatus);
        Assert.Contains(sentence, result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[]")]
    public void A_damaged_job_is_refused(string text)
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("a.study.slurm"));
        folder.Write("a.study.slurm/job.json", text);
        CommandResult result = KeyholeProcess.Run("slurm", "status", folder.File("a.study"));
        Assert.Equal(3, result.ExitStatus);
        Assert.Contains("KH6010", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_job_whose_numbers_cannot_be_or_that_was_moved_is_refused()
    {
        using var folder = new TemporaryFolder();
        string study = folder.File("a.study");
        Assert.Equal(0, KeyholeProcess.Run([.. Words, "-o", study]).ExitStatus);
        string file = $"{study}.slurm/job.json";
        string good = File.ReadAllText(file);
        foreach ((string from, string to) in new[] { ("\"shards\": 3", "\"shards\": 2000000000"), ("\"schemaVersion\": 1", "\"schemaVersion\": 2"), ("a.study", "b.study"), ("\"submissions\": []", "\"submissions\": [{\"time\":\"2026-01-01T00:00:00Z\",\"arrayJob\":\"1\",\"shards\":[3],\"mergeJob\":null}]") })
        {
            Assert.Contains(from, good, StringComparison.Ordinal);
            File.WriteAllText(file, good.Replace(from, to, StringComparison.Ordinal));
            CommandResult result = KeyholeProcess.Run("slurm", "status", study);
            Assert.Equal(3, result.ExitStatus);
            Assert.Contains("KH6010", result.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Help_of_the_subcommand_tells_its_own_arguments_only()
    {
        string page = KeyholeProcess.Run("slurm", "status", "--help").Output;
        Assert.Contains("keyhole slurm status <DIR> [options]", page, StringComparison.Ordinal);
        Assert.DoesNotContain("MODEL", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Text files", page, StringComparison.Ordinal);
        Assert.Contains("Examples:", page, StringComparison.Ordinal);
    }
}
