using System.Text.Json;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Cli.Tests;

public sealed class StatsTests : IDisposable
{
    private const string Kit = """{"made_by":"hand","cases":[{"kind":"moments","name":"two","values":[1,4],"mean":99},{"kind":"wilson95","successes":0,"trials":0}]}""";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Cases_are_answered_in_their_order_on_standard_output_or_in_a_file()
    {
        string kit = _folder.Write("kit.json", Kit);
        CommandResult result = KeyholeProcess.Run("stats", kit);
        Assert.Equal((0, string.Empty), (result.ExitStatus, result.Error));
        using JsonDocument answer = JsonDocument.Parse(result.Output);
        Assert.Equal(["cases"], answer.RootElement.EnumerateObject().Select(member => member.Name));
        JsonElement[] cases = [.. answer.RootElement.GetProperty("cases").EnumerateArray()];
        Assert.Equal(["moments", "wilson95"], cases.Select(one => one.GetProperty("kind").GetString()));
        Assert.Equal((2.5, -2), (cases[0].GetProperty("mean").GetDouble(), cases[0].GetProperty("excess_kurtosis").GetDouble()));
        Assert.Equal(JsonValueKind.Null, cases[1].GetProperty("low").ValueKind);

        string ours = _folder.File("ours.json");
        CommandResult written = KeyholeProcess.Run("stats", kit, "-o", ours, "--json");
        Assert.Equal((0, string.Empty), (written.ExitStatus, written.Output));
        Assert.Equal(result.Output, File.ReadAllText(ours));
    }

    [Fact]
    public void What_is_no_kit_is_refused_and_nothing_is_printed()
    {
        CommandResult refused = KeyholeProcess.Run("stats", _folder.Write("bad.json", Kit.Replace("\"trials\":0", "\"trials\":-1", StringComparison.Ordinal)));
        Assert.Equal((3, string.Empty), (refused.ExitStatus, refused.Output));
        Assert.Contains("KH7602", refused.Error, StringComparison.Ordinal);
        Assert.Contains("case 1 (wilson95): 'trials': a whole number from 0 is expected.", refused.Error, StringComparison.Ordinal);
        Assert.Equal(2, KeyholeProcess.Run("stats", _folder.Write("same.json", Kit), "-o", _folder.File("same.json")).ExitStatus);
        Assert.Equal(3, KeyholeProcess.Run("stats", _folder.File("nothing.json")).ExitStatus);
    }

    [Fact]
    public void What_cannot_be_written_is_said_and_leaves_the_file_that_was_there()
    {
        string kit = _folder.Write("kit.json", Kit);
        AssertNotWritten(kit, _folder.Path, 3, "KH5111: .*: no file can be written here: this is a folder: name a file");
        AssertNotWritten(kit, _folder.File("no/ours.json"), 3, "KH5111: .*: no file can be written here: there is no folder");

        Assert.SkipUnless(File.Exists("/dev/full"), "This system has no '/dev/full'.");
        AssertNotWritten(kit, "/dev/full", 1, "KH6003: The disk is full");
        string ours = _folder.Write("ours.json", "older");
        File.CreateSymbolicLink(ours + ".partial", "/dev/full");   // what is written aside does not fit
        AssertNotWritten(kit, ours, 1, "KH5120: .*: the output could not be written \\(No space left");
        Assert.Equal("older", File.ReadAllText(ours));
        Assert.Equal([kit, ours], Directory.GetFileSystemEntries(_folder.Path).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_device_is_written_to_as_it_is()
    {
        Assert.SkipUnless(File.Exists("/dev/stdout"), "This system has no '/dev/stdout'.");
        string kit = _folder.Write("kit.json", Kit);
        Assert.Equal(KeyholeProcess.Run("stats", kit).Output, KeyholeProcess.Run("stats", kit, "-o", "/dev/stdout").Output);
    }

    private static void AssertNotWritten(string kit, string output, int status, string said)
    {
        CommandResult refused = KeyholeProcess.Run("stats", kit, "-o", output);
        Assert.Equal((status, string.Empty), (refused.ExitStatus, refused.Output));
        Assert.Matches($"^keyhole: error {said}.*\n$", refused.Error);
    }
}
