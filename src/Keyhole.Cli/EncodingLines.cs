using System.Text.Encodings.Web;
using System.Text.Json;
using Keyhole.Engine.Tokens;

namespace Keyhole.Cli;

/// <summary>Writes encodings as JSON lines: <c>ids</c>, <c>pieces</c>, <c>offsets</c>, <c>decoded</c>.</summary>
internal sealed class EncodingLines(Tokenizer tokenizer, Stream output) : IDisposable
{
    private static readonly JavaScriptEncoder Escaping = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
    private readonly Utf8JsonWriter _json = new(output, new JsonWriterOptions { Encoder = Escaping });
    private readonly Dictionary<int, JsonEncodedText> _pieces = [];

    /// <summary>Writes one line; special tokens stay in <c>decoded</c>.</summary>
    public void Write(Encoding encoding)
    {
        _json.WriteStartObject();
        _json.WriteStartArray("ids");
        foreach (int id in encoding.Ids)
        {
            _json.WriteNumberValue(id);
        }
        _json.WriteEndArray();
        _json.WriteStartArray("pieces");
        foreach (int id in encoding.Ids)
        {
            _json.WriteStringValue(Piece(id));
        }
        _json.WriteEndArray();
        _json.WriteStartArray("offsets");
        foreach (TokenOffset offset in encoding.Offsets)
        {
            _json.WriteStartArray();
            _json.WriteNumberValue(offset.Start);
            _json.WriteNumberValue(offset.End);
            _json.WriteEndArray();
        }
        _json.WriteEndArray();
        _json.WriteString("decoded", tokenizer.Decode(encoding.Ids));
        _json.WriteEndObject();
        _json.Flush();
        _json.Reset();
        output.WriteByte((byte)'\n');
    }

    /// <inheritdoc/>
    public void Dispose() => _json.Dispose();

    private JsonEncodedText Piece(int id)
    {
        if (!_pieces.TryGetValue(id, out JsonEncodedText piece))
        {
            piece = JsonEncodedText.Encode(tokenizer.Piece(id), Escaping);
            _pieces.Add(id, piece);
        }
        return piece;
    }
}
