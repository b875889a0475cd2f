using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;
using Keyhole.Exports;

namespace Keyhole.Web.Serving;

/// <summary>How answers are written as JSON: names in camel case, numbers that are not finite as null; a request with a member that is not known is refused.</summary>
internal static class AnswerJson
{
    private const int MostDepth = 16;

    /// <summary>For files: any letters as they are, but nothing that ends a script element or begins markup.</summary>
    public static JsonSerializerOptions ForFiles { get; } = ForFile();

    /// <summary>Changes options to these rules.</summary>
    public static void Adapt(JsonSerializerOptions json)
    {
        json.Converters.Add(new FiniteDoubles());
        json.Converters.Add(new FiniteSingles());
        json.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        json.MaxDepth = MostDepth;
    }

    private static JsonSerializerOptions ForFile()
    {
        var json = new JsonSerializerOptions(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };
        Adapt(json);
        json.MakeReadOnly(populateMissingResolver: true);
        return json;
    }
}
