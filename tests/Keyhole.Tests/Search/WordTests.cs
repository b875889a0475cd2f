using FsCheck;
using FsCheck.Fluent;
using Keyhole.Engine;
using Keyhole.Memories;
using Keyhole.Search;
using Xunit;

namespace Keyhole.Tests.Search;

public class WordTests
{
    [Theory]
    [InlineData("The cat, it's  ÖL-2", "the|cat|it|s|öl|2")]
    [InlineData("", "")]
    [InlineData(" ...!\n", "")]
    [InlineData("は東京", "は|東|京")]
    [InlineData("a\u0301b x\uD800y 🙂z", "a\u0301b|x|y|z")]
    [InlineData("𝔸b", "𝔸b")]
    public void Words_are_runs_of_letters_marks_and_digits(string text, string expected)
        => Assert.Equal(expected, string.Join('|', TextWord.Of(text).Select(word => word.Folded)));

    [Fact]
    public void A_word_names_its_place()
    {
        Assert.All(TextWord.Of("Die 🙂 Straße—東京"), word => Assert.Equal(word.Folded, "Die 🙂 Straße—東京"[word.Start..word.End].ToLowerInvariant()));
    }

    [Fact]
    public void A_phrase_is_found_wherever_its_words_follow_each_other()
    {
        List<TextWord> text = TextWord.Of("In fact. in FACT, in a fact: infact in-fact");
        Assert.Equal([(0, 7), (9, 16), (36, 43)], Phrase.Parse("in fact").Find(text));
        Assert.Empty(Phrase.Parse("fact a").Find(text));
        Assert.Equal("KH5812", Assert.Throws<InputRefusedException>(() => Phrase.Parse("\"*\"")).Code);
    }

    [Fact]
    public void Places_survive_their_bytes()
        => Prop.ForAll(ArbMap.Default.ArbFor<(ushort Step, bool Negative, byte Rank, ushort Position)[]>(), parts =>
        {
            int memory = 0;
            List<TriggerPlace> places = [.. parts.Select(part => new TriggerPlace(memory += part.Step, part.Negative ? Pole.Negative : Pole.Positive, part.Rank, part.Position))];
            return TriggerPlace.Read(TriggerPlace.Write(places)).SequenceEqual(places);
        }).QuickCheckThrowOnFailure();
}
