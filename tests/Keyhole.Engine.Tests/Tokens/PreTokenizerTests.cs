using Xunit;

namespace Keyhole.Engine.Tests.Tokens;

/// <summary>Each pre-tokenizer on short texts; expected words follow the documented examples of the tokenizers library.</summary>
public class PreTokenizerTests
{
    [Theory]
    [InlineData("""{"type":"Whitespace"}""", "Hey, man! a_b1", "Hey|,|man|!|a_b1")]
    [InlineData("""{"type":"WhitespaceSplit"}""", "Hey, man!\t x", "Hey,|man!|x")]
    [InlineData("""{"type":"BertPreTokenizer"}""", "Hey $5. don't", "Hey|$|5|.|don|'|t")]
    [InlineData("""{"type":"Punctuation"}""", "Hey, man!!", "Hey|,| man|!|!")]
    [InlineData("""{"type":"Punctuation","behavior":"Contiguous"}""", "Hey, man!!", "Hey|,| man|!!")]
    [InlineData("""{"type":"Digits","individual_digits":false}""", "Hey 123 man", "Hey |123| man")]
    [InlineData("""{"type":"Digits","individual_digits":true}""", "Hey 12²", "Hey |1|2|²")]
    [InlineData("""{"type":"CharDelimiterSplit","delimiter":"-"}""", "a-b--c", "a|b|c")]
    [InlineData("""{"type":"FixedLength","length":3}""", "abcdefgh", "abc|def|gh")]
    [InlineData("""{"type":"UnicodeScripts"}""", "どこで生れ。Yes", "どこで生れ|。|Yes")]
    [InlineData("""{"type":"UnicodeScripts"}""", "Apples are りんご 林檎", "Apples are |りんご 林檎")]
    [InlineData("""{"type":"Split","pattern":{"String":"-"},"behavior":"Removed","invert":false}""", "the-final--countdown", "the|final|countdown")]
    [InlineData("""{"type":"Split","pattern":{"String":"-"},"behavior":"Isolated","invert":false}""", "the-final--countdown", "the|-|final|-|-|countdown")]
    [InlineData("""{"type":"Split","pattern":{"String":"-"},"behavior":"MergedWithPrevious","invert":false}""", "the-final--countdown", "the-|final-|-|countdown")]
    [InlineData("""{"type":"Split","pattern":{"String":"-"},"behavior":"MergedWithNext","invert":false}""", "the-final--countdown", "the|-final|-|-countdown")]
    [InlineData("""{"type":"Split","pattern":{"String":"-"},"behavior":"Contiguous","invert":false}""", "the-final--countdown", "the|-|final|--|countdown")]
    [InlineData("""{"type":"Split","pattern":{"Regex":"\\w+"},"behavior":"Removed","invert":true}""", "the-final--countdown", "the|final|countdown")]
    [InlineData("""{"type":"Split","pattern":{"Regex":"\\d{1,3}(?=(?:\\d{3})*\\b)"},"behavior":"Isolated","invert":false}""", "x 1234567 y", "x |1|234|567| y")]
    [InlineData("""{"type":"Sequence","pretokenizers":[{"type":"Punctuation","behavior":"Contiguous"},{"type":"Digits","individual_digits":true},{"type":"Split","pattern":{"Regex":"[0-9][0-9][0-9]"},"behavior":"Isolated","invert":false}]}""", "a,, b42", "a|,,| b|4|2")]
    [InlineData("""{"type":"ByteLevel","add_prefix_space":false}""", "It's  2 PM, x!", "It|'s| | 2| PM|,| x|!")]
    public void It_cuts_as_documented(string preTokenizer, string text, string words) => Assert.Equal(words, SmallTokenizers.ShowWords(preTokenizer, text));

    [Theory]
    [InlineData("always", "true", "Hey my  friend", "▁Hey(0-3) ▁my(3-6) ▁(6-7) ▁friend(7-14)")]
    [InlineData("never", "true", "Hey my  friend", "Hey(0-3) ▁my(3-6) ▁(6-7) ▁friend(7-14)")]
    [InlineData("always", "true", " Hey", "▁Hey(0-4)")]
    [InlineData("first", "true", "Hey<s>Hey", "▁Hey(0-3) <s>(3-6) Hey(6-9)")]
    [InlineData("always", "true", "Hey<s>Hey", "▁Hey(0-3) <s>(3-6) ▁Hey(6-9)")]
    [InlineData("always", "false", "Hey my", "▁Hey▁my(0-6)")]
    public void Metaspace_marks_spaces(string scheme, string split, string text, string expected)
    {
        var tokenizer = SmallTokenizers.Load(
            SmallTokenizers.Words("<unk>", "▁Hey", "Hey", "▁my", "▁", "▁friend", "▁Hey▁my", "<s>"),
            preTokenizer: $$"""{"type":"Metaspace","replacement":"▁","prepend_scheme":"{{scheme}}","split":{{split}}}""",
            addedTokens: $"[{SmallTokenizers.Added("<s>", 7)}]");
        Assert.Equal(expected, SmallTokenizers.Show(tokenizer, text));
    }

    [Fact]
    public void Older_metaspace_files_say_add_prefix_space()
    {
        var tokenizer = SmallTokenizers.Load(
            SmallTokenizers.Words("<unk>", "▁Hey", "Hey"), preTokenizer: """{"type":"Metaspace","replacement":"▁","str_rep":"▁","add_prefix_space":false}""");
        Assert.Equal("Hey(0-3)", SmallTokenizers.Show(tokenizer, "Hey"));
    }
}
