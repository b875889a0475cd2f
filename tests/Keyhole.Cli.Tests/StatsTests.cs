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
}
