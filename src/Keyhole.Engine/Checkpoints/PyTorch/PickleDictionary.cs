namespace Keyhole.Engine.Checkpoints.PyTorch;

/// <summary>A Python dict or OrderedDict: its entries with short strings as keys, in order. Others are not kept: nothing that is read has them.</summary>
internal sealed class PickleDictionary
{
    private OrderedDictionary<string, object?>? _entries;   // made with the first entry: an empty dict costs its file one byte

    /// <summary>The entries, in the order in which they were set.</summary>
    public IEnumerable<KeyValuePair<string, object?>> Entries => _entries ?? [];

    /// <summary>The value of a key; null where it is absent, or None.</summary>
    public object? this[string key] => _entries?.GetValueOrDefault(key);

    /// <summary>Whether the key is there.</summary>
    public bool Has(string key) => _entries?.ContainsKey(key) == true;

    /// <summary>Adds an entry; false where the key is there already.</summary>
    public bool TryAdd(object? key, object? value)
        => key is not string { Length: <= PickleCursor.LongestName } name || (_entries ??= new OrderedDictionary<string, object?>(StringComparer.Ordinal)).TryAdd(name, value);
}
