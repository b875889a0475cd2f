using System.Text.Json;

namespace Keyhole.Engine.Tokens.HuggingFace;

/// <summary>An element of a JSON file that knows its file and field, so that every complaint names them.</summary>
internal readonly record struct JsonPart(string File, string Field, JsonElement Element)
{
    public bool IsNull => Element.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined;

    public bool IsArray => Element.ValueKind == JsonValueKind.Array;

    public bool IsObject => Element.ValueKind == JsonValueKind.Object;

    public bool IsText => Element.ValueKind == JsonValueKind.String;

    public bool IsNumber => Element.ValueKind == JsonValueKind.Number;

    /// <summary>A member; one that is missing is null.</summary>
    public JsonPart this[string name]
    {
        get
        {
            if (!IsObject)
            {
                throw Refuse("an object");
            }

            return new JsonPart(File, Field.Length == 0 ? name : $"{Field}.{name}", Element.TryGetProperty(name, out JsonElement member) ? member : default);
        }
    }

    public string Text() => IsText ? ReadText(Element) : throw Refuse("a string");

    public string Text(string whenMissing) => IsNull ? whenMissing : Text();

    public bool Flag(bool whenMissing) => Element.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => IsNull ? whenMissing : throw Refuse("true or false"),
    };

    public int Integer(int least = 0, int most = int.MaxValue) =>
        IsNumber && Element.TryGetInt32(out int value) && value >= least && value <= most ? value : throw Refuse($"an integer from {least} to {most}");

    public IEnumerable<JsonPart> Items()
    {
        if (!IsArray)
        {
            throw Refuse("an array");
        }

        (string file, string field) = (File, Field);
        return Element.EnumerateArray().Select((item, index) => new JsonPart(file, $"{field}[{index}]", item));
    }

    public InputRefusedException Refuse(string expected)
    {
        string found = Element.ValueKind switch
        {
            JsonValueKind.Undefined => "missing",
            JsonValueKind.Array => "an array",
            JsonValueKind.Object => "an object",
            _ => Shorten(Element.GetRawText()),
        };
        return TokenErrors.Field(File, Field.Length == 0 ? "the file" : Field, found, expected);
    }

    /// <summary>A JSON string may hold half a surrogate pair, which is no text.</summary>
    private string ReadText(JsonElement element)
    {
        try
        {
            return element.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Refuse("a string of whole characters");
        }
    }

    private static string Shorten(string text) => text.Length > 60 ? text[..60] + "..." : text;
}
