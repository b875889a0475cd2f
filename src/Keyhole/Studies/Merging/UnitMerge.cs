using System.Globalization;
using Keyhole.Engine;

namespace Keyhole.Studies.Merging;

/// <summary>Brings the units of pieces into the order of the corpus. Holds one block of each piece.</summary>
internal static class UnitMerge
{
    private const int Interval = 4096;

    /// <summary>Writes the units of all pieces; gives which there are.</summary>
    /// <param name="pieces">Pieces that have each unit once.</param>
    /// <param name="study">Where to.</param>
    /// <param name="ids">Takes the units' tokens, or null.</param>
    /// <param name="progress">Told the share that is done.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="InputRefusedException">KH5105: a piece is damaged.</exception>
    public static UnitTable Write(IReadOnlyList<MergePiece> pieces, StudyWriter study, UnitTokens? ids, IProgress<double>? progress, CancellationToken cancellation)
    {
        var table = new UnitTable();
        long total = Math.Max(1, pieces.Sum(piece => piece.Study.UnitCount));
        foreach ((StudyUnit unit, int piece) in InOrder(pieces, piece => piece.Study.Units(), unit => unit.Index))
        {
            Check(unit, pieces[piece]);
            study.AppendUnit(unit);
            ids?.Add(unit.Tokens.AsSpan());
            table.Add(unit.Index, unit.Tokens.Length, piece);
            if (table.Count % Interval == 0)
            {
                cancellation.ThrowIfCancellationRequested();
                progress?.Report(Math.Min(1, (double)table.Count / total));
            }
        }

        RequireCounts(pieces, table);
        return table;
    }

    /// <summary>Which units pieces have, without writing them.</summary>
    /// <param name="pieces">Pieces that have each unit once.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="InputRefusedException">KH5105: a piece is damaged.</exception>
    public static UnitTable Read(IReadOnlyList<MergePiece> pieces, CancellationToken cancellation)
    {
        var table = new UnitTable();
        foreach (((int unit, int tokens), int piece) in InOrder(pieces, piece => piece.Study.UnitSizes(), unit => unit.Index))
        {
            table.Add(unit, tokens, piece);
            if (table.Count % Interval == 0)
            {
                cancellation.ThrowIfCancellationRequested();
            }
        }

        RequireCounts(pieces, table);
        return table;
    }

    private static IEnumerable<(T Unit, int Piece)> InOrder<T>(IReadOnlyList<MergePiece> pieces, Func<MergePiece, IEnumerable<T>> read, Func<T, int> index)
    {
        IEnumerator<T>[] streams = [.. pieces.Select(piece => read(piece).GetEnumerator())];
        try
        {
            var next = new PriorityQueue<int, (int Unit, int Piece)>();
            for (int piece = 0; piece < streams.Length; piece++)
            {
                if (streams[piece].MoveNext())
                {
                    next.Enqueue(piece, (index(streams[piece].Current), piece));
                }
            }

            (int Unit, int Piece) last = (-1, -1);
            while (next.TryDequeue(out int piece, out (int Unit, int Piece) at))
            {
                if (at.Unit <= last.Unit || at.Unit >= pieces[piece].Shard.CorpusUnits)
                {
                    throw pieces[piece].Damaged(at.Unit > last.Unit
                        ? string.Create(CultureInfo.InvariantCulture, $"it has unit {at.Unit} of a corpus of {pieces[piece].Shard.CorpusUnits}")
                        : last.Piece == piece
                            ? string.Create(CultureInfo.InvariantCulture, $"unit {at.Unit} follows unit {last.Unit}")
                            : string.Create(CultureInfo.InvariantCulture, $"it has unit {at.Unit}, which belongs to another shard ({pieces[last.Piece].Path})"));
                }

                last = at;
                yield return (streams[piece].Current, piece);
                if (streams[piece].MoveNext())
                {
                    next.Enqueue(piece, (index(streams[piece].Current), piece));
                }
            }
        }
        finally
        {
            foreach (IEnumerator<T> stream in streams)
            {
                stream.Dispose();
            }
        }
    }

    // What the writer would take for an error of the program.
    private static void Check(StudyUnit unit, MergePiece piece)
    {
        if (unit.File >= piece.Study.Files.Length)
        {
            throw piece.Damaged(string.Create(CultureInfo.InvariantCulture, $"unit {unit.Index} names file {unit.File}, which the study does not have"));
        }

        if (unit.Offset < 0 || unit.Spans.Any(span => span.End > unit.Text.Length))
        {
            throw piece.Damaged(string.Create(CultureInfo.InvariantCulture, $"unit {unit.Index} has a place or a token outside of its text"));
        }
    }

    private static void RequireCounts(IReadOnlyList<MergePiece> pieces, UnitTable table)
    {
        long units = pieces.Sum(piece => piece.Study.UnitCount);
        long tokens = pieces.Sum(piece => piece.Study.TokenCount);
        if (units != table.Count || tokens != table.Tokens)
        {
            throw pieces[0].Damaged(string.Create(CultureInfo.InvariantCulture, $"it and those beside it say that they have {units} units with {tokens} tokens, and have {table.Count} with {table.Tokens}"));
        }
    }
}
