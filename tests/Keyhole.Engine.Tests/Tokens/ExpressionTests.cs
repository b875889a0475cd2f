using Keyhole.Engine.Tokens.Patterns.Expressions;
using Keyhole.Engine.Tokens.Text;
using Xunit;

namespace Keyhole.Engine.Tests.Tokens;

public class ExpressionTests
{
    [Theory]
    [InlineData("a|ab", "abab", "a|a")]
    [InlineData("(?:a|ab)c", "abc", "abc")]
    [InlineData(@"\p{L}+", "aé中𝔘1b", "aé中𝔘|b")]
    [InlineData(@"\p{^L}", "a1", "1")]
    [InlineData(@"\P{L}+", "a12b", "12")]
    [InlineData(@"[^\s\p{L}\p{N}]+", "a!? 1$", "!?|$")]
    [InlineData(@"\p{Lu}\p{Ll}*", "HelloWorld", "Hello|World")]
    [InlineData(@"\p{Han}+|\p{Hiragana}+", "漢字かな", "漢字|かな")]
    [InlineData(@"\s+(?!\S)", "a   b  ", "  |  ")]
    [InlineData(@"\d{1,3}(?=(?:\d{3})*\b)", "1234567", "1|234|567")]
    [InlineData("(?<=a)b", "abcb", "b")]
    [InlineData("(?<!a)b", "abcb", "b")]
    [InlineData("(?i:'s|'T)", "'S't'ſ", "'S|'t|'ſ")]
    [InlineData("(?i)[a-c]+(?-i:D)", "aBCDcd", "aBCD")]
    [InlineData("[a-z&&[^aeiou]]+", "hello", "h|ll")]
    [InlineData("[[:alpha:]]+", "ab1é", "ab|é")]
    [InlineData("[^[:digit:]a]+", "a1bc2", "bc")]
    [InlineData("a+?b", "aaab", "aaab")]
    [InlineData("<.*?>", "<a><b>", "<a>|<b>")]
    [InlineData("a++b", "aab", "aab")]
    [InlineData("a++ab", "aaab", "")]
    [InlineData("(?>a|ab)c", "abc", "")]
    [InlineData("a{2}", "aaaaa", "aa|aa")]
    [InlineData("a{,2}b", "aaab", "aab")]
    [InlineData("a{x}", "a{x}", "a{x}")]
    [InlineData("^b", "ab\nb", "b")]
    [InlineData("b$", "b\nab", "b|b")]
    [InlineData(@"\Ab|b\z", "bbb", "b|b")]
    [InlineData(@"\bis\b", "this is", "is")]
    [InlineData(@"\x41\u0042\x{1F600}", "AB😀", "AB😀")]
    [InlineData(@"[\r\n\t\-\]]+", "a-]\t\n", "-]\t\n")]
    [InlineData("[]a]+", "]a", "]a")]
    [InlineData("(a*)*b", "aab", "aab")]
    [InlineData(".+", "ab\ncd", "ab|cd")]
    [InlineData("(?m:.+)", "ab\ncd", "ab\ncd")]
    [InlineData("(?<name>ab)(?#comment)c", "abc", "abc")]
    [InlineData("[一-龥぀-ゟ゠-ヿ]+", "a中か", "中か")]
    [InlineData("x*", "axb", "|x|")]
    public void Matches_are_those_of_the_reference(string expression, string text, string expected)
    {
        byte[] utf8 = CodePoints.Utf8(text);
        var matches = new List<PieceRange>();
        new ExpressionPattern("test", expression).FindMatches(utf8, 0, utf8.Length, matches);
        Assert.Equal(expected, string.Join('|', matches.Select(match => CodePoints.String(utf8.AsSpan(match.Start, match.End - match.Start)))));
    }

    [Theory]
    [InlineData("a(b", "')'")]
    [InlineData("a)b", "')'")]
    [InlineData("[a", "']'")]
    [InlineData(@"(a)\1", "\\1")]
    [InlineData("*a", "nothing to repeat")]
    [InlineData(@"\p{Klingon}", "Klingon")]
    [InlineData(@"\p{L", "'}'")]
    [InlineData("a{5000}", "at most 1000")]
    [InlineData("((a{999}){999}){999}", "too large")]
    [InlineData("[z-a]", "ends before it begins")]
    [InlineData(@"\xZZ", "number")]
    [InlineData("(?q:a)", "option")]
    public void What_is_not_understood_is_refused_by_name(string expression, string named)
    {
        var refusal = Assert.Throws<InputRefusedException>(() => new ExpressionPattern("file.json", expression));
        Assert.Equal("KH2005", refusal.Code);
        Assert.Contains("file.json", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(named, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Deep_nesting_is_refused() =>
        Assert.Throws<InputRefusedException>(() => new ExpressionPattern("test", new string('(', 5000) + new string(')', 5000)));

    [Theory]
    [InlineData("(a+)+$")]
    [InlineData("(a|aa)+b")]
    [InlineData("(?:(?:a*)*)*b")]
    public void A_hostile_expression_stops(string expression)
    {
        byte[] text = CodePoints.Utf8(new string('a', 5000) + "!");
        var refusal = Assert.Throws<InputRefusedException>(() => new ExpressionPattern("test", expression).FindMatches(text, 0, text.Length, []));
        Assert.Equal("KH2007", refusal.Code);
    }
}
