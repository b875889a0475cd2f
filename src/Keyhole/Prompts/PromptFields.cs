using System.Collections.Immutable;
using System.Text.Json;
using Keyhole.Engine;

namespace Keyhole.Prompts;

/// <summary>Fields of one JSON object of a file of prompts.</summary>
internal readonly struct PromptFields
{
    private const int LongestShown = 300;
    private readonly JsonElement _fields;
    private readonly string _at;

    /// <param name="fields">The object.</param>
    /// <param name="at">Where it stands, for messages.</param>
    /// <exception cref="InputRefusedException">KH5305: it is no object.</exception>
    public PromptFields(JsonElement fields, string at)
    {
        (_fields, _at) = (fields, at);
        if (fields.ValueKind != JsonValueKind.Object)
        {
            throw Bad($"a {fields.ValueKind.ToString().ToLowerInvariant()} where an object is expected");
        }
    }

    /// <summary>A text that must be there and not blank.</summary>
    public string Required(string name) => Optional(name) is { } text && !string.IsNullOrWhiteSpace(text) ? text : throw Bad($"'{name}' is missing or blank");

    /// <summary>A text, or null.</summary>
    public string? Optional(string name)
    {
        if (!_fields.TryGetProperty(name, out JsonElement value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        return Text(value) ?? throw Bad($"'{name}' is {value.GetRawText()}, no string");
    }

    /// <summary>A list of texts, empty where it is missing.</summary>
    public ImmutableArray<string> List(string name)
    {
        PromptFields self = this;
        return [.. Elements(name).Select(element => Text(element) is { } text && !string.IsNullOrWhiteSpace(text) ? text : throw self.Bad($"'{name}' holds {element.GetRawText()}, no word"))];
    }

    /// <summary>A list of objects, empty where it is missing.</summary>
    public IEnumerable<PromptFields> Objects(string name)
    {
        string at = _at;
        return Elements(name).Select((element, i) => new PromptFields(element, $"{at}, {name}[{i}]"));
    }

    /// <summary>A refusal that says where.</summary>
    public InputRefusedException Bad(string found)
        => new("KH5305", $"{_at}: {Shortened(found)}. A prompt is an object with the strings prompt, answer and set, and optionally subject, competitors and associates (lists of strings); a relation has prompt_templates with {{}} and samples of subject and object.");

    // Null where it is no string, or holds half a surrogate pair, which is no text.
    private static string? Text(JsonElement element)
    {
        try
        {
            return element.ValueKind == JsonValueKind.String ? element.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    // What a file holds may be as long as the file.
    private static string Shortened(string text) => text.Length > LongestShown ? string.Concat(text.AsSpan(0, LongestShown), "...") : text;

    private JsonElement[] Elements(string name)
    {
        if (!_fields.TryGetProperty(name, out JsonElement value) || value.ValueKind == JsonValueKind.Null)
        {
            return [];
        }

        return value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : throw Bad($"'{name}' is no list");
    }
}
