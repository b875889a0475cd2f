namespace Keyhole.Engine.Tokens.Models;

/// <summary>A binary heap of candidate merges, least key first; keys order by (priority, position).</summary>
internal sealed class MergeQueue
{
    private ulong[] _keys = new ulong[64];
    private int[] _checks = new int[64];

    public int Count { get; private set; }

    public void Clear() => Count = 0;

    /// <summary>Adds a candidate; <paramref name="check"/> is handed back, to tell whether it still holds.</summary>
    public void Push(uint priority, int position, int check)
    {
        if (Count == _keys.Length)
        {
            Array.Resize(ref _keys, Count * 2);
            Array.Resize(ref _checks, Count * 2);
        }

        ulong key = ((ulong)priority << 32) | (uint)position;
        int index = Count++;
        while (index > 0)
        {
            int parent = (index - 1) >> 1;
            if (_keys[parent] <= key)
            {
                break;
            }

            _keys[index] = _keys[parent];
            _checks[index] = _checks[parent];
            index = parent;
        }

        _keys[index] = key;
        _checks[index] = check;
    }

    public (int Position, int Check) Pop()
    {
        (int position, int check) top = ((int)(uint)_keys[0], _checks[0]);
        Count--;
        ulong key = _keys[Count];
        int last = _checks[Count];
        int index = 0;
        for (int child = 1; child < Count; child = (2 * index) + 1)
        {
            if (child + 1 < Count && _keys[child + 1] < _keys[child])
            {
                child++;
            }

            if (_keys[child] >= key)
            {
                break;
            }

            _keys[index] = _keys[child];
            _checks[index] = _checks[child];
            index = child;
        }

        _keys[index] = key;
        _checks[index] = last;
        return top;
    }
}
