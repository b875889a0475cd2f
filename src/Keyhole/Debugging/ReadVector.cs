using System.Collections.Immutable;
using Keyhole.Engine.Readouts;

namespace Keyhole.Debugging;

/// <summary>A residual state, or an update of one, read over the vocabulary.</summary>
public sealed record ReadVector
{
    /// <summary>Tokens of the largest logits, largest first, lower id first among equals.</summary>
    public required ImmutableArray<ReadToken> Top { get; init; }

    /// <summary>The chosen token.</summary>
    public required ReadToken Chosen { get; init; }

    /// <summary>Its rank, from 0, ties at their mean.</summary>
    public required double ChosenRank { get; init; }

    /// <summary>Of one row of a scan with sums and one probe for each row.</summary>
    /// <param name="scan">The scan.</param>
    /// <param name="row">The row.</param>
    /// <param name="chosen">The token of its probe.</param>
    internal static ReadVector Of(ScanResult scan, int row, int chosen) => new()
    {
        Top = TopOf(scan, row),
        Chosen = new ReadToken(chosen, scan.ProbeLogits[row], Math.Exp(scan.ProbeLogits[row] - scan.LogSumExp[row])),
        ChosenRank = scan.ProbeRanks[row],
    };

    /// <summary>The top tokens of one row of a scan with sums.</summary>
    internal static ImmutableArray<ReadToken> TopOf(ScanResult scan, int row)
    {
        int kept = scan.TopTokens.Length / scan.Rows;
        return [.. Enumerable.Range(row * kept, kept)
            .Where(i => scan.TopTokens[i] >= 0)
            .Select(i => new ReadToken(scan.TopTokens[i], scan.TopLogits[i], Math.Exp(scan.TopLogits[i] - scan.LogSumExp[row])))];
    }
}
