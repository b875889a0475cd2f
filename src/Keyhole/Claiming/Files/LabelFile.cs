using System.Globalization;
using System.Text.Json;
using Keyhole.Engine;

namespace Keyhole.Claiming.Files;

/// <summary>Labels of units or positions from a JSONL file: a line is <c>{"unit": 12, "label": "fr"}</c>, or with <c>"position"</c> of one position alone.</summary>
internal sealed class LabelFile
{
    /// <summary>The position that stands for all of a unit.</summary>
    public const int Everywhere = -1;

    private const int LongestLine = 1 << 16;
    private const string Form = "write one object a line, with 'unit', 'label' and, where it is of one position, 'position'; units and positions count from 0";

    private readonly Dictionary<string, Dictionary<int, List<int>>> _labels = new(StringComparer.Ordinal);

    /// <summary>Reads the labels that claims speak of.</summary>
    /// <param name="path">The file.</param>
    /// <param name="wanted">Labels to keep.</param>
    /// <param name="cancellation">Stops between lines.</param>
    /// <exception cref="InputRefusedException">KH7806: it cannot be read, a line is not understood, or it does not have a label.</exception>
    public static LabelFile Read(string path, IReadOnlyCollection<string> wanted, CancellationToken cancellation)
    {
        var file = new LabelFile();
        foreach (string label in wanted)
        {
            file._labels[label] = [];
        }

        try
        {
            using var reader = new StreamReader(path);
            char[] buffer = new char[LongestLine];
            int kept = 0;
            int number = 0;
            for (int read = 1; read > 0;)
            {
                cancellation.ThrowIfCancellationRequested();
                read = reader.Read(buffer, kept, buffer.Length - kept);
                int end = kept + read;
                int from = 0;
                for (int at; (at = buffer.AsSpan(from, end - from).IndexOf('\n')) >= 0; from += at + 1)
                {
                    file.Add(path, ++number, new string(buffer, from, at));
                }

                buffer.AsSpan(from, end - from).CopyTo(buffer);
                kept = end - from;
                if (kept == buffer.Length)
                {
                    throw Refused(path, number + 1, $"the line is longer than {LongestLine} characters");
                }
            }

            file.Add(path, number + 1, new string(buffer, 0, kept));
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new InputRefusedException("KH7806", $"{path}: the labels cannot be read ({cause.Message.TrimEnd('.')}).", cause);
        }

        string? missing = wanted.FirstOrDefault(label => file._labels[label].Count == 0);
        return missing is null ? file : throw new InputRefusedException("KH7806", $"{path}: no line has the label '{ClaimFields.Shortened(missing)}', which a claim speaks of.");
    }

    /// <summary>Positions of a unit that have a label, <see cref="Everywhere"/> for all of them; null for none.</summary>
    public IReadOnlyList<int>? Positions(string label, int unit) => _labels[label].GetValueOrDefault(unit);

    private void Add(string path, int number, string line)
    {
        if (string.IsNullOrWhiteSpace(line))
        {
            return;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("label", out JsonElement label) || label.ValueKind != JsonValueKind.String)
            {
                throw Refused(path, number, "no object with a text 'label' stands here");
            }

            int unit = Whole("unit") ?? throw Refused(path, number, "'unit' is missing");
            int position = Whole("position") ?? Everywhere;
            if (_labels.TryGetValue(label.GetString()!, out Dictionary<int, List<int>>? units))
            {
                if (!units.TryGetValue(unit, out List<int>? positions))
                {
                    units[unit] = positions = [];
                }

                positions.Add(position);
            }

            int? Whole(string name) => !root.TryGetProperty(name, out JsonElement field) ? null
                : field.ValueKind == JsonValueKind.Number && field.TryGetInt32(out int value) && value >= 0 ? value
                : throw Refused(path, number, $"'{name}' is {ClaimFields.Shortened(field.GetRawText())}, a whole number from 0 is expected");
        }
        catch (Exception cause) when (cause is JsonException or InvalidOperationException)   // the latter: escapes that are no text
        {
            throw Refused(path, number, $"this is no JSON ({cause.Message.TrimEnd('.')})", cause);
        }
    }

    private static InputRefusedException Refused(string path, int line, string why, Exception? cause = null)
        => new("KH7806", string.Create(CultureInfo.InvariantCulture, $"{path}, line {line}: {why}; {Form}."), cause);
}
