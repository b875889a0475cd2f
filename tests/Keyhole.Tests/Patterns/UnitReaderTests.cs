using Keyhole.Composition;
using Keyhole.Patterns;
using Keyhole.Studies;
using Keyhole.Tests.Studies;
using Xunit;

namespace Keyhole.Tests.Patterns;

public class UnitReaderTests
{
    private static readonly UnitReader Reader = new(StopWords.English(_ => null));

    [Fact]
    public void A_word_belongs_to_the_prefixes_that_have_all_of_it()
    {
        UnitFeatures unit = Reader.Read(SampleStudy.Unit(0, null, "The", " cat", "ty", " sat"));
        Assert.Equal(1, unit.First);
        Assert.Equal(["the"], Words(unit, 1));
        Assert.Equal(["the"], Words(unit, 2));
        Assert.Equal(["the", "catty", "the catty"], Words(unit, 3));
        Assert.Equal(["the", "catty", "the catty", "sat", "catty sat", "the catty sat"], Words(unit, 4));
        Assert.Equal(WordForms.Part, unit.LastForms[2]);
        Assert.NotEqual(unit.LastWords[2], unit.LastWords[3]);
    }

    [Fact]
    public void Only_the_last_64_tokens_are_looked_at()
    {
        UnitFeatures unit = Reader.Read(SampleStudy.Unit(0, [null, .. Enumerable.Range(0, 100).Select(i => $" w{i}x")]));
        (int from, int to) = unit.Within(100);
        Assert.Equal(37, unit.Ends[from]);
        Assert.Equal(unit.Keys.Length, to);
    }

    [Fact]
    public void Words_outside_the_basic_plane_end_where_their_tokens_do()
    {
        UnitFeatures unit = Reader.Read(SampleStudy.Unit(0, null, "🙂", " naïve", " 🙂🙂", " end"));
        Assert.Equal([], Words(unit, 1));
        Assert.Equal(["naïve"], Words(unit, 3));
        Assert.Equal(["naïve", "end", "naïve 🙂🙂 end"], Words(unit, 4));
    }

    [Theory]
    [InlineData("running", "-ing")]
    [InlineData("thing", "")]
    [InlineData("nation", "-tion")]
    [InlineData("1999", "with a digit,a year")]
    [InlineData("3D", "with a digit")]
    [InlineData("NASA", "capitalised,in capitals")]
    public void Words_have_forms(string word, string expected)
    {
        List<string> names = [];
        for (ulong forms = WordForms.OfWord(word, isPart: false, isFunctionWord: false); forms != 0;)
        {
            names.Add(WordForms.NameOf(WordForms.Take(ref forms)));
        }

        Assert.Equal(expected, string.Join(',', names));
    }

    [Theory]
    [InlineData("Local Man Wins Prize", "a headline,without an end mark")]
    [InlineData("\"Who is there?\"", "a quotation,a question")]
    [InlineData("1. Wash your hands.", "a list item")]
    [InlineData("STOP IT!", "an exclamation,in capitals")]
    public void Units_have_kinds(string text, string expected)
    {
        List<string> names = [];
        for (ulong kinds = Reader.Read(SampleStudy.Unit(0, text)).Kinds; kinds != 0;)
        {
            names.Add(UnitTraitBits.NameOf(WordForms.Take(ref kinds)));
        }

        Assert.Equal(expected, string.Join(',', names));
    }

    [Fact]
    public void Copies_of_a_text_count_once()
    {
        string?[] words = [null, .. Enumerable.Range(0, 12).Select(i => $" w{i}")];
        UnitFeatures one = Reader.Read(SampleStudy.Unit(0, words));
        UnitFeatures other = Reader.Read(SampleStudy.Unit(1, words));
        Assert.True(new PrefixPlace(one, 9).IsCopyOf(new PrefixPlace(other, 9)));
        Assert.True(new PrefixPlace(one, 9).IsCopyOf(new PrefixPlace(one, 3)));
        Assert.False(new PrefixPlace(one, 9).IsCopyOf(new PrefixPlace(other, 10)));
        Assert.False(new PrefixPlace(one, 3).IsCopyOf(new PrefixPlace(other, 3)));   // the first words of two texts are no copied text
    }

    private static string[] Words(UnitFeatures unit, int position)
        => unit.Within(position) is var (from, to) ? [.. unit.Places[from..to].Select(place => unit.Text[place.Start..place.End].ToLowerInvariant())] : [];
}
