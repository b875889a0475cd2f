using System.Text;
using Keyhole.Corpora;
using Xunit;

namespace Keyhole.Tests.Corpora;

public class HardWrapTests
{
    private const string Novel =
        "CHAPTER I.\n\nIT was a bright cold day in April, and the clocks were striking the hour\n"
        + "of thirteen. Mr. Winter, his chin nuzzled into his breast in an effort to\n"
        + "escape the vile wind, slipped quickly through the glass doors of the self-\n"
        + "same house, though not quickly enough to prevent a swirl of gritty\n"
        + "dust from entering along with him.\n\n"
        + "\"Good evening,\" said the porter, who was standing at the door as Mr.\nWinter came in. \"You are late.\"\n\n"
        + "    Roses are red,\n    Violets are blue.\n";

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public void Wrapped_prose_is_joined_and_keeps_its_place(string end)
    {
        using CorpusFolder folder = new();
        string content = Novel.Replace("\n", end, StringComparison.Ordinal);
        List<TextUnit> units = CorpusFolder.Read(folder.Write("novel.txt", content), UnitKind.Sentence);
        Assert.Equal(
        [
            "CHAPTER I.",
            "IT was a bright cold day in April, and the clocks were striking the hour of thirteen.",
            "Mr. Winter, his chin nuzzled into his breast in an effort to escape the vile wind, slipped quickly through the glass doors of the"
                + " self-same house, though not quickly enough to prevent a swirl of gritty dust from entering along with him.",
            "\"Good evening,\" said the porter, who was standing at the door as Mr. Winter came in.",
            "\"You are late.\"",
            "Roses are red,",
            "Violets are blue.",
        ], units.Select(u => u.Text));
        Assert.All(units, u => Assert.Equal(
            u.Text.Replace("self-same", "self- same", StringComparison.Ordinal),
            string.Join(' ', CorpusFolder.Slice(content, u).Split(["\r", "\n"], StringSplitOptions.RemoveEmptyEntries))));
        Assert.Equal(["IT was a bright cold day in April, and the clocks were striking the hour"], CorpusFolder.Texts(folder.Write("novel.txt", content), UnitKind.Line)[1..2]);
    }

    [Fact]
    public void Records_with_wrapped_text_are_joined_too()
    {
        using CorpusFolder folder = new();
        string path = folder.Write("a.jsonl", "{\"text\":" + System.Text.Json.JsonSerializer.Serialize(Novel) + "}\n");
        Assert.Contains("\"Good evening,\" said the porter, who was standing at the door as Mr. Winter came in.", CorpusFolder.Texts(path, UnitKind.Sentence));
    }

    [Theory]
    [InlineData("The cat sat on the mat all day and did not move at all.\nThe dog looked at it from the door and never barked.\nThey both went to sleep when the evening came at last.\nNobody saw them there until the morning of the next day.\n")]   // a sentence a line
    [InlineData("Shall I compare thee to a summer's day, and yet not so,\nThou art more lovely and more temperate by far than it\nRough winds do shake the darling buds of May, my love\nAnd summer's lease hath all too short a date, they say\n")]   // verse
    [InlineData("apples and oranges\nbread, butter and milk\ntwo pounds of sugar\nsalt\n")]   // a list
    [InlineData("a line of forty-five characters and more, that goes on\nin lower case but is followed by one that is far longer than any wrapped line would ever be, as prose of one paragraph a line is\nand then goes on with lines of ordinary length like\nthese, which are left as they are, every one of them\n")]
    [InlineData("the lower-case line of text with no stop in it at all number one\nthe second such line of text with no stop in it at all\n")]   // two lines prove nothing
    public void Other_lines_stay_lines(string text)
    {
        using CorpusFolder folder = new();
        Assert.Equal(text.TrimEnd('\n').Split('\n'), CorpusFolder.Texts(folder.Write("a.txt", text), UnitKind.Sentence));
    }

    [Fact]
    public void Prose_wrapped_at_any_width_gives_the_sentences_of_the_unwrapped_text()
    {
        using CorpusFolder folder = new();
        string[] paragraphs = [.. Enumerable.Range(0, 40).Select(p => string.Join(' ', Enumerable.Range(0, 2 + (p % 5)).Select(s =>
            $"Then number {p} of them went on with the story about the {s} houses by the river and the mill, which took the whole of that evening.")))];
        string[] want = CorpusFolder.Texts(folder.Write("plain.txt", string.Join("\n\n", paragraphs)), UnitKind.Sentence);
        foreach (int width in (int[])[50, 60, 72, 80, 99])
        {
            string wrapped = string.Join("\n\n", paragraphs.Select(p => Wrap(p, width))) + "\n";
            Assert.Equal(want, CorpusFolder.Texts(folder.Write("wrapped.txt", wrapped), UnitKind.Sentence));
        }
    }

    private static string Wrap(string text, int width)
    {
        StringBuilder lines = new();
        int length = 0;
        foreach (string word in text.Split(' '))
        {
            if (length > 0 && length + 1 + word.Length > width)
            {
                lines.Append('\n');
                length = 0;
            }
            else if (length > 0)
            {
                lines.Append(' ');
                length++;
            }

            lines.Append(word);
            length += word.Length;
        }

        return lines.ToString();
    }
}
