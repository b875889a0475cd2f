using System.Text.Json;
using Xunit;

namespace Keyhole.Cli.Tests;

public class PlanTests
{
    private static readonly string[] Words = ["plan", "models/mini", "corpora/mini.train-sample.txt", "--unit", "line", "--threads", "2"];

    [Fact]
    public void A_small_corpus_fits_one_run()
    {
        CommandResult result = KeyholeProcess.Run([.. Words, "--gflops", "100"]);
        Assert.Equal(0, result.ExitStatus);
        Assert.Contains("units       9,237 (28.7 tokens each", result.Output, StringComparison.Ordinal);
        Assert.Contains("100 Gflop/s of matrix products with 2 threads, as given; mining is taken to run at 0.8 of it", result.Output, StringComparison.Ordinal);
        Assert.EndsWith("\nkeyhole mine models/mini corpora/mini.train-sample.txt --unit=line --threads=2 -o mini.train-sample.study\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_line_for_Slurm_has_the_shards_and_what_they_need()
    {
        JsonElement plan = JsonDocument.Parse(KeyholeProcess.Run([.. Words, "--gflops", "1", "--hours", "0.25", "--json"]).Output).RootElement;
        Assert.Equal(1, plan.GetProperty("schemaVersion").GetInt32());
        Assert.Equal(265_473, plan.GetProperty("tokens").GetDouble());
        Assert.Equal(6, plan.GetProperty("shards").GetInt32()); // 4.09e12 operations at 0.8e9 a second: 85 minutes
        Assert.Equal("keyhole slurm models/mini corpora/mini.train-sample.txt --unit=line --shards 6 --cpus 2 --mem 1G --time 1:00:00 -o mini.train-sample.study --submit", plan.GetProperty("command").GetString());
    }

    [Fact]
    public void Nulls_and_samples_are_counted_and_stand_in_the_next_command()
    {
        JsonElement plain = Plan();
        JsonElement with = Plan("--null", "directions,rotations", "--null-seed", "3", "--sample-quantiles");
        Assert.InRange(with.GetProperty("mineSeconds").GetDouble() / plain.GetProperty("mineSeconds").GetDouble(), 2.5, 3.5);   // 1/3 and 4/3 of the operations, and samples of three
        Assert.InRange(with.GetProperty("studyBytes").GetDouble() / plain.GetProperty("studyBytes").GetDouble(), 3, 10);
        Assert.True(with.GetProperty("memoryBytes").GetInt64() > plain.GetProperty("memoryBytes").GetInt64());
        Assert.Contains(" --sample-quantiles --null=directions,rotations --null-seed=3 --shards ", with.GetProperty("command").GetString(), StringComparison.Ordinal);

        static JsonElement Plan(params string[] more) => JsonDocument.Parse(KeyholeProcess.Run([.. Words, "--gflops", "1", "--hours", "0.25", "--json", .. more]).Output).RootElement;
    }

    [Fact]
    public void A_run_that_may_end_early_is_not_divided()
    {
        CommandResult result = KeyholeProcess.Run([.. Words, "--gflops", "1", "--hours", "0.25", "--until-stable", "0.01"]);
        Assert.Contains("in one run  at most ", result.Output, StringComparison.Ordinal);
        Assert.Contains("\nkeyhole mine models/mini ", result.Output, StringComparison.Ordinal);
        Assert.Contains(" --until-stable=0.01 ", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_rate_is_measured_where_none_is_given()
        => Assert.True(JsonDocument.Parse(KeyholeProcess.Run([.. Words, "--json"]).Output).RootElement.GetProperty("gemm").GetDouble() > 1e8);

    [Theory]
    [InlineData("--hours", "0")]
    [InlineData("--gflops", "NaN")]
    [InlineData("--shards", "0")]
    public void Numbers_that_cannot_be_are_refused(string option, string value) => Assert.Equal(2, KeyholeProcess.Run([.. Words, option, value]).ExitStatus);
}
