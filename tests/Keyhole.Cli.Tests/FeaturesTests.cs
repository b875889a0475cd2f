using System.Text.Json;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Cli.Tests;

public sealed class FeaturesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Two_layers_are_measured_shown_and_reported()
    {
        string study = _folder.File("mini.study");
        Assert.Equal(0, KeyholeProcess.Run("mine", "models/mini", "corpora/mini.train-sample.txt", "--unit", "line", "--limit", "400", "--layers", "0", "-o", study).ExitStatus);
        CommandResult measured = KeyholeProcess.Run("features", study, "--positions", "3000", "--layers", "0,9", "--top-k", "10,1024", "--json");
        Assert.Equal((0, string.Empty), (measured.ExitStatus, measured.ExitStatus == 0 ? string.Empty : measured.Error));
        using JsonDocument json = JsonDocument.Parse(measured.Output);
        Assert.Equal(1, json.RootElement.GetProperty("schemaVersion").GetInt32());
        JsonElement[] rows = [.. json.RootElement.GetProperty("rows").EnumerateArray()];
        Assert.Equal([0, 9], rows.Select(row => row.GetProperty("layer").GetInt32()).Distinct());
        foreach (JsonElement whole in rows.Where(row => row.GetProperty("measure").GetString() == "explainedVariance" && row.GetProperty("k").GetInt32() == 1024))
        {
            Assert.Equal(1, whole.GetProperty("value").GetDouble(), 1e-5);
        }

        Assert.Contains(rows, row => row.GetProperty("source").GetString() == "residual" && row.GetProperty("task").GetString() == "quotation");
        CommandResult stored = KeyholeProcess.Run("features", study, "--stored", "--json");
        using JsonDocument again = JsonDocument.Parse(stored.Output);
        Assert.Equal(json.RootElement.GetProperty("rows").GetRawText(), again.RootElement.GetProperty("rows").GetRawText());
        CommandResult table = KeyholeProcess.Run("features", study, "--stored");
        Assert.Contains("memories / the same with permuted weights", table.Output, StringComparison.Ordinal);
        Assert.Contains("variance k=10", table.Output, StringComparison.Ordinal);
        Assert.Equal(0, KeyholeProcess.Run("report", study, "-o", _folder.File("report.html")).ExitStatus);
        Assert.Contains("features-variance", File.ReadAllText(_folder.File("report.html")), StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_done_is_said()
    {
        string study = CatStudy.Write(_folder);
        CommandResult none = KeyholeProcess.Run("features", study, "--stored");
        Assert.Equal(3, none.ExitStatus);
        Assert.Contains("KH7904", none.Error, StringComparison.Ordinal);
        Assert.Equal(2, KeyholeProcess.Run("features", study, "--positions", "200001").ExitStatus);
        Assert.Equal(2, KeyholeProcess.Run("features", study, "--top-k", "5,0").ExitStatus);
        Assert.Equal(2, KeyholeProcess.Run("features", study, "--layers", "1-").ExitStatus);
        Assert.Contains("KH5202", KeyholeProcess.Run("features", study).Error, StringComparison.Ordinal);
    }
}
