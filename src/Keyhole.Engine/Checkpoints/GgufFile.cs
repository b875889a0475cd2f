using System.Globalization;

namespace Keyhole.Engine.Checkpoints;

/// <summary>A GGUF file (version 2 or 3), or all parts of a split one. It may have metadata and no tensors.</summary>
public sealed class GgufFile : Checkpoint
{
    private readonly OrderedDictionary<string, object> _metadata;

    private GgufFile(string path, int version, IReadOnlyList<MappedFile> files, OrderedDictionary<string, object> metadata, OrderedDictionary<string, TensorInfo> tensors)
        : base(files, tensors)
    {
        Path = path;
        Version = version;
        _metadata = metadata;
    }

    /// <inheritdoc/>
    public override string Path { get; }

    /// <summary>Version of the format: 2 or 3.</summary>
    public int Version { get; }

    /// <summary>
    /// Values by key (ordinal, in file order): string, bool, byte, sbyte, ushort, short, uint, int, ulong, long, float, double, or an array of one of
    /// these (<c>object[]</c> for arrays of arrays). Bytes of strings that are not UTF-8 are U+FFFD. Of a split file: the first part's.
    /// </summary>
    public IReadOnlyDictionary<string, object> Metadata => _metadata;

    /// <summary>Opens a file; any part of a split one opens all parts.</summary>
    /// <exception cref="InputRefusedException">A file is missing, cut short, damaged, or of another version.</exception>
    public static new GgufFile Open(string path)
    {
        List<MappedFile> files = [];
        try
        {
            files.Add(MappedFile.Open(path));
            GgufHead head = GgufHead.Read(files[0]);
            List<GgufHead> heads = [head];
            if (GgufSplit.Parts(path, head.Metadata) is IReadOnlyList<string> parts)
            {
                files[0].Dispose();
                files.Clear();
                heads.Clear();
                foreach (string part in parts)
                {
                    files.Add(MappedFile.Open(part));
                    heads.Add(GgufHead.Read(files[^1]));
                    GgufSplit.RequirePart(part, heads[^1].Metadata, heads.Count - 1, parts.Count);
                }
            }
            return new GgufFile(path, heads[0].Version, files, heads[0].Metadata, Collect(path, heads));
        }
        catch
        {
            files.ForEach(file => file.Dispose());
            throw;
        }
    }

    /// <summary>Whether there is such a key.</summary>
    public bool Has(string key) => _metadata.ContainsKey(key);

    /// <summary>A string.</summary>
    /// <exception cref="InputRefusedException">The key is missing, or has another type.</exception>
    public string GetString(string key) => Value(key) as string ?? throw OtherType(key, "a string");

    /// <summary>A string, or <paramref name="missing"/> where the key is not there.</summary>
    /// <exception cref="InputRefusedException">The key has another type.</exception>
    public string GetString(string key, string missing) => Has(key) ? GetString(key) : missing;

    /// <summary>A whole number of any width.</summary>
    /// <exception cref="InputRefusedException">The key is missing, or is no whole number of 64 bits.</exception>
    public long GetInt64(string key) => Integer(Value(key)) ?? throw OtherType(key, "a whole number of 64 bits");

    /// <summary>A whole number of any width, or <paramref name="missing"/> where the key is not there.</summary>
    /// <exception cref="InputRefusedException">The key is no whole number of 64 bits.</exception>
    public long GetInt64(string key, long missing) => Has(key) ? GetInt64(key) : missing;

    /// <summary>A number of any type.</summary>
    /// <exception cref="InputRefusedException">The key is missing, or is no number.</exception>
    public double GetDouble(string key) => Number(Value(key)) ?? throw OtherType(key, "a number");

    /// <summary>A number of any type, or <paramref name="missing"/> where the key is not there.</summary>
    /// <exception cref="InputRefusedException">The key is no number.</exception>
    public double GetDouble(string key, double missing) => Has(key) ? GetDouble(key) : missing;

    /// <summary>A truth value.</summary>
    /// <exception cref="InputRefusedException">The key is missing, or has another type.</exception>
    public bool GetBool(string key) => Value(key) as bool? ?? throw OtherType(key, "true or false");

    /// <summary>A truth value, or <paramref name="missing"/> where the key is not there.</summary>
    /// <exception cref="InputRefusedException">The key has another type.</exception>
    public bool GetBool(string key, bool missing) => Has(key) ? GetBool(key) : missing;

    /// <summary>An array whose elements are exactly of type <typeparamref name="T"/> (string, float, int, ...). Not a copy.</summary>
    /// <exception cref="InputRefusedException">The key is missing, or has another type.</exception>
    public ReadOnlyMemory<T> GetArray<T>(string key) => Value(key) is T[] array && array.GetType() == typeof(T[]) ? array : throw OtherType(key, $"an array of {typeof(T).Name}");

    /// <summary>Whole numbers: an array of any integer type, or one number, which counts as an array of one (per-layer settings are written either way).</summary>
    /// <exception cref="InputRefusedException">The key is missing, or has another type.</exception>
    public long[] GetInt64s(string key)
    {
        object value = Value(key);
        object[] elements = value is Array array ? [.. array.Cast<object>()] : [value];
        return Array.ConvertAll(elements, element => Integer(element) ?? throw OtherType(key, "a list of whole numbers of 64 bits"));
    }

    private static OrderedDictionary<string, TensorInfo> Collect(string path, List<GgufHead> heads)
    {
        OrderedDictionary<string, TensorInfo> tensors = new(StringComparer.Ordinal);
        foreach (TensorInfo tensor in heads.SelectMany(head => head.Tensors))
        {
            if (!tensors.TryAdd(tensor.Name, tensor))
            {
                throw new InputRefusedException(CheckpointCodes.TensorTable, $"'{path}': tensor {Naming.Quote(tensor.Name)} is in two parts of the file; the parts do not belong together.");
            }
        }
        return tensors;
    }

    private static long? Integer(object value) => value switch
    {
        byte or sbyte or ushort or short or uint or int or long => Convert.ToInt64(value, CultureInfo.InvariantCulture),
        ulong number when number <= long.MaxValue => (long)number,
        _ => null,
    };

    private static double? Number(object value) => value switch
    {
        float number => number,
        double number => number,
        ulong number => number,
        _ => Integer(value),
    };

    private object Value(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return _metadata.TryGetValue(key, out object? value) ? value : throw new InputRefusedException(CheckpointCodes.MetadataField,
            $"'{Path}' has no metadata key '{key}'{NearestNames.Describe(key, _metadata.Keys)}; convert the model again with a current converter.");
    }

    private InputRefusedException OtherType(string key, string expected) => new(CheckpointCodes.MetadataField,
        $"'{Path}': metadata key '{key}' is of type {_metadata[key].GetType().Name} and not {expected}; convert the model again with a current converter.");
}
