using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Keyhole.Cli;

/// <summary>What goes to standard error with <c>--log-json</c>: one JSON object a line (docs/formats/results.md).</summary>
/// <param name="writer">Standard error.</param>
/// <param name="clock">Tells the time of each line.</param>
internal sealed class EventLines(TextWriter writer, TimeProvider clock)
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly Lock _gate = new();

    /// <summary>Writes a line: <c>time</c>, <c>event</c>, and the event's own members. From any thread.</summary>
    /// <param name="name">The value of <c>event</c>.</param>
    /// <param name="writeMembers">Writes the other members.</param>
    public void Write(string name, Action<Utf8JsonWriter> writeMembers)
    {
        var line = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(line, Options))
        {
            json.WriteStartObject();
            json.WriteString("time", clock.GetUtcNow());
            json.WriteString("event", name);
            writeMembers(json);
            json.WriteEndObject();
        }

        lock (_gate)
        {
            writer.Write(Encoding.UTF8.GetString(line.WrittenSpan) + "\n");
        }
    }
}
