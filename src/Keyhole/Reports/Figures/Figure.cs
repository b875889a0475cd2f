using System.Text.Json.Nodes;

namespace Keyhole.Reports.Figures;

/// <summary>One figure: a Vega-Lite specification with its data, this model's caption and the published shape.</summary>
internal sealed record Figure
{
    /// <summary>Name of its files and anchor, such as <c>fig-03-mutations</c>.</summary>
    public required string Key { get; init; }

    /// <summary>Such as <c>Fig. 3</c>; empty for figures that the paper does not have.</summary>
    public string Number { get; init; } = string.Empty;

    /// <summary>What it shows.</summary>
    public required string Title { get; init; }

    /// <summary>How to read it.</summary>
    public required string Caption { get; init; }

    /// <summary>The published figure in words; empty where there is none.</summary>
    public string Published { get; init; } = string.Empty;

    /// <summary>The section of the analysis that it is drawn from; empty where mining alone is enough.</summary>
    public required string Section { get; init; }

    /// <summary>Whether there is anything to draw.</summary>
    public bool IsDrawn => Table.Rows.Count > 0;

    /// <summary>Its data.</summary>
    public required FigureTable Table { get; init; }

    /// <summary>The specification without data: the embedded template of this name under <c>figures</c>.</summary>
    public required string Template { get; init; }

    /// <summary>The template's placeholders, such as the largest layer, by name.</summary>
    public IReadOnlyDictionary<string, JsonNode> Parameters { get; init; } = new Dictionary<string, JsonNode>();

    /// <summary>The whole specification, its data inline.</summary>
    public JsonObject Spec() => VegaSpec.Create(this);
}
