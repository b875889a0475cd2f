namespace Keyhole.Cli;

/// <summary>A number of a run's progress.</summary>
/// <param name="Name">The member of the JSON line, its unit in the name: <c>tokensPerSecond</c>.</param>
/// <param name="Value">One that is not finite is left out of the line.</param>
internal readonly record struct ProgressFigure(string Name, double Value);
