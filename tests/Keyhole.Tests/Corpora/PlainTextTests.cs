using System.Text;
using Keyhole.Corpora;
using Keyhole.TestSupport;
using Xunit;

namespace Keyhole.Tests.Corpora;

public class PlainTextTests
{
    private const string WikiText = " \n = Title = \n \n One é . Two <unk> . \n = = Section = = \n Three 😀 . Four . \n\n";

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public void Every_line_end_ends_a_line(string end)
    {
        using CorpusFolder folder = new();
        string content = $"one{end}{end}  two é{end}\tthree \u00A0{end}four";
        List<TextUnit> units = CorpusFolder.Read(folder.Write("a.txt", content), UnitKind.Line);
        Assert.Equal(["one", "two é", "three", "four"], units.Select(u => u.Text));
        Assert.All(units, u => Assert.Equal(u.Text, CorpusFolder.Slice(content, u)));
    }

    [Fact]
    public void Headings_of_WikiText_are_dropped_for_sentences_alone()
    {
        using CorpusFolder folder = new();
        string path = folder.Write("wiki.tokens", WikiText);
        Assert.Equal(["One é .", "Two <unk> .", "Three 😀 .", "Four ."], CorpusFolder.Texts(path, UnitKind.Sentence));
        Assert.Equal(["= Title =", "One é . Two <unk> .", "= = Section = =", "Three 😀 . Four ."], CorpusFolder.Texts(path, UnitKind.Line));
        Assert.Equal([WikiText[..^1]], CorpusFolder.Texts(path, UnitKind.Document));
        Corpus corpus = Corpus.Open([path], new CorpusOptions());
        Assert.All(corpus.ReadUnits(), u => Assert.Equal(u.Text, CorpusFolder.Slice(WikiText, u)));
        Assert.Equal(new CorpusCounts(4, 0, 3, 2, 0, 7 + 11 + 10 + 6, 8 + 11 + 12 + 6), corpus.Counts);
    }

    [Theory]
    [InlineData("= Title =", true)]
    [InlineData("= = = Sub = = =", true)]
    [InlineData("= = Unbalanced =", false)]
    [InlineData("= =", false)]
    [InlineData("=", false)]
    [InlineData("a = b", false)]
    [InlineData("= 5", false)]
    public void A_heading_has_as_many_marks_on_both_sides(string line, bool heading) => Assert.Equal(heading, WikiTextHeading.Is(line));

    [Fact]
    public void A_byte_order_mark_is_no_text_but_counts_in_offsets()
    {
        using CorpusFolder folder = new();
        string path = folder.Write("a.txt", [0xEF, 0xBB, 0xBF, .. "One. Two.\n"u8]);
        Assert.Equal([new TextUnit(0, 3, 4, "One."), new TextUnit(0, 8, 4, "Two.")], CorpusFolder.Read(path, UnitKind.Sentence));
        Assert.Equal([new TextUnit(0, 3, 9, "One. Two.")], CorpusFolder.Read(path, UnitKind.Document));
    }

    [Fact]
    public void A_line_longer_than_any_buffer_is_one_line()
    {
        using CorpusFolder folder = new();
        string line = string.Concat(Enumerable.Repeat("wörd ", 700_000)).Trim();
        TextUnit unit = Assert.Single(CorpusFolder.Read(folder.Write("a.txt", "x\n" + line + "\n"), UnitKind.Line), u => u.Offset == 2);
        Assert.Equal(line, unit.Text);
        Assert.Equal(Encoding.UTF8.GetByteCount(line), unit.Length);
    }

    [Fact]
    public void An_empty_file_and_a_blank_document_have_no_units()
    {
        using CorpusFolder folder = new();
        Assert.Empty(CorpusFolder.Read(folder.Write("empty.txt", ""), UnitKind.Line));
        Assert.Empty(CorpusFolder.Read(folder.Write("blank.txt", " \n\n"), UnitKind.Document));
        Assert.Empty(CorpusFolder.Read(folder.Write("blank.txt", " \n\n"), UnitKind.Sentence));
    }

    [Fact]
    public void A_file_with_a_sentence_a_line_keeps_its_lines()
    {
        string path = SharedData.Require("models", "mini", "valid.sentences.txt");
        List<TextUnit> lines = CorpusFolder.Read(path, UnitKind.Line);
        Corpus corpus = Corpus.Open([path], new CorpusOptions());
        List<TextUnit> sentences = [.. corpus.ReadUnits()];
        Assert.Equal(0, corpus.Counts.WrappedParagraphs);
        HashSet<long> starts = [.. sentences.Select(s => s.Offset)];
        Assert.All(lines, line => Assert.Contains(line.Offset, starts));
        CheckCover(path, sentences);
    }

    [Fact]
    public void WikiText_sentences_are_the_bytes_of_the_file()
    {
        string path = SharedData.Require("corpora", "wikitext-2.valid.txt");
        Corpus corpus = Corpus.Open([path], new CorpusOptions());
        List<TextUnit> sentences = [.. corpus.ReadUnits()];
        Assert.Equal(0, corpus.Counts.WrappedParagraphs);
        Assert.True(corpus.Counts.Headings > 500);
        CheckCover(path, sentences);
    }

    private static void CheckCover(string path, List<TextUnit> units)
    {
        byte[] bytes = File.ReadAllBytes(path);
        long end = 0;
        foreach (TextUnit unit in units)
        {
            Assert.True(unit.Offset >= end);
            Assert.Equal(unit.Text, Encoding.UTF8.GetString(bytes.AsSpan((int)unit.Offset, unit.Length)));
            CheckNothingIsLost(bytes.AsSpan((int)end, (int)(unit.Offset - end)));
            end = unit.Offset + unit.Length;
        }

        CheckNothingIsLost(bytes.AsSpan((int)end));
    }

    private static void CheckNothingIsLost(ReadOnlySpan<byte> between)
        => Assert.All(Encoding.UTF8.GetString(between).Split('\n'), line => Assert.True(line.Trim().Length == 0 || WikiTextHeading.Is(line.Trim())));
}
