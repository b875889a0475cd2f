using System.Buffers;
using System.Text.Json;

namespace Keyhole.Exports;

/// <summary>Writes JSON objects, a line each.</summary>
internal sealed class JsonLineWriter : IDisposable
{
    private readonly Stream _stream;
    private readonly ArrayBufferWriter<byte> _line = new();
    private readonly Utf8JsonWriter _json;

    /// <param name="stream">Where to; it stays open.</param>
    public JsonLineWriter(Stream stream)
    {
        _stream = stream;
        _json = new Utf8JsonWriter(_line, MemoryJson.Options);
    }

    /// <summary>Writes a line.</summary>
    /// <param name="write">Writes the object's members.</param>
    public void Line(Action<Utf8JsonWriter> write)
    {
        _json.WriteStartObject();
        write(_json);
        _json.WriteEndObject();
        _json.Flush();
        _json.Reset();
        _stream.Write(_line.WrittenSpan);
        _stream.WriteByte((byte)'\n');
        _line.ResetWrittenCount();
    }

    /// <inheritdoc/>
    public void Dispose() => _json.Dispose();
}
