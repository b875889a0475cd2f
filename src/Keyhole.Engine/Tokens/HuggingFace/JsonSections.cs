using System.Text.Json;

namespace Keyhole.Engine.Tokens.HuggingFace;

/// <summary>A tokenizer.json in two parts: its small sections as elements, its vocabulary and merges (most of the bytes) as places in the file.</summary>
internal sealed class JsonSections
{
    private readonly byte[] _json;

    private JsonSections(string file, byte[] json)
    {
        File = file;
        _json = json;
    }

    public string File { get; }

    /// <summary>All sections but the model's tables.</summary>
    public JsonPart Root { get; private set; }

    /// <summary>The model's own fields, without its tables.</summary>
    public JsonPart Model { get; private set; }

    /// <summary>JSON of the model's vocabulary; empty where it has none.</summary>
    public ReadOnlySpan<byte> Vocabulary => _json.AsSpan(_vocabularyStart, _vocabularyLength);

    /// <summary>JSON of the model's merges; empty where it has none.</summary>
    public ReadOnlySpan<byte> Merges => _json.AsSpan(_mergesStart, _mergesLength);

    private int _vocabularyStart;
    private int _vocabularyLength;
    private int _mergesStart;
    private int _mergesLength;

    public static JsonSections Read(string file, byte[] json)
    {
        var sections = new JsonSections(file, json);
        try
        {
            sections.Read();
        }
        catch (JsonException exception)
        {
            throw TokenErrors.Unreadable(file, $"it is no whole JSON file (line {exception.LineNumber + 1}).", exception);
        }

        return sections;
    }

    private void Read()
    {
        ReadOnlySpan<byte> json = _json;
        int skip = json.StartsWith("\uFEFF"u8) ? 3 : 0;
        var reader = new Utf8JsonReader(json[skip..], new JsonReaderOptions { MaxDepth = 64 });
        var root = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        var model = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        reader.Read();
        Expect(reader.TokenType == JsonTokenType.StartObject, "the file", "an object");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            if (name == "model")
            {
                ReadModel(ref reader, skip, model);
            }
            else
            {
                reader.Read();
                root[name] = JsonElement.ParseValue(ref reader);
            }
        }

        while (reader.Read())
        {
            // Only white space may follow; the reader throws for anything else.
        }

        Root = new JsonPart(File, "", JsonSerializer.SerializeToElement(root));
        Model = new JsonPart(File, "model", JsonSerializer.SerializeToElement(model));
    }

    private void ReadModel(ref Utf8JsonReader reader, int skip, Dictionary<string, JsonElement> model)
    {
        reader.Read();
        Expect(reader.TokenType == JsonTokenType.StartObject, "model", "an object");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            reader.Read();
            bool table = reader.TokenType is JsonTokenType.StartArray or JsonTokenType.StartObject;
            if (table && name is "vocab" or "merges")
            {
                int start = (int)reader.TokenStartIndex;
                reader.Skip();
                int length = (int)reader.BytesConsumed - start;
                (int, int) place = (start + skip, length);
                if (name == "vocab")
                {
                    (_vocabularyStart, _vocabularyLength) = place;
                }
                else
                {
                    (_mergesStart, _mergesLength) = place;
                }
            }
            else
            {
                model[name] = JsonElement.ParseValue(ref reader);
            }
        }
    }

    private void Expect(bool holds, string field, string expected)
    {
        if (!holds)
        {
            throw TokenErrors.Field(File, field, "something else", expected);
        }
    }
}
