using System.Globalization;
using System.Text.Json;
using Keyhole.Memories;
using Keyhole.Studies;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Cli.Tests;

/// <summary>A layer of ten memories over 200 texts: the first five fire after one word each, the others anywhere.</summary>
public sealed class PatternsTests : IDisposable
{
    private const int Units = 200;
    private const int Words = 20;
    private const int Length = 10;
    private readonly TemporaryFolder _folder = new();
    private readonly string _study;

    public PatternsTests() => _study = Write(_folder.File("a.study"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Patterns_are_found_kept_and_shown()
    {
        Assert.Contains("KH7701", KeyholeProcess.Run("patterns", _study, "--memory", "L0N1").Error, StringComparison.Ordinal);
        CommandResult found = KeyholeProcess.Run("patterns", _study);
        Assert.Equal(0, found.ExitStatus);
        Assert.StartsWith("layer", found.Output, StringComparison.Ordinal);
        Assert.Contains("In 5 of 10 lists something is shared beyond decoys", found.Output, StringComparison.Ordinal);
        Assert.Contains("ends in ' wb'", KeyholeProcess.Run("patterns", _study, "--memory", "L0N1").Output, StringComparison.Ordinal);
        Assert.Contains("pattern: ends in ' wb' (last-token, shallow; 12 of 12 prefixes", KeyholeProcess.Run("show", _study, "L0N1").Output, StringComparison.Ordinal);
        using JsonDocument shown = JsonDocument.Parse(KeyholeProcess.Run("show", _study, "L0N1", "--json").Output);
        Assert.Equal("last-token", shown.RootElement.GetProperty("poles")[0].GetProperty("patterns")[0].GetProperty("class").GetString());
        string folder = _folder.File("csv");
        Assert.Equal(0, KeyholeProcess.Run("export", _study, "--format", "csv", "-o", folder).ExitStatus);
        Assert.Contains("0,,1,positive,last-token,shallow,ends in ' wb',12,12,12,", File.ReadAllText(Path.Combine(folder, "patterns.csv")), StringComparison.Ordinal);
        Assert.Contains("0,shuffled,2000,24000,Covered,", File.ReadAllText(Path.Combine(folder, "pattern-layers.csv")), StringComparison.Ordinal);
    }

    [Fact]
    public void Json_is_one_document_with_its_version_first()
    {
        using JsonDocument json = JsonDocument.Parse(KeyholeProcess.Run("patterns", _study, "--json", "--decoys", "500").Output);
        Assert.Equal("schemaVersion", json.RootElement.EnumerateObject().First().Name);
        Assert.Equal((10, 5), (json.RootElement.GetProperty("lists").GetInt32(), json.RootElement.GetProperty("listsWithPattern").GetInt32()));
        Assert.Equal("500", json.RootElement.GetProperty("options").GetProperty("decoys").GetString());
        Assert.Equal(["real", "random", "shuffled"], json.RootElement.GetProperty("layers").EnumerateArray().Select(layer => layer.GetProperty("source").GetString()));
        using JsonDocument memory = JsonDocument.Parse(KeyholeProcess.Run("patterns", _study, "--memory", "L0N1", "--json").Output);
        Assert.Equal(12, memory.RootElement.GetProperty("poles")[0].GetProperty("patterns")[0].GetProperty("coverage").GetInt32());
    }

    [Theory]
    [InlineData(3, "KH7702", "--layers", "4")]
    [InlineData(2, "--decoys is 5", "--decoys", "5")]
    [InlineData(3, "KH7704", "--rate", "2")]
    [InlineData(3, "KH5101", "--null", "nowhere.study")]
    [InlineData(2, "names no memory", "--memory", "first")]
    public void What_cannot_be_searched_is_said(int status, string said, params string[] words)
    {
        CommandResult result = KeyholeProcess.Run(["patterns", _study, .. words]);
        Assert.Equal(status, result.ExitStatus);
        Assert.Contains(said, result.Error, StringComparison.Ordinal);
    }

    private static string Write(string path)
    {
        const int Memories = 10;
        const int Triggers = 12;
        int[][] texts = [.. Enumerable.Range(0, Units).Select(unit => Text(new Random(unit)))];
        using StudyWriter writer = StudyWriter.Create(path, overwrite: false);
        writer.WriteProvenance(CatStudy.Provenance(Memories, Units * (Length - 2)));
        writer.WriteFiles([new StudyFile(0, "words.txt", 1000, CatStudy.NoHash)]);
        for (int unit = 0; unit < Units; unit++)
        {
            writer.AppendUnit(Unit(unit, texts[unit]));
        }

        writer.WriteTokenPieces(["</s>", .. Enumerable.Range(0, Words).Select(Word)]);
        for (int memory = 0; memory < Memories; memory++)
        {
            var random = new Random(1000 + memory);
            (int Unit, int Position)[] prefixes = [.. Enumerable.Range(0, Units).OrderBy(_ => random.Next())
                .Select(unit => (unit, memory < 5 ? Array.IndexOf(texts[unit], memory + 1, 1, Length - 2) : random.Next(1, Length - 1))).Where(prefix => prefix.Item2 > 0).Take(Triggers)];
            writer.WriteMemory(new NeuronId(0, memory), NeuronStatistics.Empty(gated: false),
                [.. prefixes.Select((prefix, rank) => new Trigger(Triggers - rank, float.NaN, prefix.Unit, prefix.Position, texts[prefix.Unit][prefix.Position + 1]))], []);
        }

        writer.Complete();
        return path;
    }

    private static int[] Text(Random random) => [0, .. Enumerable.Range(1, Length - 1).Select(_ => 1 + random.Next(Words))];

    private static StudyUnit Unit(int index, int[] tokens)
    {
        string text = string.Concat(tokens.Skip(1).Select(token => Word(token - 1)));
        int at = 0;
        return new StudyUnit
        {
            Index = index,
            File = 0,
            Offset = 30L * index,
            Length = text.Length,
            Text = text,
            Tokens = [.. tokens],
            Spans = [.. tokens.Select((_, i) => i == 0 ? new TokenSpan(0, 0) : new TokenSpan(at, at += 3))],
        };
    }

    private static string Word(int number) => string.Create(CultureInfo.InvariantCulture, $" w{(char)('a' + number)}");
}
