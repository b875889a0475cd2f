using Keyhole.Memories;
using Keyhole.Studies;
using Xunit;

namespace Keyhole.Tests.Studies;

public sealed class TriggerTextTests
{
    private static readonly StudyUnit Mixed = SampleStudy.Unit(0, null, "Die", " 🙂", " Straße", " 東京", "🙂🙂", null, "!");

    [Theory]
    [InlineData(0, "")]
    [InlineData(1, "Die")]
    [InlineData(2, "Die 🙂")]
    [InlineData(3, "Die 🙂 Straße")]
    [InlineData(4, "Die 🙂 Straße 東京")]
    [InlineData(5, "Die 🙂 Straße 東京🙂🙂")]
    [InlineData(6, "Die 🙂 Straße 東京🙂🙂")]
    [InlineData(7, "Die 🙂 Straße 東京🙂🙂!")]
    public void A_prefix_ends_with_its_last_token(int position, string expected) => Assert.Equal(expected, TriggerText.Prefix(Mixed, position));

    [Fact]
    public void A_target_is_the_text_after_the_prefix_or_the_decoded_token()
    {
        Assert.Equal("Die", Target(new Trigger(1, 0, 0, 0, 2)));
        Assert.Equal(" 🙂", Target(new Trigger(1, 0, 0, 1, 3)));
        Assert.Equal("🙂🙂", Target(new Trigger(1, 0, 0, 4, 6)));
        Assert.Equal("<7>", Target(new Trigger(1, 0, 0, 5, 7)));
        Assert.Null(Target(new Trigger(1, 0, 0, 7, -1)));
        Assert.Equal(string.Empty, TriggerText.Target(Mixed, new Trigger(1, 0, 0, 5, 7), _ => null));
    }

    [Fact]
    public void Tokens_that_share_a_character_keep_it_whole()
    {
        StudyUnit bytes = new()
        {
            Index = 0,
            File = 0,
            Offset = 0,
            Length = 0,
            Text = "a🙂b",
            Tokens = [1, 2, 3, 4, 5],
            Spans = [new(0, 1), new(1, 2), new(1, 2), new(1, 2), new(2, 3)],
        };
        Assert.Equal(["a", "a🙂", "a🙂", "a🙂", "a🙂b"], Enumerable.Range(0, 5).Select(position => TriggerText.Prefix(bytes, position)));
        Assert.Equal("🙂", TriggerText.Token(bytes, 2));
    }

    [Fact]
    public void A_position_outside_of_the_unit_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => TriggerText.Prefix(Mixed, 8));
        Assert.Throws<ArgumentOutOfRangeException>(() => TriggerText.Token(Mixed, -1));
    }

    private static string? Target(Trigger trigger) => TriggerText.Target(Mixed, trigger, id => $"<{id}>");
}
