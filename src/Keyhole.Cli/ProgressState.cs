using System.Collections.Immutable;

namespace Keyhole.Cli;

/// <summary>How far a run is.</summary>
/// <param name="Phase">What is being done, such as <c>mining</c>.</param>
/// <param name="Share">Work of the whole run that is done, from 0 to 1.</param>
/// <param name="Detail">What to show beside it, such as a rate; may be empty.</param>
/// <param name="Figures">Numbers for <c>--log-json</c>; may be left out.</param>
internal readonly record struct ProgressState(string Phase, double Share, string Detail, ImmutableArray<ProgressFigure> Figures = default);
