namespace Keyhole.Fuzz;

/// <summary>Chooses the kind of damage by the kind of file; what it needs of a whole file is read once.</summary>
internal sealed class FileMutator
{
    private readonly byte[] _whole;
    private readonly JsonText? _json;
    private readonly JsonText? _header;
    private readonly byte[]? _inflated;
    private readonly byte[] _rest = [];

    /// <param name="name">The file's name.</param>
    /// <param name="whole">The file as it should be.</param>
    public FileMutator(string name, byte[] whole)
    {
        _whole = whole;
        int line = name.EndsWith(".jsonl", StringComparison.Ordinal) ? whole.AsSpan().IndexOf((byte)'\n') : -1;
        _rest = line < 0 ? [] : whole[line..];
        _json = name.EndsWith(".json", StringComparison.Ordinal) || line > 0 ? JsonText.Read(whole[..^_rest.Length]) : null;
        _header = name.EndsWith(".safetensors", StringComparison.Ordinal) ? SafetensorsMutator.Header(whole) : null;
        _inflated = name.EndsWith(".gz", StringComparison.Ordinal) ? GzipMutator.Inflate(whole) : null;
    }

    /// <summary>A damaged copy.</summary>
    public byte[] Mutate(Random random)
    {
        bool byTokens = random.Next(3) != 0;
        return byTokens && _json is not null ? [.. JsonMutator.Mutate(_json, random), .. _rest]
            : byTokens && _header is not null ? SafetensorsMutator.Mutate(_whole, _header, random)
            : byTokens && _inflated is not null ? GzipMutator.Deflate(ByteMutator.Mutate(_inflated, random))
            : ByteMutator.Mutate(_whole, random);
    }
}
