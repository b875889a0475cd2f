using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Keyhole.Memories;

namespace Keyhole.Mining;

/// <summary>The best triggers of every memory of a layer on one pole: fixed-size lists in the order of the method.</summary>
/// <remarks>
/// The hot loop only compares with <see cref="Thresholds"/>; an offer that passes is placed by insertion. A trigger stays in its slot and only ranks and slot numbers move,
/// for a list of whole triggers fills a dozen cache lines.
/// </remarks>
internal sealed class TriggerLists
{
    /// <summary>Entries that all lists of a layer may have together.</summary>
    public const int MostEntries = 1 << 26;

    private readonly int _top;
    private readonly float[] _ranks;        // [memories, top], in order
    private readonly int[] _slots;          // [memories, top], in order: where in the list's part of _triggers and _keys
    private readonly Trigger[] _triggers;   // [memories, top], by slot
    private readonly ulong[]? _keys;        // [memories, top], by slot, where lists keep distinct endings
    private readonly int[] _counts;
    private readonly bool[] _changed;

    /// <param name="memories">F.</param>
    /// <param name="top">Entries a list.</param>
    /// <param name="distinct">Whether offers carry a key of which a list keeps one.</param>
    /// <param name="floor">Least rank of an entry; a list that is not full takes ranks from here.</param>
    public TriggerLists(int memories, int top, bool distinct, float floor)
    {
        _top = top;
        _ranks = new float[(long)memories * top];
        _slots = new int[_ranks.Length];
        _triggers = new Trigger[_ranks.Length];
        _keys = distinct ? new ulong[_ranks.Length] : null;
        _counts = new int[memories];
        _changed = new bool[memories];
        Thresholds = new float[(memories + LayerAccumulator.Lanes - 1) / LayerAccumulator.Lanes * LayerAccumulator.Lanes];
        Thresholds.AsSpan(0, memories).Fill(floor);
        Thresholds.AsSpan(memories).Fill(float.PositiveInfinity);
    }

    /// <summary>
    /// Rank that an offer must reach to have a chance, per memory; infinite for the columns that pad a layer to whole vectors. Lists that are merged into the same ones share
    /// them (<see cref="ResetFor"/>): what is below the last entry of one full list has no place in any list that this one is merged into.
    /// </summary>
    public float[] Thresholds { get; private set; }

    /// <summary>Number of memories.</summary>
    public int Memories => _counts.Length;

    /// <summary>Bytes of lists of this size.</summary>
    public static long Bytes(int memories, int top, bool distinct)
        => memories * (((long)top * (sizeof(float) + sizeof(int) + Unsafe.SizeOf<Trigger>() + (distinct ? sizeof(ulong) : 0))) + 9);

    /// <summary>Offers a trigger.</summary>
    /// <param name="memory">Memory.</param>
    /// <param name="rank">What the list is ordered by, larger first.</param>
    /// <param name="trigger">The trigger.</param>
    /// <param name="key">Hash of its last tokens, where lists keep distinct endings.</param>
    public void Offer(int memory, float rank, in Trigger trigger, ulong key = 0)
    {
        int count = _counts[memory];
        int start = memory * _top;
        Span<float> ranks = _ranks.AsSpan(start, _top);
        Span<int> slots = _slots.AsSpan(start, _top);
        Span<Trigger> triggers = _triggers.AsSpan(start, _top);
        (int free, int slot) = (count, count);   // where the list has room: its end, or the place of what leaves
        if (_keys is not null && _keys.AsSpan(start, count).IndexOf(key) is >= 0 and int same)
        {
            (free, slot) = (slots[..count].IndexOf(same), same);
        }
        else if (count == _top)
        {
            (free, slot) = (_top - 1, slots[_top - 1]);
        }

        if (free < count && !IsBetter(rank, trigger, ranks[free], triggers[slot]))
        {
            return;
        }

        int place = free;
        while (place > 0 && (rank > ranks[place - 1] || IsBetter(rank, trigger, ranks[place - 1], triggers[slots[place - 1]])))
        {
            place--;
        }

        ranks[place..free].CopyTo(ranks[(place + 1)..]);
        slots[place..free].CopyTo(slots[(place + 1)..]);
        ranks[place] = rank;
        slots[place] = slot;
        triggers[slot] = trigger;
        _changed[memory] = true;
        if (_keys is not null)
        {
            _keys[start + slot] = key;
        }

        if (free == count)
        {
            _counts[memory] = ++count;
        }

        if (count == _top && ranks[_top - 1] > Thresholds[memory])
        {
            Thresholds[memory] = ranks[_top - 1];   // another thread may write a lower one at the same time, which holds as well
        }
    }

    /// <summary>Empties the lists, which from now on share the thresholds of the lists that they will be merged into: what they, or others like them, refuse need not be kept.</summary>
    public void ResetFor(TriggerLists target)
    {
        Array.Clear(_counts);
        Thresholds = target.Thresholds;
    }

    /// <summary>Merges the lists of memories [from, to) into another set of lists; exact in any order. Ranges apart may be merged at the same time.</summary>
    public void MergeInto(TriggerLists target, int from, int to)
    {
        for (int memory = from; memory < Math.Min(to, _counts.Length); memory++)
        {
            int start = memory * _top;
            for (int i = 0; i < _counts[memory]; i++)
            {
                int at = start + _slots[start + i];
                target.Offer(memory, _ranks[start + i], _triggers[at], _keys?[at] ?? 0);
            }
        }
    }

    /// <summary>A memory's triggers in order.</summary>
    public Trigger[] List(int memory) => InOrder(_triggers, memory);

    /// <summary>What they are ordered by.</summary>
    public ReadOnlySpan<float> Ranks(int memory) => _ranks.AsSpan(memory * _top, _counts[memory]);

    /// <summary>Whether a memory's list has changed since the last <see cref="ClearChanged"/>.</summary>
    public bool HasChanged(int memory) => _changed[memory];

    /// <summary>Looks for changes from now on.</summary>
    public void ClearChanged() => Array.Clear(_changed);

    /// <summary>Writes the lists as they are.</summary>
    public void Save(Stream stream)
    {
        stream.Write(MemoryMarshal.AsBytes(_counts.AsSpan()));
        stream.Write(MemoryMarshal.AsBytes(_changed.AsSpan()));
        for (int memory = 0; memory < _counts.Length; memory++)
        {
            (int start, int count) = (memory * _top, _counts[memory]);
            stream.Write(MemoryMarshal.AsBytes(_ranks.AsSpan(start, count)));
            stream.Write(MemoryMarshal.AsBytes<Trigger>(List(memory)));
            if (_keys is not null)
            {
                stream.Write(MemoryMarshal.AsBytes<ulong>(InOrder(_keys, memory)));
            }
        }
    }

    /// <summary>Takes over what <see cref="Save"/> wrote from lists of the same size.</summary>
    /// <exception cref="InvalidDataException">The bytes are no such lists.</exception>
    /// <exception cref="EndOfStreamException">They end early.</exception>
    public void Restore(Stream stream)
    {
        stream.ReadExactly(MemoryMarshal.AsBytes(_counts.AsSpan()));
        byte[] changed = new byte[_changed.Length];
        stream.ReadExactly(changed);
        for (int memory = 0; memory < _counts.Length; memory++)
        {
            (int start, int count) = (memory * _top, _counts[memory]);
            if (count < 0 || count > _top)
            {
                throw new InvalidDataException($"a list of {count} triggers");
            }

            _changed[memory] = changed[memory] != 0;
            stream.ReadExactly(MemoryMarshal.AsBytes(_ranks.AsSpan(start, count)));
            stream.ReadExactly(MemoryMarshal.AsBytes(_triggers.AsSpan(start, count)));
            if (_keys is not null)
            {
                stream.ReadExactly(MemoryMarshal.AsBytes(_keys.AsSpan(start, count)));
            }

            for (int i = 0; i < count; i++)
            {
                _slots[start + i] = i;
            }

            if (count == _top)
            {
                Thresholds[memory] = _ranks[start + _top - 1];
            }
        }
    }

    private T[] InOrder<T>(T[] bySlot, int memory)
    {
        int start = memory * _top;
        var list = new T[_counts[memory]];
        for (int i = 0; i < list.Length; i++)
        {
            list[i] = bySlot[start + _slots[start + i]];
        }

        return list;
    }

    // Rank descending, unit, position: no two entries of a list are equal.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsBetter(float rank, in Trigger trigger, float otherRank, in Trigger other)
        => rank > otherRank
            || (rank == otherRank && (trigger.Unit != other.Unit ? trigger.Unit < other.Unit : trigger.Position < other.Position));
}
