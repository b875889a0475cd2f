using System.Text.Json;
using Keyhole.ReadWrite;

namespace Keyhole.Exports;

/// <summary>The cosines of a memory's weights in JSON, the same in <c>read-write.jsonl</c> and in <c>keyhole show --json</c>.</summary>
internal static class ReadWriteJson
{
    /// <summary><c>class</c>, <c>atypical</c>, <c>inOut</c> and, of a gated memory, <c>gateOut</c> and <c>gateIn</c>.</summary>
    public static void Write(Utf8JsonWriter json, ReadWriteRecord record)
    {
        if (record.Class is { } known)
        {
            json.WriteString("class", ReadWriteNames.Of(known));
        }
        else
        {
            json.WriteNull("class");
        }

        json.WriteBoolean("atypical", record.IsAtypical);
        MemoryJson.WriteNumber(json, "inOut", record.InOut);
        if (record is { GateOut: { } gateOut, GateIn: { } gateIn })
        {
            MemoryJson.WriteNumber(json, "gateOut", gateOut);
            MemoryJson.WriteNumber(json, "gateIn", gateIn);
        }
    }
}
