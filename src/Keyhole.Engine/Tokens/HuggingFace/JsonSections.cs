using System.Text.Json;

namespace Keyhole.Engine.Tokens.HuggingFace;

/// <summary>A tokenizer.json in two parts: its small sections as elements, its vocabulary and merges (most of the bytes) as places in the file.</summary>
internal sealed class JsonSections
{
    private readonly byte[] _json;
    private readonly Dictionary<string, JsonElement> _sections = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JsonElement> _modelFields = new(StringComparer.Ordinal);
    private int _vocabularyStart;
    private int _vocabularyLength;
    private int _mergesStart;
    private int _mergesLength;

    private JsonSections(string file, byte[] json)
    {
        File = file;
        _json = json;
    }

    public string File { get; }

    /// <summary>A section; one that is missing is null.</summary>
    public JsonPart Section(string name) => new(File, name, _sections.GetValueOrDefault(name));

    /// <summary>A field of the model that is no table; one that is missing is null.</summary>
    public JsonPart ModelField(string name) => new(File, $"model.{name}", _modelFields.GetValueOrDefault(name));

    /// <summary>JSON of the model's vocabulary; empty where it has none.</summary>
    public ReadOnlySpan<byte> Vocabulary => _json.AsSpan(_vocabularyStart, _vocabularyLength);

    /// <summary>JSON of the model's merges; empty where it has none.</summary>
    public ReadOnlySpan<byte> Merges => _json.AsSpan(_mergesStart, _mergesLength);

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
        catch (InvalidOperationException exception)
        {
            throw TokenErrors.Unreadable(file, "a name in it is no text.", exception);
        }

        return sections;
    }

    private void Read()
    {
        var reader = new Utf8JsonReader(_json, new JsonReaderOptions { MaxDepth = 64 });
        reader.Read();
        Expect(reader.TokenType == JsonTokenType.StartObject, "the file", "an object");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            if (name == "model")
            {
                ReadModel(ref reader);
            }
            else
            {
                reader.Read();
                _sections[name] = JsonElement.ParseValue(ref reader);
            }
        }

        while (reader.Read())
        {
            // Only white space may follow; the reader throws for anything else.
        }
    }

    private void ReadModel(ref Utf8JsonReader reader)
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
                (int, int) place = (start, length);
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
                _modelFields[name] = JsonElement.ParseValue(ref reader);
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
