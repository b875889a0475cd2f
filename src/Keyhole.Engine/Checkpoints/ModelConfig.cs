using System.Globalization;
using System.Text.Json;

namespace Keyhole.Engine.Checkpoints;

/// <summary>A model's <c>config.json</c>, or what stands for it, or an object inside it: typed values, and which keys nobody has looked at.</summary>
/// <remarks>A key whose value is null counts as absent, as transformers writes it. Not thread-safe: asking marks a key as read.</remarks>
public sealed class ModelConfig
{
    internal const string FileName = "config.json";
    private const long LargestBytes = 16 << 20;

    private readonly OrderedDictionary<string, JsonElement> _values;
    private readonly OrderedDictionary<string, ModelConfig> _objects = new(StringComparer.Ordinal);
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);
    private readonly string _prefix;   // "" or "rope_scaling."

    private ModelConfig(string file, string prefix, JsonElement element)
    {
        File = file;
        _prefix = prefix;
        _values = new OrderedDictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (JsonProperty property in element.EnumerateObject())
        {
            _values.Add(JsonFile.Name(property, file, CheckpointCodes.Config), property.Value);
        }
    }

    /// <summary>Path of the file.</summary>
    public string File { get; }

    /// <summary>Its keys, in file order, null values included.</summary>
    public IEnumerable<string> Keys => _values.Keys;

    /// <summary>Keys that no member has asked for, in file order; those of objects that were read as <c>object.key</c>. Null values are not among them.</summary>
    public IReadOnlyList<string> UnreadKeys =>
    [
        .. _values.Where(entry => entry.Value.ValueKind != JsonValueKind.Null && !_read.Contains(entry.Key)).Select(entry => _prefix + entry.Key),
        .. _objects.Values.SelectMany(inner => inner.UnreadKeys),
    ];

    /// <summary>Reads <c>config.json</c> of a model's folder.</summary>
    /// <exception cref="InputRefusedException">It is missing, or not a JSON object.</exception>
    public static ModelConfig Load(string folder)
    {
        string path = Path.Combine(folder, FileName);
        using JsonDocument document = JsonFile.Read(path, LargestBytes, CheckpointCodes.Config);
        return new ModelConfig(path, "", document.RootElement.Clone());
    }

    /// <summary>An object that was read elsewhere.</summary>
    /// <param name="file">The file that it is of, for messages.</param> <param name="element">A JSON object.</param>
    internal static ModelConfig Of(string file, JsonElement element) => new(file, "", element);

    /// <summary>Whether the key is there and not null. Marks it as read.</summary>
    public bool Has(string key) => Get(key) is not null;

    /// <summary>Whether the key is not there at all; where it is null, transformers takes null and not its default. Marks it as read.</summary>
    public bool IsMissing(string key)
    {
        _read.Add(key);
        return !_values.ContainsKey(key);
    }

    /// <summary>The value as JSON; null where absent.</summary>
    public JsonElement? Get(string key)
    {
        _read.Add(key);
        return _values.TryGetValue(key, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;
    }

    /// <summary>A whole number (also one written as 32.0).</summary>
    /// <exception cref="InputRefusedException">The key is absent, or no whole number of 32 bits.</exception>
    public int GetInt32(string key) => ToInt32(key, Value(key));

    /// <summary>A whole number, or <paramref name="missing"/> where the key is absent.</summary>
    /// <exception cref="InputRefusedException">It is no whole number of 32 bits.</exception>
    public int GetInt32(string key, int missing) => Get(key) is JsonElement value ? ToInt32(key, value) : missing;

    /// <summary>A number.</summary>
    /// <exception cref="InputRefusedException">The key is absent, or no finite number.</exception>
    public double GetDouble(string key) => ToDouble(key, Value(key));

    /// <summary>A number, or <paramref name="missing"/> where the key is absent.</summary>
    /// <exception cref="InputRefusedException">It is no finite number.</exception>
    public double GetDouble(string key, double missing) => Get(key) is JsonElement value ? ToDouble(key, value) : missing;

    /// <summary>A truth value.</summary>
    /// <exception cref="InputRefusedException">The key is absent, or neither true nor false.</exception>
    public bool GetBool(string key) => ToBool(key, Value(key));

    /// <summary>A truth value, or <paramref name="missing"/> where the key is absent.</summary>
    /// <exception cref="InputRefusedException">It is neither true nor false.</exception>
    public bool GetBool(string key, bool missing) => Get(key) is JsonElement value ? ToBool(key, value) : missing;

    /// <summary>A string.</summary>
    /// <exception cref="InputRefusedException">The key is absent, or no string.</exception>
    public string GetString(string key) => ToText(key, Value(key));

    /// <summary>A string, or <paramref name="missing"/> where the key is absent.</summary>
    /// <exception cref="InputRefusedException">It is no string.</exception>
    public string GetString(string key, string missing) => Get(key) is JsonElement value ? ToText(key, value) : missing;

    /// <summary>A list of numbers.</summary>
    /// <exception cref="InputRefusedException">The key is absent, or no list of numbers.</exception>
    public double[] GetDoubles(string key) => [.. Elements(key).Select(element => ToDouble(key, element))];

    /// <summary>A list of whole numbers.</summary>
    /// <exception cref="InputRefusedException">The key is absent, or no list of whole numbers of 32 bits.</exception>
    public int[] GetInt32s(string key) => [.. Elements(key).Select(element => ToInt32(key, element))];

    /// <summary>A list of strings.</summary>
    /// <exception cref="InputRefusedException">The key is absent, or no list of strings.</exception>
    public string[] GetStrings(string key) => [.. Elements(key).Select(element => ToText(key, element))];

    /// <summary>An object inside; null where the key is absent. The same one at each call.</summary>
    /// <exception cref="InputRefusedException">It is no object.</exception>
    public ModelConfig? GetObject(string key)
    {
        if (Get(key) is not JsonElement value)
        {
            return null;
        }
        if (!_objects.TryGetValue(key, out ModelConfig? inner))
        {
            inner = new ModelConfig(File, _prefix + key + ".", value.ValueKind == JsonValueKind.Object ? value : throw Refuse(key, value, "an object"));
            _objects.Add(key, inner);
        }
        return inner;
    }

    /// <summary>The refusal of a value that is of the right type but not possible, for families.</summary>
    /// <param name="key">The key.</param> <param name="expected">What would be possible, such as <c>a divisor of hidden_size (768)</c>.</param>
    public InputRefusedException Refuse(string key, string expected)
        => Get(key) is JsonElement value ? Refuse(key, value, expected) : Missing(key, expected);

    private JsonElement Value(string key) => Get(key) ?? throw Missing(key, "a value");

    private JsonElement.ArrayEnumerator Elements(string key)
    {
        JsonElement value = Value(key);
        return value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : throw Refuse(key, value, "a list");
    }

    private int ToInt32(string key, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Number)
        {
            if (value.TryGetInt32(out int whole))
            {
                return whole;
            }
            if (value.TryGetDouble(out double number) && number == Math.Truncate(number) && number is >= int.MinValue and <= int.MaxValue)
            {
                return (int)number;
            }
        }
        throw Refuse(key, value, "a whole number of 32 bits");
    }

    private double ToDouble(string key, JsonElement value)
        => value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && double.IsFinite(number) ? number : throw Refuse(key, value, "a finite number");

    private bool ToBool(string key, JsonElement value)
        => value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Refuse(key, value, "true or false");

    private string ToText(string key, JsonElement value) => JsonFile.Text(value) ?? throw Refuse(key, value, "a string");

    private InputRefusedException Missing(string key, string expected) => new(CheckpointCodes.ConfigField,
        $"'{File}' has no '{_prefix}{key}', and {expected} is needed; take the config.json that belongs to the weights.");

    private InputRefusedException Refuse(string key, JsonElement value, string expected)
    {
        string found = Naming.Quote(value.GetRawText());
        return new InputRefusedException(CheckpointCodes.ConfigField, string.Create(CultureInfo.InvariantCulture,
            $"'{File}': '{_prefix}{key}' is {found} and not {expected}; correct it, or take the config.json that belongs to the weights."));
    }
}
