using FsCheck;
using FsCheck.Fluent;
using Keyhole.Engine.Tokens.Patterns;
using Keyhole.Engine.Tokens.Patterns.Expressions;
using Keyhole.Engine.Tokens.Text;
using Xunit;

namespace Keyhole.Engine.Tests.Tokens;

/// <summary>The hand-written scanners against the slow matcher that reads their expressions.</summary>
public class ScannerTests
{
    [Theory]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(3, false)]
    [InlineData(1, true)]
    [InlineData(3, true)]
    public void A_scanner_cuts_as_its_expression_does(int digits, bool asciiCase)
    {
        WordScanner scanner = digits == 0 ? new Gpt2Scanner() : new Cl100kScanner(digits, asciiCase);
        Assert.Same(scanner.GetType(), PatternFactory.Create("test", scanner.Expression).GetType());
        var expression = new ExpressionPattern("test", scanner.Expression);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(3000), Prop.ForAll(TextGenerators.Words.ToArbitrary(), text =>
        {
            byte[] utf8 = CodePoints.Utf8(text);
            Assert.Equal(Cut(expression, utf8), Cut(scanner, utf8));
        }));
    }

    private static List<PieceRange> Cut(IPattern pattern, byte[] text)
    {
        var matches = new List<PieceRange>();
        pattern.FindMatches(text, 0, text.Length, matches);
        return matches;
    }
}
