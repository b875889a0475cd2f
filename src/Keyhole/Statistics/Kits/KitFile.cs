using System.Text.Json;
using Keyhole.Engine;

namespace Keyhole.Statistics.Kits;

/// <summary>A file of cases in the form of the reference data's <c>statistics/cases.json</c>: an object with an array <c>cases</c>, each an object with a <c>kind</c>.</summary>
public static class KitFile
{
    /// <summary>Larger files are refused unread.</summary>
    public const long LargestBytes = 256L << 20;

    private static readonly JsonDocumentOptions s_options = new() { MaxDepth = 8, AllowDuplicateProperties = false };

    /// <summary>Takes the inputs of every case and writes <c>{"cases": [...]}</c> with this program's own results, in the same order; the results that the file may hold are not looked at.</summary>
    /// <param name="path">The file.</param>
    /// <param name="json">Where the results go.</param>
    /// <param name="stop">Ends between two cases.</param>
    /// <exception cref="InputRefusedException">The file is no such kit; nothing is said of the other cases then.</exception>
    public static void Answer(string path, Utf8JsonWriter json, CancellationToken stop)
    {
        using JsonDocument document = Read(path);
        if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("cases", out JsonElement cases) || cases.ValueKind != JsonValueKind.Array)
        {
            throw Refused(path, "it is no object with an array 'cases'");
        }

        json.WriteStartObject();
        json.WriteStartArray("cases");
        int number = 0;
        foreach (JsonElement element in cases.EnumerateArray())
        {
            stop.ThrowIfCancellationRequested();
            KitCase one = new(element, $"'{path}': case {number}");
            json.WriteStartObject();
            json.WriteString("kind", one.Kind);
            if (one.Name is { } name)
            {
                json.WriteString("name", name);
            }

            KitMeasures.Write(one, json);
            json.WriteEndObject();
            number++;
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static JsonDocument Read(string path)
    {
        byte[] bytes;
        using (FileStream stream = File.OpenRead(path))
        {
            if (stream.Length > LargestBytes)
            {
                throw Refused(path, $"it has {stream.Length} bytes, more than the {LargestBytes} that are read");
            }

            bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
        }

        try
        {
            return JsonDocument.Parse(bytes.AsSpan().StartsWith("\uFEFF"u8) ? bytes.AsMemory(3) : bytes, s_options);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)   // the latter: escapes that are no text
        {
            throw Refused(path, $"its JSON cannot be read: {error.Message.TrimEnd('.')}", error);
        }
    }

    private static InputRefusedException Refused(string path, string what, Exception? error = null)
        => new("KH7601", $"'{path}' is no file of statistical cases: {what}. Expected is an object like {{\"cases\": [{{\"kind\": \"moments\", \"values\": [1, 2, 4]}}]}}.", error);
}
