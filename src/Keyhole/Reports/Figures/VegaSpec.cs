using System.Text.Json.Nodes;

namespace Keyhole.Reports.Figures;

/// <summary>Fills a figure's template: data, configuration and the values that its placeholders <c>"@name"</c> stand for.</summary>
internal static class VegaSpec
{
    /// <summary>The specification of a figure.</summary>
    /// <exception cref="KeyNotFoundException">A placeholder has no value.</exception>
    public static JsonObject Create(Figure figure)
    {
        JsonObject spec = JsonNode.Parse(ReportResource.Text($"figures/{figure.Template}.vl.json"))!.AsObject();
        DropIdleLayers(spec, figure);
        Fill(spec, figure.Parameters);
        spec["$schema"] = "https://vega.github.io/schema/vega-lite/v6.json";   // a name, never fetched
        spec["description"] = figure.Title;
        spec["data"] = new JsonObject { ["values"] = figure.Table.ToJson() };
        spec["config"] = JsonNode.Parse(ReportResource.Text("figures/theme.json"));
        return spec;
    }

    // A layer that names what it needs ("needs": a column, or the references) goes where there is none of it: Vega warns of an empty one.
    private static void DropIdleLayers(JsonObject spec, Figure figure)
    {
        if (spec["layer"] is not JsonArray layers)
        {
            return;
        }

        foreach (JsonObject layer in layers.OfType<JsonObject>().ToArray())
        {
            if (layer.Remove("needs", out JsonNode? needed) && !Has(figure, needed!.GetValue<string>()))
            {
                layers.Remove(layer);
            }
        }
    }

    private static bool Has(Figure figure, string needed)
    {
        if (figure.Parameters.TryGetValue(needed, out JsonNode? list))
        {
            return list is JsonArray { Count: > 0 };
        }

        int column = figure.Table.Columns.Index().First(candidate => candidate.Item == needed).Index;
        return figure.Table.Rows.Any(row => row[column] is not null);
    }

    private static void Fill(JsonNode node, IReadOnlyDictionary<string, JsonNode> parameters)
    {
        switch (node)
        {
            case JsonObject members:
                foreach ((string name, JsonNode? member) in members.ToArray())
                {
                    members[name] = Replacement(member, parameters);
                }

                break;
            case JsonArray items:
                for (int i = 0; i < items.Count; i++)
                {
                    items[i] = Replacement(items[i], parameters);
                }

                break;
        }
    }

    private static JsonNode? Replacement(JsonNode? node, IReadOnlyDictionary<string, JsonNode> parameters)
    {
        if (node is JsonValue value && value.TryGetValue(out string? text) && text.StartsWith('@'))
        {
            return parameters[text[1..]].DeepClone();
        }

        if (node is not null)
        {
            Fill(node, parameters);
        }

        return node?.DeepClone();
    }
}
