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
/// <param name="BrokenOff">One sentence for each part that broke off.</param>
internal sealed record FigureFile(string Machine, string Commit, DateOnly Date, bool Quick, IReadOnlyList<Figure> Figures, IReadOnlyList<string> LeftOut, IReadOnlyList<string> BrokenOff)
{
    private const int SchemaVersion = 1;
    private const string DateFormat = "yyyy-MM-dd";
    private const long MostBytes = 16 << 20;   // a run writes some tens of kilobytes

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
        Write(json, "leftOut", LeftOut);
        Write(json, "brokenOff", BrokenOff);
        json.WriteEndObject();
    }

    /// <summary>Reads a file that <see cref="Write(string)"/> wrote.</summary>
    /// <exception cref="BenchmarkFailedException">It is another file.</exception>
    public static FigureFile Read(string path)
    {
        if (new FileInfo(path).Length > MostBytes)
        {
            throw Other(path, "it is larger than any run writes.");
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
            return Read(path, document.RootElement);
        }
        catch (Exception failure) when (failure is JsonException or FormatException or InvalidOperationException)
        {
            throw Other(path, failure.Message, failure);
        }
    }

    private static FigureFile Read(string path, JsonElement root)
    {
        int version = Property(root, "schemaVersion").GetInt32();
        return version != SchemaVersion
            ? throw Other(path, string.Create(CultureInfo.InvariantCulture, $"its schemaVersion is {version}, and this program reads {SchemaVersion}."))
            : new FigureFile(
                Text(root, "machine"),
                Text(root, "commit"),
                DateOnly.ParseExact(Text(root, "date"), DateFormat, CultureInfo.InvariantCulture),
                Property(root, "quick").GetBoolean(),
                [.. Property(root, "figures").EnumerateArray().Select(Figure)],
                Sentences(Property(root, "leftOut")),
                root.TryGetProperty("brokenOff", out JsonElement brokenOff) ? Sentences(brokenOff) : []);   // not in the first files of version 1
    }

    private static BenchmarkFailedException Other(string path, string why, Exception? cause = null) => new($"'{path}' is no file that benchmarks/run --json wrote: {why}", cause);

    private static void Write(Utf8JsonWriter json, string name, IEnumerable<string> sentences)
    {
        json.WriteStartArray(name);
        foreach (string sentence in sentences)
        {
            json.WriteStringValue(sentence);
        }

        json.WriteEndArray();
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

    // What is measured and not finite is null: a ratio that is none is not a ratio that was not measured.
    private static void Write(Utf8JsonWriter json, string name, double? number)
    {
        if (number is { } given && double.IsFinite(given))
        {
            json.WriteNumber(name, given);
        }
        else if (number is not null)
        {
            json.WriteNull(name);
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

    private static string Text(JsonElement json, string name) => String(Property(json, name));

    private static JsonElement Property(JsonElement json, string name) => json.TryGetProperty(name, out JsonElement found) ? found : throw new FormatException($"'{name}' is missing.");

    private static string String(JsonElement json) => json.GetString() ?? throw new FormatException("null stands where a text belongs.");

    private static IReadOnlyList<string> Sentences(JsonElement json) => [.. json.EnumerateArray().Select(String)];

    private static double? Number(JsonElement json, string name)
        => !json.TryGetProperty(name, out JsonElement number) ? null
            : number.ValueKind == JsonValueKind.Null ? double.NaN
            : number.GetDouble();
}
