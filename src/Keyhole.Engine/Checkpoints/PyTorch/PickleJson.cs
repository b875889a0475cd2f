using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace Keyhole.Engine.Checkpoints.PyTorch;

/// <summary>Values of a pickle as JSON, so that a training script's arguments are read as a configuration is.</summary>
internal static class PickleJson
{
    private const int MostDepth = 32;
    private const int MostValues = 1 << 20;
    private const int LargestBytes = 16 << 20;   // as a config.json's; a pickle can name the same text again and again

    /// <summary>
    /// A dict as a JSON object: None as null, numbers, truth values, strings, lists, dicts. What JSON has no form for becomes a string that no setting
    /// has: NaN and infinities, and objects that are not made, in angle brackets.
    /// </summary>
    /// <exception cref="InputRefusedException">It holds too many values, too long ones, or lists within lists without end.</exception>
    public static JsonElement Convert(string path, PickleDictionary dictionary)
    {
        ArrayBufferWriter<byte> json = new();
        using (Utf8JsonWriter writer = new(json))
        {
            int values = 0;
            Write(writer, dictionary, 0, ref values, path);
        }
        using JsonDocument document = JsonFile.Parse(path, json.WrittenMemory, CheckpointCodes.Malformed);
        return document.RootElement.Clone();
    }

    private static void Write(Utf8JsonWriter writer, object? value, int depth, ref int values, string path)
    {
        if (depth > MostDepth || ++values > MostValues || writer.BytesCommitted + writer.BytesPending + ((value as string)?.Length ?? 0) > LargestBytes)
        {
            throw new InputRefusedException(CheckpointCodes.Malformed, string.Create(CultureInfo.InvariantCulture,
                $"'{path}': the arguments that it keeps hold more than {MostValues} values or {LargestBytes} bytes, or more than {MostDepth} lists within each other; the file is damaged."));
        }
        switch (value)
        {
            case PickleNamespace space: Write(writer, space.Attributes, depth, ref values, path); break;
            case PickleDictionary dictionary:
                writer.WriteStartObject();
                foreach ((string key, object? item) in dictionary.Entries)
                {
                    writer.WritePropertyName(key);
                    Write(writer, item, depth + 1, ref values, path);
                }
                writer.WriteEndObject();
                break;
            case IReadOnlyList<object?> list:   // a tuple or a list
                writer.WriteStartArray();
                foreach (object? item in list)
                {
                    Write(writer, item, depth + 1, ref values, path);
                }
                writer.WriteEndArray();
                break;
            case null: writer.WriteNullValue(); break;
            case bool truth: writer.WriteBooleanValue(truth); break;
            case long number: writer.WriteNumberValue(number); break;
            case BigInteger number: writer.WriteRawValue(number.ToString(CultureInfo.InvariantCulture)); break;
            case double number when double.IsFinite(number): writer.WriteNumberValue(number); break;
            case double number: writer.WriteStringValue(number.ToString(CultureInfo.InvariantCulture)); break;
            case string text: writer.WriteStringValue(text); break;
            case PickleOpaque opaque: writer.WriteStringValue($"<{opaque.Kind}>"); break;
            case PickleGlobal global: writer.WriteStringValue($"<{global.Name}>"); break;
            default: writer.WriteStringValue("<tensor>"); break;
        }
    }
}
