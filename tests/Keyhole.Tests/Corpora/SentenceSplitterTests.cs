using Keyhole.Corpora;
using Xunit;

namespace Keyhole.Tests.Corpora;

/// <summary>Sentences cut by hand; <c>|</c> marks where.</summary>
public class SentenceSplitterTests
{
    [Theory]
    [InlineData("Hello world.|My name is Jonas.")]
    [InlineData("What is your name?|My name is Jonas.")]
    [InlineData("There it is!|I found it.")]
    [InlineData("My name is Jonas E. Smith.|Please turn to p. 55.")]
    [InlineData("Were Jane and co. at the party?|They were.")]
    [InlineData("They closed the deal with Pitt, Briggs & Co. at noon.|Let us meet at 5 p.m. on Monday.")]
    [InlineData("I can see Mt. Fuji from here.|St. Michael's Church is on 5th St. near the light.")]
    [InlineData("That is JFK Jr.'s book.|I visited the U.S.A. last year.|I live in the E.U.|How about you?")]
    [InlineData("I work for the U.S. Government in Virginia.|I have lived in the U.S. for 20 years.")]
    [InlineData("He left the U.S. In 2005 he came back.", "He left the U.S.|In 2005 he came back.")]
    [InlineData("She has $100.00 in her bag.|She has $100.00.|It is in her bag.")]
    [InlineData("He teaches science (He previously worked for 5 years as an engineer.) at the local University.")]
    [InlineData("Her email is Jane.Doe@example.com.|I sent her an email.")]
    [InlineData("The site is: https://www.example.50.com/new-site/awesome_content.html.|Please check it out.")]
    [InlineData("She turned to him, \"This is great.\" she said.")]
    [InlineData("She turned to him, \"This is great.\"|She held the book out to show him.")]
    [InlineData("Hello!!|Long time no see.")]
    [InlineData("Hello?!|Is that you?")]
    [InlineData("1. The first item. 2. The second item.", "1. The first item.|2. The second item.")]
    [InlineData("You can find it at N°. 1026.253.553.|That is where the treasure is.")]
    [InlineData("She works at Yahoo! in the accounting department.|Yahoo! Japan is another firm.")]
    [InlineData("We make a good team, you and I.|Did you see Albert I. Jones yesterday?")]
    [InlineData("Thoreau argues that by simplifying one's life, \"the laws of the universe will appear less complex. . . .\"|He went on.")]
    [InlineData("If words are left off at the end of a sentence, use four dots. . . .|Next sentence.")]
    [InlineData("I never meant that.... She left the store.", "I never meant that....|She left the store.")]
    [InlineData("I wasn't really ... well, what I mean...see . . . what I'm saying, the thing is . . . I didn't mean it.", "I wasn't really ... well, what I mean...see . . . what I'm saying, the thing is . . .|I didn't mean it.")]
    [InlineData("J. R. R. Tolkien wrote it, i.e. the book, e.g. in 1937.|Cf. the notes, vol. 2, pp. 3-5.")]
    [InlineData("\"Stop!\" he said.|\"Stop!\" Holmes cried.|\"Why?\" I asked.|\"Go!\"|He went.")]
    [InlineData("\"Wait. Do not go yet,\" said Mrs. Elton.|She sat down.")]
    [InlineData("The cat (see Fig. 3. It is black.) sat down.|It slept.")]
    [InlineData("He was born on Jan. 5, 1900.|He died in Dec. 1970 at 3 a.m. local time.")]
    [InlineData("Dr. A. B. Clark, Ph.D., of Acme Inc. spoke.|The crowd, approx. 200 people, cheered.")]
    [InlineData("It rose 2.5% vs. 1.9% in Q2.|See Sec. 4 and No. 5.|Really? No. He left.", "It rose 2.5% vs. 1.9% in Q2.|See Sec. 4 and No. 5.|Really?|No.|He left.")]
    [InlineData("He came by train etc. and left.|He brought pens, paper, etc. The others did not.", "He came by train etc. and left.|He brought pens, paper, etc.|The others did not.")]
    [InlineData("The Acme Corp. said so.|He worked for Acme Corp. She did not.", "The Acme Corp. said so.|He worked for Acme Corp.|She did not.")]
    [InlineData("It ended in 1999.|2000 was better.|12 people came.")]
    [InlineData("The iPhone sold.|iPhone sales rose; nothing else did: see below.")]
    [InlineData("It was shown.[1]|Later it was not.[12][b]|Nobody knows.")]
    [InlineData("hello there. how are you? i am fine.", "hello there.|how are you?|i am fine.")]
    [InlineData("She is gone! 😀 Never mind.|So good. 😀", "She is gone!|😀 Never mind.|So good. 😀")]
    [InlineData("He gave up (?) and left.|It was so.--Harriet came.", "He gave up (?) and left.|It was so.|--Harriet came.")]
    [InlineData("“Where is it?” she asked.|“Here. Look!” said he.|‘Never.’|They left.")]
    [InlineData("In the 1980s it grew.|Smith et al. (2005) found it.|The Sen. (R., Ariz.) left at 6 p.m.|Mr. Jones did not.")]
    [InlineData("He has a Ph.D. in physics.|Smith v. Jones and Brown vs. Board came c. 1900.|See Chapter I.|The end.")]
    [InlineData("I... I do not know.|Wait...|There is more.|It cost Rs. 500 and $5.|Fine.")]
    [InlineData("‘I don’t know,’ said Alice.|‘It’s the boys’ hats. They’re lost.’|She wept.")]
    [InlineData("'Go,' he said.|'Now.'|'Tis late.|They said 'em all.")]
    [InlineData("Item (a) first.|(ii) A second one.|- A third.|• A fourth.")]
    [InlineData("\"A thing. It has (one) (two) (three) (four) (five) parts,\" she said.|Oh no :(|It is (so). Yes.", "\"A thing. It has (one) (two) (three) (four) (five) parts,\" she said.|Oh no :( It is (so).|Yes.")]
    [InlineData("MR. SMITH WENT TO TOWN.|HE CAME BACK.")]
    public void English(string marked, string? expected = null) => Check(marked, expected);

    [Theory]
    [InlineData("The lobster is blue .|It weighs 0 @.@ 7 – 2 @.@ 2 kg ( 1 @.@ 5 lb ) .|<unk> is not .")]
    [InlineData("He said , \" I am <unk> . \"|Meridian grew to 30 @,@ 000 people .")]
    [InlineData("\" I am here . Are you ? \" asked the man .|\" Yes ! \" said <unk> .")]
    [InlineData("A relative of H. gammarus lives in the U.S. Navy 's No. 5 dock .|Sault Ste . Marie is near .")]
    [InlineData("They left . ( The others stayed . ) At last it ended .", "They left .|( The others stayed . )|At last it ended .")]
    [InlineData("It was good . [ ... ] So I thought .", "It was good . [ ... ]|So I thought .")]
    [InlineData("The chorus chant , ' <unk> ! ' , is striking .|It is loud .")]
    public void Tokenised(string marked, string? expected = null) => Check(marked, expected);

    [Theory]
    [InlineData("我来了。|你呢？|好！")]
    [InlineData("他说：“你好。再见！”|天黑了。")]
    [InlineData("“走！”他说。|「行こう。早く！」と彼は言った。|夜だった。", "“走！”他说。|「行こう。早く！」と彼は言った。|夜だった。")]
    [InlineData("यह एक वाक्य है।|यह दूसरा है।")]
    [InlineData("هل أنت هنا؟|نعم.|حسنا")]
    [InlineData("Это так.|А это нет!|— Правда? — спросил он.")]
    [InlineData("Dr. Müller sagte: „Gut.“|Er ging.|„Komm. Schnell!“ rief er.")]
    [InlineData("Il a dit : « Bonjour. »|Puis il est parti.|C'est fini !|Oui ?")]
    [InlineData("¿Qué hora es?|¡Son las tres!|Vale.")]
    public void Other_scripts(string marked, string? expected = null) => Check(marked, expected);

    [Fact]
    public void Blank_and_empty_paragraphs_have_no_sentence()
    {
        Assert.Empty(SentenceSplitter.Split(""));
        Assert.Empty(SentenceSplitter.Split(" \t\r\n\u2003"));
    }

    [Fact]
    public void A_very_long_quotation_is_cut_after_all()
    {
        string speech = "\"" + string.Concat(Enumerable.Repeat("This is one of the sentences. ", 50)).TrimEnd() + "\"";
        Assert.Equal(50, SentenceSplitter.Split(speech).Count);
    }

    [Theory]
    [InlineData(". ")]
    [InlineData("\"")]
    [InlineData("(.)")]
    [InlineData("(")]
    [InlineData("A. ")]
    [InlineData("? \" ")]
    [InlineData("' . ")]
    [InlineData("。「")]
    public void Degenerate_text_takes_linear_time(string piece)
    {
        // A million characters: anything quadratic would run for many minutes.
        string text = string.Concat(Enumerable.Repeat(piece, 1_000_000 / piece.Length));
        IReadOnlyList<SentenceRange> sentences = SentenceSplitter.Split(text);
        Assert.Equal(text.Count(c => !char.IsWhiteSpace(c)), sentences.Sum(s => text.AsSpan(s.Start, s.Length).ToString().Count(c => !char.IsWhiteSpace(c))));
    }

    private static void Check(string marked, string? expected)
    {
        string[] want = (expected ?? marked).Split('|');
        string text = expected is null ? (marked.Any(c => c >= '\u3000') ? marked.Replace("|", "", StringComparison.Ordinal) : marked.Replace('|', ' ')) : marked.Replace('|', ' ');
        string[] got = [.. SentenceSplitter.Split(text).Select(s => text.Substring(s.Start, s.Length))];
        Assert.Equal(want, got);
    }
}
