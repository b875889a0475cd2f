using System.Runtime.InteropServices;
using Keyhole.Memories;

namespace Keyhole.Studies.Merging;

/// <summary>The best triggers of one memory and pole from the lists of all pieces: exact, as no two triggers are equal in the lists' order.</summary>
internal sealed class ListMerge
{
    private readonly ListCursor[] _cursors;
    private readonly int[] _heap;   // cursors, the best on top
    private readonly ListRules _rules;
    private readonly UnitTable _units;
    private readonly UnitTokens? _ids;
    private readonly List<ulong> _endings = [];
    private readonly List<Trigger> _triggers = [];
    private readonly List<float> _ranks = [];

    /// <param name="pieces">Pieces of the band.</param>
    /// <param name="rules">What lists are ordered by.</param>
    /// <param name="units">The units of the pieces.</param>
    /// <param name="ids">The units' tokens where a list keeps distinct endings, else null.</param>
    public ListMerge(int pieces, ListRules rules, UnitTable units, UnitTokens? ids)
    {
        _cursors = [.. Enumerable.Range(0, pieces).Select(_ => new ListCursor())];
        _heap = new int[pieces];
        _rules = rules;
        _units = units;
        _ids = ids;
    }

    /// <summary>The piece that is being read; names it where it is damaged.</summary>
    public int Piece { get; private set; }

    /// <summary>Ranks of the last list where they must be kept; else none.</summary>
    public float[] Ranks => [.. _ranks];

    /// <summary>Takes a piece's list.</summary>
    /// <exception cref="InvalidDataException">The bytes are no list by these rules.</exception>
    public void Take(int piece, Blob list, Blob ranks, bool ofExpert)
    {
        Piece = piece;
        _cursors[piece].Begin(list, ranks, ofExpert, _rules);
    }

    /// <summary>The best triggers of all lists taken.</summary>
    /// <param name="pole">The pole that they are of; null where triggers of both stand in a list.</param>
    /// <exception cref="InvalidDataException">A list is damaged.</exception>
    public Trigger[] Merge(Pole? pole)
    {
        _triggers.Clear();
        _ranks.Clear();
        _endings.Clear();
        int size = Gather();
        while (size > 0 && _triggers.Count < _rules.Top)
        {
            Piece = _heap[0];
            ListCursor best = _cursors[Piece];
            Accept(best, pole);
            best.Advance();
            if (best.IsDone)
            {
                _heap[0] = _heap[--size];
            }

            SiftDown(0, size);
        }

        return [.. _triggers];
    }

    // The lists that are not empty as a heap.
    private int Gather()
    {
        int size = 0;
        for (int piece = 0; piece < _cursors.Length; piece++)
        {
            if (_cursors[piece].Count > 0)
            {
                _heap[size++] = piece;
            }
        }

        for (int i = 0; i < size; i++)
        {
            Piece = _heap[i];
            if (!_cursors[Piece].HasRanks && (size > 1 || _rules.KeepsRanks))
            {
                throw new InvalidDataException($"table '{StudySchema.RankTable}' does not say what a list is ordered by");
            }
        }

        for (int i = (size / 2) - 1; i >= 0; i--)
        {
            SiftDown(i, size);
        }

        return size;
    }

    private void SiftDown(int at, int size)
    {
        while (true)
        {
            int child = (2 * at) + 1;
            if (child >= size)
            {
                return;
            }

            if (child + 1 < size && IsBetter(_heap[child + 1], _heap[child]))
            {
                child++;
            }

            if (!IsBetter(_heap[child], _heap[at]))
            {
                return;
            }

            (_heap[at], _heap[child]) = (_heap[child], _heap[at]);
            at = child;
        }
    }

    private bool IsBetter(int piece, int other)
    {
        ListCursor cursor = _cursors[piece];
        ListCursor second = _cursors[other];
        if (cursor.Rank != second.Rank)
        {
            return cursor.Rank > second.Rank;
        }

        Piece = piece;
        (int unit, int position) = (cursor.Unit, cursor.Position);
        Piece = other;
        return unit != second.Unit ? unit < second.Unit : position < second.Position;
    }

    private void Accept(ListCursor cursor, Pole? pole)
    {
        Trigger trigger = cursor.Current;
        int row = _units.Find(trigger.Unit, trigger.Position, Piece);
        if (row < 0)
        {
            throw new InvalidDataException($"a trigger names unit {trigger.Unit}, position {trigger.Position}, which the study does not have");
        }

        if (!float.IsFinite(trigger.Coefficient) || (!_rules.ByPre && (pole is { } side ? side == Pole.Positive ? trigger.Coefficient <= 0 : trigger.Coefficient >= 0 : trigger.Coefficient == 0)))
        {
            throw new InvalidDataException($"a trigger of the {(pole is null ? "list of a sign case" : pole == Pole.Positive ? "positive pole" : "negative pole")} has the coefficient {trigger.Coefficient}");
        }

        if (_ids is not null)
        {
            ulong ending = _ids.Key(row, trigger.Position);
            if (CollectionsMarshal.AsSpan(_endings).Contains(ending))
            {
                return;
            }

            _endings.Add(ending);
        }

        _triggers.Add(trigger);
        if (_rules.KeepsRanks && pole == Pole.Positive && float.IsNaN(trigger.Gate))
        {
            _ranks.Add(cursor.Rank);
        }
    }
}
