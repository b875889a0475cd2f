using Keyhole.Features;
using Keyhole.Studies;
using Xunit;

namespace Keyhole.Tests.Features;

public sealed class TextLabelsTests
{
    [Theory]
    [InlineData("She walked home.", true)]
    [InlineData("It was late.", true)]
    [InlineData("WENT home", true)]
    [InlineData("It is late.", false)]
    [InlineData("It’s late.", false)]
    [InlineData("He was what he is.", null)]
    [InlineData("Indeed they need a seed.", null)]
    [InlineData("Run home!", null)]
    [InlineData("", null)]
    public void Past_is_told_by_its_forms(string text, bool? past) => Assert.Equal(past, TextLabels.Past(text));

    [Theory]
    [InlineData("They gave us these.", true)]
    [InlineData("She has this.", false)]
    [InlineData("I know them.", null)]
    [InlineData("Stones roll.", null)]
    public void Number_is_told_by_pronouns(string text, bool? plural) => Assert.Equal(plural, TextLabels.Plural(text));

    [Theory]
    [InlineData("in 1805.", true)]
    [InlineData("1999", true)]
    [InlineData("(2024)", true)]
    [InlineData("from 12 to 1500", true)]
    [InlineData("18050", false)]
    [InlineData("2100 men", false)]
    [InlineData("0999", false)]
    [InlineData("x1805", false)]
    [InlineData("1805s", false)]
    [InlineData("no digits", false)]
    public void A_year_is_four_digits_that_stand_alone(string text, bool year) => Assert.Equal(year, TextLabels.HasYear(text));

    [Fact]
    public void Words_are_single_tokens_with_nothing_beside_them()
    {
        StudyUnit unit = Studies.SampleStudy.Unit(0, null, "The", " cat", "fish", " a", " naïve", " sat", ".", " 🙂", " On", "-", "off");
        Assert.Equal([null, "the", null, null, null, null, "sat", null, null, "on", null, "off"], Enumerable.Range(0, 12).Select(position => LetterWords.WordAt(unit, position)));
    }
}
