namespace Keyhole.Engine.Tokens.Models;

/// <summary>Merges of BPE: (left id, right id) to (rank, id of the merged piece), in one open-addressed table.</summary>
internal sealed class MergeTable
{
    private const ulong Empty = ulong.MaxValue;
    private readonly ulong[] _keys;
    private readonly (int Rank, int Id)[] _values;
    private readonly int _shift;

    public MergeTable(int capacity)
    {
        int size = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(capacity, 8) * 2);
        _keys = new ulong[size];
        Array.Fill(_keys, Empty);
        _values = new (int, int)[size];
        _shift = 64 - System.Numerics.BitOperations.Log2((uint)size);
    }

    /// <summary>Sets a merge; a pair that is there already takes the new rank.</summary>
    public void Set(int left, int right, int rank, int id)
    {
        int slot = Locate(Key(left, right));
        _keys[slot] = Key(left, right);
        _values[slot] = (rank, id);
    }

    public bool TryGet(int left, int right, out int rank, out int id)
    {
        int slot = Locate(Key(left, right));
        (rank, id) = _values[slot];
        return _keys[slot] != Empty;
    }

    private static ulong Key(int left, int right) => ((ulong)(uint)left << 32) | (uint)right;

    private int Locate(ulong key)
    {
        int slot = (int)((key * 0x9E3779B97F4A7C15UL) >> _shift);
        while (_keys[slot] != key && _keys[slot] != Empty)
        {
            slot = (slot + 1) & (_keys.Length - 1);
        }

        return slot;
    }
}
