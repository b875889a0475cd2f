using System.Text.Json;
using Keyhole.Engine;

namespace Keyhole.Composition;

/// <summary>Reads a list of prefixes: one JSON object a line with <c>unit</c> and <c>position</c>; other fields are passed over, so are blank lines.</summary>
internal static class PrefixFile
{
    /// <summary>One line.</summary>
    /// <param name="Line">Its number, from 1.</param>
    /// <param name="Unit">Number of the text, from 0.</param>
    /// <param name="Position">Last position of the prefix, from 0.</param>
    public readonly record struct Entry(int Line, int Unit, int Position);

    /// <summary>The lines in order.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InputRefusedException">KH5301: the file is missing or empty, or a line names no prefix or one that another line named.</exception>
    public static IReadOnlyList<Entry> Read(string path)
    {
        var entries = new List<Entry>();
        var lines = new Dictionary<(int, int), int>();
        int number = 0;
        foreach (string line in Lines(path))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
            {
                continue;
            }

            Entry entry = Parse(path, number, line);
            if (!lines.TryAdd((entry.Unit, entry.Position), number))
            {
                throw new InputRefusedException("KH5301", $"{path}, line {number}: unit {entry.Unit}, position {entry.Position} stands in line {lines[(entry.Unit, entry.Position)]} already; each prefix counts once.");
            }

            entries.Add(entry);
        }

        return entries.Count > 0 ? entries : throw new InputRefusedException("KH5301", $"{path}: names no prefix; write one a line, such as {{\"unit\": 12, \"position\": 5}}.");
    }

    private static string[] Lines(string path)
    {
        if (!File.Exists(path))
        {
            throw new InputRefusedException("KH5301", $"{path}: no such file. --prefixes takes a JSONL file of unit and position.");
        }

        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new InputRefusedException("KH5301", $"{path}: cannot be read ({cause.Message.TrimEnd('.')}).", cause);
        }
    }

    private static Entry Parse(string path, int number, string line)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(line);
            return json.RootElement.ValueKind == JsonValueKind.Object
                ? new Entry(number, Number(json.RootElement, "unit"), Number(json.RootElement, "position"))
                : throw Bad($"a {json.RootElement.ValueKind.ToString().ToLowerInvariant()}");
        }
        catch (Exception cause) when (cause is JsonException or InvalidOperationException)   // the latter: escapes that are no text
        {
            throw Bad("no JSON");
        }

        int Number(JsonElement entry, string name) => entry.TryGetProperty(name, out JsonElement value)
            ? value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int found) && found >= 0 ? found : throw Bad($"'{name}' is {value.GetRawText()}, no whole number from 0")
            : throw Bad($"'{name}' is missing");

        InputRefusedException Bad(string found) => new("KH5301", $"{path}, line {number}: {found}; expected an object such as {{\"unit\": 12, \"position\": 5}}, both counted from 0.");
    }
}
