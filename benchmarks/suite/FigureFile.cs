using System.Globalization;
using System.Text.Json;

namespace Keyhole.Benchmarks;

/// <summary>A run's figures as JSON, with the machine and the commit that they belong to.</summary>
/// <param name="Machine">Processor, instruction set, processors, runtime: no name of a host.</param>
/// <param name="Commit">The commit that was measured; a plus sign where files had been changed since.</param>
/// <param name="Date">Day of the run.</param>
/// <param name="Quick">Whether it was a short run.</param>
/// <param name="Figures">In the order they were measured.</param>
/// <param name="LeftOut">One sentence for each thing that was not measured.</param>
internal sealed record FigureFile(string Machine, string Commit, DateOnly Date, bool Quick, IReadOnlyList<Figure> Figures, IReadOnlyList<string> LeftOut)
{
    private const int SchemaVersion = 1;
    private const string DateFormat = "yyyy-MM-dd";

    /// <summary>Writes a file.</summary>
    public void Write(string path)
    {
        using FileStream stream = File.Create(path);
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteNumber("schemaVersion", SchemaVersion);
        json.WriteString("machine", Machine);
        json.WriteString("commit", Commit);
        json.WriteString("date", Date.ToString(DateFormat, CultureInfo.InvariantCulture));
        json.WriteBoolean("quick", Quick);
        json.WriteStartArray("figures");
        foreach (Figure figure in Figures)
        {
            Write(json, figure);
        }

        json.WriteEndArray();
        json.WriteStartArray("leftOut");
        foreach (string sentence in LeftOut)
        {
            json.WriteStringValue(sentence);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Reads a file that <see cref="Write(string)"/> wrote.</summary>
    public static FigureFile Read(string path)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
        JsonElement root = document.RootElement;
        return new FigureFile(
            Text(root, "machine"),
            Text(root, "commit"),
            DateOnly.ParseExact(Text(root, "date"), DateFormat, CultureInfo.InvariantCulture),
            root.GetProperty("quick").GetBoolean(),
            [.. root.GetProperty("figures").EnumerateArray().Select(Figure)],
            [.. root.GetProperty("leftOut").EnumerateArray().Select(sentence => sentence.GetString()!)]);
    }

    private static void Write(Utf8JsonWriter json, Figure figure)
    {
        json.WriteStartObject();
        json.WriteString("part", figure.Part);
        json.WriteString("name", figure.Name);
        Write(json, "value", figure.Value);
        json.WriteString("unit", figure.Unit);
        Write(json, "ratio", figure.Ratio);
        json.WriteString("to", figure.To);
        Write(json, "atLeast", figure.Bar is { IsLeast: true } least ? least.Limit : null);
        Write(json, "atMost", figure.Bar is { IsLeast: false } most ? most.Limit : null);
        if (figure.Ok is { } ok)
        {
            json.WriteBoolean("ok", ok);
        }

        json.WriteString("note", figure.Note);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, double? number)
    {
        if (number is { } given && double.IsFinite(given))
        {
            json.WriteNumber(name, given);
        }
    }

    private static Figure Figure(JsonElement json) => new(Text(json, "part"), Text(json, "name"))
    {
        Value = Number(json, "value"),
        Unit = Text(json, "unit"),
        Ratio = Number(json, "ratio"),
        To = Text(json, "to"),
        Bar = Number(json, "atLeast") is { } least ? Bar.AtLeast(least) : Number(json, "atMost") is { } most ? Bar.AtMost(most) : null,
        Note = Text(json, "note"),
    };

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    private static double? Number(JsonElement json, string name) => json.TryGetProperty(name, out JsonElement number) ? number.GetDouble() : null;
}
