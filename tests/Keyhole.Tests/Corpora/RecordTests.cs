using System.Text;
using System.Text.Json;
using Keyhole.Corpora;
using Xunit;

namespace Keyhole.Tests.Corpora;

public class RecordTests
{
    [Fact]
    public void JSON_lines_keep_the_place_of_every_unit_through_escapes()
    {
        using CorpusFolder folder = new();
        string content = "{\"id\":1,\"text\":\"H\\u00e9llo \\\"w\\\". Then \\ud83d\\ude00 \\t left.\\nNew line é.\"}\r\n\n{\"text\":null}\n\"A string. Two.\"\n";
        List<TextUnit> units = CorpusFolder.Read(folder.Write("a.jsonl", content), UnitKind.Sentence);
        Assert.Equal(["Héllo \"w\".", "Then 😀 \t left.", "New line é.", "A string.", "Two."], units.Select(u => u.Text));
        Assert.Equal(["H\\u00e9llo \\\"w\\\".", "Then \\ud83d\\ude00 \\t left.", "New line é.", "A string.", "Two."], units.Select(u => CorpusFolder.Slice(content, u)));
        Assert.Equal(["Héllo \"w\". Then 😀 \t left.\nNew line é.", "A string. Two."], CorpusFolder.Texts(folder.Write("a.jsonl", content), UnitKind.Document));
        Assert.Equal(["Héllo \"w\". Then 😀 \t left.", "New line é.", "A string. Two."], CorpusFolder.Texts(folder.Write("a.jsonl", content), UnitKind.Line));
    }

    [Theory]
    [InlineData("meta.body", "{\"meta\":{\"x\":[1,{\"body\":\"no\"}],\"body\":\"yes\"}}")]
    [InlineData("meta.body", "{\"meta\":{\"body\":\"no\"},\"meta.body\":\"yes\"}")]
    [InlineData("a.b.c", "{\"a\":{\"b\":{\"c\":\"yes\"}}}")]
    [InlineData("text", "{\"text\":\"no\",\"other\":{\"text\":\"no\"},\"text\":\"yes\"}")]
    [InlineData("te\"xt", "{\"te\\u0022xt\":\"yes\"}")]
    public void The_text_field_may_be_nested(string field, string line)
    {
        using CorpusFolder folder = new();
        Assert.Equal(["yes"], CorpusFolder.Texts(folder.Write("a.ndjson", line), UnitKind.Document, field));
    }

    [Fact]
    public void An_unpaired_surrogate_in_JSON_reads_as_the_replacement_character()
    {
        using CorpusFolder folder = new();
        Assert.Equal([new TextUnit(0, 1, 14, "\uFFFDx\uFFFDy")], CorpusFolder.Read(folder.Write("a.jsonl", "\"\\ud83dx\\ude00y\""), UnitKind.Document));
    }

    [Fact]
    public void An_array_of_records_is_read_one_by_one()
    {
        using CorpusFolder folder = new();
        string content = " [ {\"text\":\"One, ]} \\\\\"} ,\n \"Two [\\\"\",\n{\n\"text\" : \"Three\", \"n\": [1, {\"a\":[]}]\n}\n]\n";
        List<TextUnit> units = CorpusFolder.Read(folder.Write("a.json", content), UnitKind.Document);
        Assert.Equal(["One, ]} \\", "Two [\"", "Three"], units.Select(u => u.Text));
        Assert.Equal(["One, ]} \\\\", "Two [\\\"", "Three"], units.Select(u => CorpusFolder.Slice(content, u)));
        Assert.Empty(CorpusFolder.Read(folder.Write("b.json", "[ ]"), UnitKind.Document));
        string many = "[" + string.Join(",\n", Enumerable.Range(0, 100_000).Select(i => $"{{\"text\": \"number {i} \\\\\"}}")) + "]";
        Assert.Equal(Enumerable.Range(0, 100_000).Select(i => $"number {i} \\"), CorpusFolder.Texts(folder.Write("c.json", many), UnitKind.Document));
    }

    [Theory]
    [InlineData(".csv", ',')]
    [InlineData(".tsv", '\t')]
    public void CSV_rows_keep_the_place_of_every_unit_through_quotes(string extension, char d)
    {
        using CorpusFolder folder = new();
        string content = $"id{d}text\r\n1{d}\"He said \"\"hi\"\"{d} é. Then\r\nhe left.\"\r\n\r\n2{d}plain \"text\". Two\n3{d}\"\"\n4{d}\"x\"";
        List<TextUnit> units = CorpusFolder.Read(folder.Write("a" + extension, content), UnitKind.Sentence);
        Assert.Equal([$"He said \"hi\"{d} é.", "Then", "he left.", "plain \"text\".", "Two", "x"], units.Select(u => u.Text));
        Assert.Equal([$"He said \"\"hi\"\"{d} é.", "Then", "he left.", "plain \"text\".", "Two", "x"], units.Select(u => CorpusFolder.Slice(content, u)));
        Assert.Equal([$"He said \"hi\"{d} é. Then\r\nhe left.", "plain \"text\". Two", "x"], CorpusFolder.Texts(folder.Write("a" + extension, content), UnitKind.Document));
    }

    [Fact]
    public void The_only_column_needs_no_name()
    {
        using CorpusFolder folder = new();
        Assert.Equal(["One.", "Two."], CorpusFolder.Texts(folder.Write("a.csv", "sentence\nOne.\nTwo.\n"), UnitKind.Document));
    }

    [Fact]
    public void Tab_separated_text_may_begin_with_a_quote()
    {
        using CorpusFolder folder = new();
        Assert.Equal(["\"Hello,\" he said", "b"], CorpusFolder.Texts(folder.Write("a.tsv", "text\tn\n\"Hello,\" he said\t1\nb\t2\n"), UnitKind.Document));
    }

    [Fact]
    public void Records_much_longer_than_the_window_are_whole()
    {
        using CorpusFolder folder = new();
        string text = string.Concat(Enumerable.Repeat("line of \"text\" é\n", 60_000));
        foreach (string path in (string[])[
            folder.Write("a.jsonl", JsonSerializer.Serialize(new { text }) + "\n"),
            folder.Write("a.csv", "text,n\n\"" + text.Replace("\"", "\"\"", StringComparison.Ordinal) + "\",1\n"),
            folder.Write("a.json", "[" + JsonSerializer.Serialize(new { text }) + "]")])
        {
            Assert.Equal([text], CorpusFolder.Texts(path, UnitKind.Document));
            List<TextUnit> lines = CorpusFolder.Read(path, UnitKind.Line);
            Assert.Equal(60_000, lines.Count);
            byte[] bytes = File.ReadAllBytes(path);
            string last = Encoding.UTF8.GetString(bytes.AsSpan((int)lines[^1].Offset, lines[^1].Length));
            Assert.StartsWith("line of ", last, StringComparison.Ordinal);
            Assert.EndsWith(path.EndsWith("csv", StringComparison.Ordinal) ? "é" : "\\u00E9", last, StringComparison.Ordinal);
        }
    }
}
