namespace Keyhole.Engine.Tokens.Patterns.Expressions;

/// <summary>One step of a compiled expression.</summary>
/// <param name="Operation">What to do.</param>
/// <param name="First">Least number, target, slot or anchor, by operation.</param>
/// <param name="Second">Most number, second target, or most characters of a look behind.</param>
/// <param name="Set">Characters, where some are matched.</param>
/// <param name="Inner">A program of its own, for looks and atomic groups.</param>
internal readonly record struct Instruction(Operation Operation, int First = 0, int Second = 0, CharacterSet? Set = null, Instruction[]? Inner = null);
