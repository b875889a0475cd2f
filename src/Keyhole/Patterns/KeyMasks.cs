namespace Keyhole.Patterns;

/// <summary>Which prefixes of a list have a key: bit i for prefix i, of at most 64. Filled again and again without allocation once it has grown.</summary>
internal sealed class KeyMasks
{
    private const int FirstSlots = 1 << 12;

    private ulong[] _keys = new ulong[FirstSlots];
    private ulong[] _masks = new ulong[FirstSlots];   // 0: the slot is free
    private int[] _used = new int[FirstSlots / 2];
    private int _count;

    /// <summary>Number of keys.</summary>
    public int Count => _count;

    /// <summary>A key with its prefixes, in the order in which they came.</summary>
    public (ulong Key, ulong Mask) this[int place] => (_keys[_used[place]], _masks[_used[place]]);

    /// <summary>The prefixes that have a key.</summary>
    public ulong MaskOf(ulong key) => _masks[SlotOf(key)];

    /// <summary>Empties it.</summary>
    public void Clear()
    {
        foreach (int slot in _used.AsSpan(0, _count))
        {
            _masks[slot] = 0;
        }

        _count = 0;
    }

    /// <summary>Says that a prefix has a key.</summary>
    public void Add(ulong key, int prefix)
    {
        int slot = SlotOf(key);
        if (_masks[slot] == 0)
        {
            if (_count == _used.Length)
            {
                Grow();
                slot = SlotOf(key);
            }

            _keys[slot] = key;
            _used[_count++] = slot;
        }

        _masks[slot] |= 1UL << prefix;
    }

    // The lower bits of a key are well mixed.
    private int SlotOf(ulong key)
    {
        int last = _keys.Length - 1;
        int slot = (int)key & last;
        while (_masks[slot] != 0 && _keys[slot] != key)
        {
            slot = (slot + 1) & last;
        }

        return slot;
    }

    private void Grow()
    {
        (ulong[] keys, ulong[] masks, int[] used) = (_keys, _masks, _used);
        int slots = 2 * keys.Length;
        (_keys, _masks, _used) = (new ulong[slots], new ulong[slots], new int[slots / 2]);
        for (int i = 0; i < used.Length; i++)
        {
            int slot = SlotOf(keys[used[i]]);
            (_keys[slot], _masks[slot], _used[i]) = (keys[used[i]], masks[used[i]], slot);
        }
    }
}
