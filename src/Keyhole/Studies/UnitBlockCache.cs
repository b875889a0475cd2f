namespace Keyhole.Studies;

/// <summary>The blocks of units used last, up to a number of bytes.</summary>
internal sealed class UnitBlockCache
{
    private const long MaxBytes = 64L * 1024 * 1024;

    private readonly SortedList<int, LinkedListNode<UnitBlock>> _byFirstUnit = [];
    private readonly LinkedList<UnitBlock> _byUse = new();
    private long _bytes;

    /// <summary>The block that may hold a unit; null where it is not kept.</summary>
    public UnitBlock? Find(int unit)
    {
        // The last block that begins at or before the unit; a gap in what is kept is seen by its last unit.
        int low = 0;
        int high = _byFirstUnit.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_byFirstUnit.GetKeyAtIndex(middle) <= unit)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        if (low == 0 || _byFirstUnit.GetValueAtIndex(low - 1) is not { } node || node.Value.LastUnit < unit)
        {
            return null;
        }

        _byUse.Remove(node);
        _byUse.AddFirst(node);
        return node.Value;
    }

    /// <summary>Keeps a block, and drops those that were not used for longest.</summary>
    public void Add(UnitBlock block)
    {
        if (_byFirstUnit.ContainsKey(block.FirstUnit))
        {
            return;
        }

        _byFirstUnit.Add(block.FirstUnit, _byUse.AddFirst(block));
        _bytes += block.RawBytes;
        while (_bytes > MaxBytes && _byUse.Count > 1)
        {
            UnitBlock oldest = _byUse.Last!.Value;
            _byUse.RemoveLast();
            _byFirstUnit.Remove(oldest.FirstUnit);
            _bytes -= oldest.RawBytes;
        }
    }
}
