using System.Text.Json;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Benchmarks.Tests;

public sealed class FigureFileTests
{
    private const string Head = """{"schemaVersion": 1, "machine": "m", "commit": "c", "date": "2026-01-02", "quick": true, "leftOut": [], "figures": [""";

    [Fact]
    public void What_is_written_is_read_again()
    {
        var file = new FigureFile("a processor", "abc+", new DateOnly(2026, 3, 4), Quick: true,
        [
            new Figure("mine", "mini") { Value = 98.7, Unit = "Gflop/s", Ratio = 0.1 + 0.2, To = "products", Bar = Bar.AtLeast(0.8), Note = "a \"note\" | größer\n" },
            new Figure("merge", "memory") { Value = 5e-324, Unit = "MB", Bar = Bar.AtMost(500) },
            new Figure("start", "nothing"),
            new Figure("growth", "no ratio") { Value = double.PositiveInfinity, Ratio = double.NaN, Bar = Bar.AtLeast(1) },
        ], ["this", "that"], ["growth: 'keyhole mine' ended with 3: no"]);
        FigureFile read = RoundTrip(file);

        Assert.Equal((file.Machine, file.Commit, file.Date, file.Quick), (read.Machine, read.Commit, read.Date, read.Quick));
        Assert.Equal(file.LeftOut, read.LeftOut);
        Assert.Equal(file.BrokenOff, read.BrokenOff);
        Assert.Equal(file.Figures.Take(3), read.Figures.Take(3));
        Assert.Equal((double.NaN, double.NaN), (read.Figures[3].Value, read.Figures[3].Ratio));
    }

    [Fact]
    public void A_ratio_that_is_no_number_stays_missed_whatever_the_value()
    {
        var figure = new Figure("mine", "mini") { Value = 98.7, Ratio = double.NaN, Bar = Bar.AtLeast(0.8) };
        Assert.False(figure.Ok);
        Assert.False(Assert.Single(RoundTrip(new FigureFile("m", "c", default, Quick: false, [figure], [], [])).Figures).Ok);
    }

    [Fact]
    public void Others_can_read_the_verdict()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("f.json");
        new FigureFile("m", "c", default, Quick: false, [new Figure("a", "b") { Value = 1, Bar = Bar.AtMost(0.5) }, new Figure("a", "b")], [], []).Write(path);
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(path));
        JsonElement figures = json.RootElement.GetProperty("figures");
        Assert.False(figures[0].GetProperty("ok").GetBoolean());
        Assert.Equal(0.5, figures[0].GetProperty("atMost").GetDouble());
        Assert.False(figures[1].TryGetProperty("ok", out _));
        Assert.False(figures[1].TryGetProperty("value", out _));
    }

    [Fact]
    public void A_file_without_broken_off_parts_is_read()
    {
        using var folder = new TemporaryFolder();
        FigureFile read = FigureFile.Read(folder.Write("f.json", Head + """{"part": "p", "name": "n", "unit": "", "to": "", "note": ""}]}"""));
        Assert.Equal(new Figure("p", "n"), Assert.Single(read.Figures));
        Assert.Empty(read.BrokenOff);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not JSON")]
    [InlineData("[1, 2]")]
    [InlineData("{}", "'schemaVersion' is missing")]
    [InlineData("""{"schemaVersion": 2}""", "schemaVersion is 2")]
    [InlineData("""{"schemaVersion": 1}""", "'machine' is missing")]
    [InlineData("""{"schemaVersion": 1, "machine": null}""", "null")]
    [InlineData("""{"schemaVersion": 1, "machine": "m", "commit": "c", "date": "yesterday"}""", "yesterday")]
    [InlineData(Head + "7]}")]
    [InlineData(Head + """{"part": "p"}]}""", "'name' is missing")]
    [InlineData(Head + """{"part": "p", "name": "n", "value": "many", "unit": "", "to": "", "note": ""}]}""")]
    [InlineData(Head + "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[")]
    public void Another_file_is_refused_with_a_sentence(string text, string part = "")
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("f.json", text);
        BenchmarkFailedException refused = Assert.Throws<BenchmarkFailedException>(() => FigureFile.Read(path));
        Assert.StartsWith($"'{path}' is no file that benchmarks/run --json wrote: ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(part, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_large_file_is_not_read()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("f.json");
        using (FileStream file = File.Create(path))
        {
            file.SetLength(1L << 40);   // a hole
        }

        Assert.Contains("larger", Assert.Throws<BenchmarkFailedException>(() => FigureFile.Read(path)).Message, StringComparison.Ordinal);
    }

    private static FigureFile RoundTrip(FigureFile file)
    {
        using var folder = new TemporaryFolder();
        file.Write(folder.File("f.json"));
        return FigureFile.Read(folder.File("f.json"));
    }
}
