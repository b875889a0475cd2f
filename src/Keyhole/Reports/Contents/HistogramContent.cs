using System.Collections.Immutable;
using Keyhole.Memories;

namespace Keyhole.Reports.Contents;

/// <summary>The activation histogram of one memory.</summary>
/// <param name="Id">The memory.</param>
/// <param name="IsPeaked">Whether it is among the most peaked, or else among the least.</param>
/// <param name="Kurtosis">Excess kurtosis of its coefficient.</param>
/// <param name="Columns">Edges and positions of each column, from left.</param>
internal sealed record HistogramContent(NeuronId Id, bool IsPeaked, double Kurtosis, ImmutableArray<(double Lower, double Upper, long Positions)> Columns);
