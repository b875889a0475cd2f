using System.Text.Json;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Cli.Tests;

public sealed class MergeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Shards_become_one_study_and_what_is_missing_has_an_exit_code_of_its_own()
    {
        string[] shards = [.. Enumerable.Range(0, 3).Select(i => Mine($"{i}/3"))];
        string whole = Mine(shard: null);
        string merged = _folder.File("merged.study");

        CommandResult missing = KeyholeProcess.Run("merge", shards[0], shards[2], "-o", merged);
        Assert.Equal(4, missing.ExitStatus);
        Assert.StartsWith("keyhole: error KH5243: shard 1 of 3 is missing: nothing was merged; ", missing.Error, StringComparison.Ordinal);
        Assert.Contains("--partial", missing.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(merged));

        CommandResult half = KeyholeProcess.Run("merge", shards[2], shards[0], "-o", merged, "--partial");
        Assert.Equal(0, half.ExitStatus);
        Assert.Contains("shard 1 of 3 is missing: the study says so", half.Error, StringComparison.Ordinal);

        Assert.Equal(3, KeyholeProcess.Run("merge", merged, shards[1], "-o", whole).ExitStatus);   // it is there already
        string all = _folder.File("all.study");
        CommandResult rest = KeyholeProcess.Run("merge", merged, shards[1], "-o", all, "--json", "--quiet");
        Assert.Equal((0, ""), (rest.ExitStatus, rest.Error));
        using JsonDocument json = JsonDocument.Parse(rest.Output);
        Assert.Equal("schemaVersion", json.RootElement.EnumerateObject().First().Name);
        Assert.Equal([0, 1, 2], json.RootElement.GetProperty("shards").EnumerateArray().Select(part => part.GetInt32()));
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("missing").ValueKind);
        Assert.Equal(40, json.RootElement.GetProperty("units").GetInt32());
        Assert.Equal(Export(whole), Export(all));
    }

    [Fact]
    public void Nulls_beside_the_shards_are_merged_beside_the_study()
    {
        string[] shards = [.. Enumerable.Range(0, 2).Select(i => Mine($"{i}/2", "--null", "directions"))];
        string whole = Mine(shard: null, "--null", "directions");
        string merged = _folder.File("merged.study");
        CommandResult result = KeyholeProcess.Run("merge", shards[0], shards[1], "-o", merged, "--json", "--quiet");
        Assert.Equal((0, ""), (result.ExitStatus, result.Error));
        using JsonDocument json = JsonDocument.Parse(result.Output);
        Assert.Equal([merged + ".directions"], json.RootElement.GetProperty("nulls").EnumerateArray().Select(path => path.GetString()));
        Assert.Equal(Export(whole + ".directions"), Export(merged + ".directions"));

        File.Delete(shards[1] + ".directions");
        CommandResult refused = KeyholeProcess.Run("merge", shards[0], shards[1], "-o", merged, "--overwrite");
        Assert.Equal(3, refused.ExitStatus);
        Assert.StartsWith($"keyhole: error KH5245: {shards[1]}.directions: no such file, and {shards[0]}.directions is there", refused.Error, StringComparison.Ordinal);
        File.Delete(shards[0] + ".directions");
        Assert.Contains("the null of random directions was mined with these studies and lies beside none of them", KeyholeProcess.Run("merge", shards[0], shards[1], "-o", merged, "--overwrite").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void What_does_not_belong_together_is_refused()
    {
        CommandResult refused = KeyholeProcess.Run("merge", CatStudy.Write(_folder), Mine("0/2"), "-o", _folder.File("out"));
        Assert.Equal(3, refused.ExitStatus);
        Assert.Matches("^keyhole: error KH5(105|241): ", refused.Error);
        Assert.False(File.Exists(_folder.File("out")));
    }

    public void Dispose() => _folder.Dispose();

    private string Mine(string? shard, params string[] more)
    {
        string study = _folder.File($"{shard?.Replace('/', '-') ?? "whole"}.study");
        CommandResult result = KeyholeProcess.Run(["mine", "models/mini", "corpora/mini.train-sample.txt", "--unit", "line", "--limit", "40", "--layers", "0", "--quiet", "-o", study, .. shard is null ? Array.Empty<string>() : ["--shard", shard], .. more]);
        Assert.True(result.ExitStatus == 0, result.Error);
        return study;
    }

    private static string Export(string study)
    {
        string folder = study + "-export";
        Assert.Equal(0, KeyholeProcess.Run("export", study, "-o", folder, "--quiet").ExitStatus);
        return string.Concat(Directory.GetFiles(folder).Order(StringComparer.Ordinal).Select(File.ReadAllText));
    }
}
