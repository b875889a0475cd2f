using System.Text;
using System.Text.Json;

namespace Keyhole.Corpora;

/// <summary>Finds the text of one JSON record, an object with a text field or a string.</summary>
internal sealed class JsonRecord
{
    private const int MaxDepth = 256;
    private const int MaxNamesShown = 20;

    private readonly string _file;
    private readonly string _field;
    private readonly string[] _path;
    private char[] _decoded = new char[1024];

    public JsonRecord(string file, string field)
    {
        _file = file;
        _field = field;
        _path = field.Split('.');
    }

    /// <summary>Reads the text of a record; a null field is an empty text.</summary>
    /// <param name="json">The record and nothing else.</param>
    /// <param name="offset">Position of its first byte in the decompressed file.</param>
    /// <param name="line">Its line, for messages.</param>
    public RecordText Read(ReadOnlyMemory<byte> json, long offset, long line)
    {
        Value found;
        try
        {
            found = Find(json.Span);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw CorpusRefusal.BadRecord(_file, line, $"this is not valid JSON: {Reason(e)} Each line has to hold one whole JSON object or string.");
        }

        return found.Token switch
        {
            JsonTokenType.String => Decode(json.Slice(found.Start, found.Length), offset + found.Start),
            JsonTokenType.Null => new RecordText("", offset + found.Start, json[..0], RawEscapes.None),
            JsonTokenType.None => throw CorpusRefusal.NoTextField(_file, line, _field, Names(json.Span)),
            _ when found.IsRecord => throw CorpusRefusal.BadRecord(_file, line, $"a record is {Describe(found.Token)}; expected an object with the text field '{_field}', or a string."),
            _ => throw CorpusRefusal.BadRecord(_file, line, $"the text field '{_field}' is {Describe(found.Token)}; expected a string. Name another with --text-field."),
        };
    }

    private Value Find(ReadOnlySpan<byte> json)
    {
        Utf8JsonReader reader = NewReader(json);
        reader.Read();
        Value found = default;
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            FindIn(ref reader, 0, ref found);
        }
        else
        {
            found = ValueAt(ref reader) with { IsRecord = true };
            reader.Skip();
        }

        reader.Read();   // throws on anything after the record
        return found;
    }

    /// <summary>Walks one object. A field whose whole name is the path goes before a nested one; of equal names the last counts.</summary>
    private void FindIn(ref Utf8JsonReader reader, int depth, ref Value found)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            bool whole = depth == 0 && reader.ValueTextEquals(_field);
            bool step = reader.ValueTextEquals(_path[depth]);
            reader.Read();
            if (whole || (step && depth == _path.Length - 1 && !found.IsWhole))
            {
                found = ValueAt(ref reader) with { IsWhole = whole };
                reader.Skip();
            }
            else if (step && depth < _path.Length - 1 && reader.TokenType == JsonTokenType.StartObject)
            {
                FindIn(ref reader, depth + 1, ref found);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private static Value ValueAt(ref Utf8JsonReader reader)
    {
        int start = (int)reader.TokenStartIndex + (reader.TokenType == JsonTokenType.String ? 1 : 0);
        return new Value(reader.TokenType, start, reader.ValueSpan.Length, false, false);
    }

    private static Utf8JsonReader NewReader(ReadOnlySpan<byte> json) => new(json, new JsonReaderOptions { MaxDepth = MaxDepth });

    /// <summary>The string that raw bytes spell. An unpaired surrogate, which no text can hold, becomes U+FFFD.</summary>
    private RecordText Decode(ReadOnlyMemory<byte> raw, long offset)
    {
        ReadOnlySpan<byte> bytes = raw.Span;
        int escape = bytes.IndexOf((byte)'\\');
        if (escape < 0) return new RecordText(Encoding.UTF8.GetString(bytes), offset, raw, RawEscapes.None);
        if (_decoded.Length < bytes.Length) _decoded = new char[Math.Max(bytes.Length, 2 * _decoded.Length)];
        int count = 0;
        while (escape >= 0)
        {
            count += Encoding.UTF8.GetChars(bytes[..escape], _decoded.AsSpan(count));
            bool unicode = bytes[escape + 1] == 'u';
            _decoded[count++] = unicode ? (char)Hex(bytes.Slice(escape + 2, 4)) : Simple(bytes[escape + 1]);
            bytes = bytes[(escape + (unicode ? 6 : 2))..];
            escape = bytes.IndexOf((byte)'\\');
        }

        count += Encoding.UTF8.GetChars(bytes, _decoded.AsSpan(count));
        Span<char> text = _decoded.AsSpan(0, count);
        ReplaceUnpaired(text);
        return new RecordText(text.ToString(), offset, raw, RawEscapes.Json);
    }

    private static void ReplaceUnpaired(Span<char> text)
    {
        for (int i = text.IndexOfAnyInRange('\uD800', '\uDFFF'); i >= 0 && i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1])) i++;
            else text[i] = '\uFFFD';
        }
    }

    private static char Simple(byte escaped) => escaped switch
    {
        (byte)'n' => '\n',
        (byte)'t' => '\t',
        (byte)'r' => '\r',
        (byte)'b' => '\b',
        (byte)'f' => '\f',
        _ => (char)escaped,
    };

    private static int Hex(ReadOnlySpan<byte> digits)
    {
        int value = 0;
        foreach (byte digit in digits) value = (value << 4) | (digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
        return value;
    }

    private static string Names(ReadOnlySpan<byte> json)
    {
        List<string> names = [];
        Utf8JsonReader reader = NewReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = Encoding.UTF8.GetString(reader.ValueSpan);
            names.Add($"'{(name.Length > 40 ? string.Concat(name.AsSpan(0, 40), "...") : name)}'");
            reader.Read();
            reader.Skip();
        }

        return names.Count == 0 ? "none at all" : string.Join(", ", names.Take(MaxNamesShown)) + (names.Count > MaxNamesShown ? " and more" : "");
    }

    private static string Reason(Exception e)
    {
        // The library's sentence, without the position it adds: the line stands in front, and its own counts from the record.
        string message = e.Message;
        int position = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return position < 0 ? message : message[..position];
    }

    private static string Describe(JsonTokenType token) => token switch
    {
        JsonTokenType.Number => "a number",
        JsonTokenType.True or JsonTokenType.False => "true or false",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.StartObject => "an object",
        _ => "null",
    };

    /// <summary>A value within the record: its token and the bytes that spell it.</summary>
    private readonly record struct Value(JsonTokenType Token, int Start, int Length, bool IsWhole, bool IsRecord);
}
