using System.Text.Json.Nodes;

namespace Keyhole.Reports.Figures;

/// <summary>Colours that people with any colour vision tell apart (Okabe and Ito 2008), the same thing in the same colour everywhere.</summary>
internal static class Palette
{
    /// <summary>This model's main figure.</summary>
    public const string Blue = "#0072B2";

    /// <summary>What follows: the target, the last token.</summary>
    public const string Vermilion = "#D55E00";

    /// <summary>What was just read: the current token.</summary>
    public const string Green = "#009E73";

    /// <summary>Of another kind.</summary>
    public const string Purple = "#AA4499";

    /// <summary>Of another kind.</summary>
    public const string Orange = "#E69F00";

    /// <summary>Of another kind.</summary>
    public const string Sky = "#56B4E9";

    /// <summary>Of another kind.</summary>
    public const string Brown = "#8C6D31";

    /// <summary>Nulls and chance.</summary>
    public const string Grey = "#767676";

    /// <summary>Series and their colours as parameters of a template.</summary>
    public static Dictionary<string, JsonNode> Series(params (string Name, string Colour)[] series) => new()
    {
        ["series"] = new JsonArray([.. series.Select(one => (JsonNode)JsonValue.Create(one.Name))]),
        ["colours"] = new JsonArray([.. series.Select(one => (JsonNode)JsonValue.Create(one.Colour))]),
        ["references"] = new JsonArray(),
        ["part"] = "top(o) is of",
        ["scale"] = new JsonObject(),
        ["axis"] = new JsonObject(),
    };

    /// <summary>Dashed lines with their labels.</summary>
    public static JsonArray References(params (double At, string Label)[] lines)
        => [.. lines.Where(line => double.IsFinite(line.At)).Select(line => (JsonNode)new JsonObject { ["at"] = line.At, ["label"] = line.Label })];
}
