using System.Diagnostics.CodeAnalysis;

namespace Keyhole.Web.Memories;

/// <summary>What was asked for last, up to a size; safe for several threads at once.</summary>
/// <param name="most">Largest sum of sizes; a larger value is not kept.</param>
/// <param name="size">Size of a value.</param>
internal sealed class RecentCache<TKey, TValue>(long most, Func<TValue, long> size)
    where TKey : notnull
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TKey, LinkedListNode<(TKey Key, TValue Value)>> _byKey = [];
    private readonly LinkedList<(TKey Key, TValue Value)> _byUse = new();
    private long _held;

    /// <summary>Sum of the sizes of what is kept.</summary>
    public long Held
    {
        get
        {
            lock (_lock)
            {
                return _held;
            }
        }
    }

    /// <summary>A value that is kept.</summary>
    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        lock (_lock)
        {
            if (!_byKey.TryGetValue(key, out LinkedListNode<(TKey Key, TValue Value)>? node))
            {
                value = default;
                return false;
            }

            _byUse.Remove(node);
            _byUse.AddFirst(node);
            value = node.Value.Value;
            return true;
        }
    }

    /// <summary>Keeps a value in place of an earlier one, and drops those that were not asked for longest.</summary>
    public void Keep(TKey key, TValue value)
    {
        lock (_lock)
        {
            if (_byKey.Remove(key, out LinkedListNode<(TKey Key, TValue Value)>? before))
            {
                Drop(before);
            }

            if (size(value) > most)
            {
                return;
            }

            _byKey.Add(key, _byUse.AddFirst((key, value)));
            _held += size(value);
            while (_held > most)
            {
                LinkedListNode<(TKey Key, TValue Value)> oldest = _byUse.Last!;
                _byKey.Remove(oldest.Value.Key);
                Drop(oldest);
            }
        }
    }

    private void Drop(LinkedListNode<(TKey Key, TValue Value)> node)
    {
        _byUse.Remove(node);
        _held -= size(node.Value.Value);
    }
}
