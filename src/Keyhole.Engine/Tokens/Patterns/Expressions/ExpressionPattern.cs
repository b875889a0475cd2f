using Keyhole.Engine.Tokens.Text;

namespace Keyhole.Engine.Tokens.Patterns.Expressions;

/// <summary>A regular expression, matched by backtracking over code points, with a bound on its steps.</summary>
internal sealed class ExpressionPattern : IPattern
{
    private const int LongestExpression = 8192;   // the longest known ones have some hundreds
    private readonly string _expression;
    private readonly Instruction[] _program;
    private readonly int _slots;

    /// <param name="source">Name of the file, for errors.</param>
    /// <param name="expression">The expression.</param>
    /// <exception cref="InputRefusedException">The expression is not understood.</exception>
    public ExpressionPattern(string source, string expression)
    {
        _expression = expression;
        if (expression.Length > LongestExpression)
        {
            throw TokenErrors.Pattern(source, expression, $"it is longer than {LongestExpression} UTF-16 units.");
        }

        try
        {
            _program = ExpressionCompiler.Compile(ExpressionParser.Parse(expression), out _slots);
        }
        catch (FormatException exception)
        {
            throw TokenErrors.Pattern(source, expression, exception.Message);
        }
    }

    public void FindMatches(ReadOnlySpan<byte> text, int start, int end, List<PieceRange> matches)
    {
        text = text[start..end];
        var matcher = new Matcher(text, _slots, _expression);
        int lastEnd = -1;
        for (int i = 0; i <= text.Length;)
        {
            int matchEnd = matcher.Match(_program, i);
            bool emptyAgain = matchEnd == i && i == lastEnd; // an empty match right after a match does not count
            if (matchEnd >= 0 && !emptyAgain)
            {
                matches.Add(new PieceRange(start + i, start + matchEnd));
                lastEnd = matchEnd;
            }

            i = matchEnd > i ? matchEnd : i < text.Length ? i + CodePoints.LengthOf(text[i]) : i + 1;
        }
    }
}
