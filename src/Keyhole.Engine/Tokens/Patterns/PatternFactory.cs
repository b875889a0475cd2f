using Keyhole.Engine.Tokens.Patterns.Expressions;

namespace Keyhole.Engine.Tokens.Patterns;

/// <summary>The fastest way to match an expression: a scanner where it is a famous one.</summary>
internal static class PatternFactory
{
    private static readonly WordScanner[] Scanners = [new Gpt2Scanner(), new Cl100kScanner(3, false), new Cl100kScanner(1, false), new Cl100kScanner(3, true), new Cl100kScanner(1, true)];

    /// <param name="source">Name of the file, for errors.</param>
    /// <param name="expression">The regular expression.</param>
    public static IPattern Create(string source, string expression) =>
        Array.Find(Scanners, scanner => scanner.Expression == expression) ?? (IPattern)new ExpressionPattern(source, expression);
}
