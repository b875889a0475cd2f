namespace Keyhole.Engine.Tokens.Patterns.Expressions;

/// <summary>Places that an expression can ask for.</summary>
internal enum AnchorKind
{
    TextStart,
    TextEnd,
    TextEndOrLastLine,
    LineStart,
    LineEnd,
    WordBoundary,
    NoWordBoundary,
}
