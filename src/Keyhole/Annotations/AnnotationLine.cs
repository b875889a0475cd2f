using System.Text.Json;

namespace Keyhole.Annotations;

/// <summary>One line of a file of annotations: a JSON object whose members are asked for by name; one that nobody asks for is refused.</summary>
internal sealed class AnnotationLine
{
    private readonly JsonElement _line;
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    private AnnotationLine(JsonElement line) => _line = line;

    /// <summary>Reads a line.</summary>
    /// <exception cref="FormatException">It is no JSON object, or one that names a member twice.</exception>
    public static AnnotationLine Read(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(bytes, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 8 });
            return Of(document.RootElement.Clone());
        }
        catch (JsonException wrong)
        {
            throw new FormatException($"it is no JSON object with every member once ({wrong.Message.TrimEnd('.')})", wrong);
        }
    }

    /// <summary>A text.</summary>
    public string Text(string name) => OptionalText(name) ?? throw Expected(name, "a text");

    /// <summary>A text, or null.</summary>
    public string? OptionalText(string name)
    {
        JsonElement value = Member(name);
        return value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Null => null,
            _ => throw Expected(name, "a text"),
        };
    }

    /// <summary>A whole number from 0.</summary>
    public int Number(string name)
        => Member(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out int number) && number >= 0 ? number : throw Expected(name, "a whole number from 0");

    /// <summary>The same, or null where the member is missing.</summary>
    public int? OptionalNumber(string name) => _line.TryGetProperty(name, out _) ? Number(name) : null;

    /// <summary>True or false.</summary>
    public bool Truth(string name) => Member(name).ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Expected(name, "true or false"),
    };

    /// <summary>Objects in an array.</summary>
    public IEnumerable<AnnotationLine> Objects(string name)
        => Member(name) is { ValueKind: JsonValueKind.Array } value ? value.EnumerateArray().Select(Of) : throw Expected(name, "an array of objects");

    /// <summary>Whole numbers from 0 in an array.</summary>
    public IEnumerable<int> Numbers(string name)
        => Member(name) is { ValueKind: JsonValueKind.Array } value
            ? value.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.Number && item.TryGetInt32(out int number) && number >= 0 ? number : throw Expected(name, "an array of whole numbers from 0"))
            : throw Expected(name, "an array of whole numbers from 0");

    /// <summary>An object as it is written.</summary>
    public string Raw(string name) => Member(name) is { ValueKind: JsonValueKind.Object } value ? value.GetRawText() : throw Expected(name, "an object");

    /// <summary>Refuses members that were not asked for.</summary>
    /// <exception cref="FormatException">There is one.</exception>
    public void RequireNoMore()
    {
        foreach (JsonProperty member in _line.EnumerateObject())
        {
            if (!_asked.Contains(member.Name))
            {
                throw new FormatException($"'{member.Name}' is no member of such a line");
            }
        }
    }

    private static AnnotationLine Of(JsonElement element)
        => element.ValueKind == JsonValueKind.Object ? new AnnotationLine(element) : throw new FormatException("a JSON object is expected");

    private JsonElement Member(string name)
    {
        _asked.Add(name);
        return _line.TryGetProperty(name, out JsonElement value) ? value : throw Expected(name, "a value");
    }

    private static FormatException Expected(string name, string what) => new($"'{name}': {what} is expected");
}
