using Keyhole.Memories;

namespace Keyhole.Mining;

/// <summary>The best triggers of every memory of a layer on one pole: fixed-size lists in the order of the method.</summary>
/// <remarks>The hot loop only compares with <see cref="Thresholds"/>; an offer that passes is placed by insertion.</remarks>
internal sealed class TriggerLists
{
    /// <summary>Entries that all lists of a layer may have together.</summary>
    public const int MostEntries = 1 << 26;

    private readonly int _top;
    private readonly Entry[] _entries;   // [memories, top]
    private readonly ulong[]? _keys;     // of the same shape, where lists keep distinct endings
    private readonly int[] _counts;

    /// <param name="memories">F.</param>
    /// <param name="top">Entries a list.</param>
    /// <param name="distinct">Whether offers carry a key of which a list keeps one.</param>
    /// <param name="floor">Least rank of an entry; a list that is not full takes ranks from here.</param>
    public TriggerLists(int memories, int top, bool distinct, float floor)
    {
        _top = top;
        Floor = floor;
        _entries = new Entry[(long)memories * top];
        _keys = distinct ? new ulong[_entries.Length] : null;
        _counts = new int[memories];
        Thresholds = new float[(memories + LayerAccumulator.Lanes - 1) / LayerAccumulator.Lanes * LayerAccumulator.Lanes];
        Thresholds.AsSpan(0, memories).Fill(floor);
        Thresholds.AsSpan(memories).Fill(float.PositiveInfinity);
    }

    /// <summary>Least rank of an entry.</summary>
    public float Floor { get; }

    /// <summary>Rank that an offer must reach to have a chance, per memory; infinite for the columns that pad a layer to whole vectors.</summary>
    public float[] Thresholds { get; }

    /// <summary>Number of memories.</summary>
    public int Memories => _counts.Length;

    /// <summary>Bytes of lists of this size.</summary>
    public static long Bytes(int memories, int top, bool distinct)
        => memories * ((long)top * (System.Runtime.CompilerServices.Unsafe.SizeOf<Entry>() + (distinct ? sizeof(ulong) : 0)) + 8);

    /// <summary>Offers a trigger.</summary>
    /// <param name="memory">Memory.</param>
    /// <param name="rank">What the list is ordered by, larger first.</param>
    /// <param name="trigger">The trigger.</param>
    /// <param name="key">Hash of its last tokens, where lists keep distinct endings.</param>
    public void Offer(int memory, float rank, in Trigger trigger, ulong key = 0)
    {
        int count = _counts[memory];
        int start = memory * _top;
        var entry = new Entry(rank, trigger);
        int free = count;                     // where the list has room: its end, or the place of what leaves
        if (_keys is not null)
        {
            int same = _keys.AsSpan(start, count).IndexOf(key);
            if (same >= 0)
            {
                if (!Better(entry, _entries[start + same]))
                {
                    return;
                }

                free = same;
            }
        }

        if (free == _top)
        {
            if (!Better(entry, _entries[start + _top - 1]))
            {
                return;
            }

            free--;
        }

        int place = free;
        while (place > 0 && Better(entry, _entries[start + place - 1]))
        {
            _entries[start + place] = _entries[start + place - 1];
            if (_keys is not null)
            {
                _keys[start + place] = _keys[start + place - 1];
            }

            place--;
        }

        _entries[start + place] = entry;
        if (_keys is not null)
        {
            _keys[start + place] = key;
        }

        if (free == count)
        {
            _counts[memory] = ++count;
        }

        if (count == _top)
        {
            Thresholds[memory] = _entries[start + _top - 1].Rank;
        }
    }

    /// <summary>Empties the lists and takes over the thresholds of the lists that they will be merged into: what they refuse anyway need not be kept.</summary>
    public void ResetFor(TriggerLists target)
    {
        Array.Clear(_counts);
        target.Thresholds.CopyTo(Thresholds, 0);
    }

    /// <summary>Merges into another set of lists; exact in any order.</summary>
    public void MergeInto(TriggerLists target)
    {
        for (int memory = 0; memory < _counts.Length; memory++)
        {
            int start = memory * _top;
            for (int i = 0; i < _counts[memory]; i++)
            {
                target.Offer(memory, _entries[start + i].Rank, _entries[start + i].Trigger, _keys?[start + i] ?? 0);
            }
        }
    }

    /// <summary>A memory's triggers in order.</summary>
    public Trigger[] List(int memory)
    {
        var triggers = new Trigger[_counts[memory]];
        for (int i = 0; i < triggers.Length; i++)
        {
            triggers[i] = _entries[(memory * _top) + i].Trigger;
        }

        return triggers;
    }

    // Rank descending, unit, position: no two entries of a list are equal.
    private static bool Better(in Entry a, in Entry b)
        => a.Rank != b.Rank ? a.Rank > b.Rank
            : a.Trigger.Unit != b.Trigger.Unit ? a.Trigger.Unit < b.Trigger.Unit
            : a.Trigger.Position < b.Trigger.Position;

    private readonly record struct Entry(float Rank, Trigger Trigger);
}
