using System.Text.Json.Nodes;
using Keyhole.Composition;
using Keyhole.Reports.Contents;
using Keyhole.Statistics;

namespace Keyhole.Reports.Figures;

/// <summary>Refinement and surety: how a prediction forms from layer to layer.</summary>
internal static class RefinementFigures
{
    private const string AxisTitle = "layer (from 0), then the output";

    public static Figure Prefixes(CompositionContent composition)
    {
        const string Target = "the token that follows";
        const string Final = "the final prediction";
        const string Current = "the current token";
        var table = new FigureTable("layer", "series", "q1", "median", "q3", "probability", "n");
        foreach (LayerComposition layer in composition.Layers)
        {
            Add(layer.Layer, layer.TargetRank, layer.FinalRank, layer.CurrentRank);
        }

        Add(composition.Layers.Length, composition.Output.TargetRank, composition.Output.FinalRank, composition.Output.CurrentRank);
        return new Figure
        {
            Key = "refinement-prefixes",
            Title = "Ranks in the residual, over the prefixes",
            Caption = "Rank of the token that really follows, of the model's final prediction and of the token just read, in the residual of every layer and in the output. Lines: medians; bands: quartiles.",
            Section = "prefixes",
            Table = table,
            Template = "ranks",
            Parameters = Axis(composition.Layers.Length, Palette.Series((Target, Palette.Vermilion), (Final, Palette.Blue), (Current, Palette.Green))),
        };

        void Add(int layer, Quartiles target, Quartiles final, Quartiles current)
        {
            foreach ((string name, Quartiles rank) in ((string, Quartiles)[])[(Target, target), (Final, final), (Current, current)])
            {
                if (!double.IsNaN(rank.Median))
                {
                    table.Add(layer, name, rank.Lower + 1, rank.Median + 1, rank.Upper + 1, null, composition.Prefixes);
                }
            }
        }
    }

    public static Figure Prompts(PromptSetContent set, int index, int layers)
    {
        (string Token, string Group, string Name, string Colour)[] series =
        [
            ("answer", "all", "answer", Palette.Vermilion),
            ("answer", "right", "answer, where the model is right", Palette.Blue),
            ("answer", "wrong", "answer, where it is wrong", Palette.Purple),
            ("shuffled answer", "all", "another prompt's answer (null)", Palette.Grey),
            ("current", "all", "current token", Palette.Green),
            ("subject", "all", "subject", Palette.Orange),
            ("competitors", "all", "best competitor", Palette.Sky),
            ("associates", "all", "best associate", "#8c6d31"),
        ];
        var table = new FigureTable("layer", "series", "q1", "median", "q3", "probability", "n");
        List<(string, string)> present = [];
        foreach ((string token, string group, string name, string colour) in series)
        {
            PromptRow[] rows = [.. set.Rows.Where(row => row.Token == token && row.Group == group && !double.IsNaN(row.Rank.Median)).OrderBy(row => row.Layer)];
            if (rows.Length > 0)
            {
                present.Add((name, colour));
            }

            foreach (PromptRow row in rows)
            {
                table.Add(row.Layer, name, row.Rank.Lower + 1, row.Rank.Median + 1, row.Rank.Upper + 1, row.Probability.Value, row.Probability.N);
            }
        }

        string cut = set.Cut == 0 ? string.Empty : $" {Numbers.Count(set.Cut)} answers have several tokens and are read at their first.";
        return new Figure
        {
            Key = FormattableString.Invariant($"refinement-{index + 1:00}-{Slug(set.Name)}"),
            Title = $"Rank of the answer: {Exports.VisibleText.Of(set.Name)}",
            Caption = $"{Numbers.Count(set.Right.Total)} prompts, of which the model answers {Numbers.Percent(set.Right.Value)} right ({Numbers.Percent(set.Right.Wilson())}). Rank of the answer in the residual of every layer and in the output, beside the answer of another prompt of the set at random. A claim of refinement counts only where the answer improves and the shuffled one does not. Lines: medians; bands: quartiles.{cut}",
            Section = "prompts",
            Table = table,
            Template = "ranks",
            Parameters = Axis(layers, Palette.Series([.. present])),
        };
    }

    public static Figure Entropy(CompositionContent composition)
    {
        const string Name = "entropy of the residual's distribution";
        var table = new FigureTable("layer", "series", "value", "lower", "upper", "n");
        foreach (LayerComposition layer in composition.Layers.Where(layer => layer.Entropy.N > 0))
        {
            table.Add(layer.Layer, Name, layer.Entropy.Value, layer.Entropy.Interval.Lower, layer.Entropy.Interval.Upper, layer.Entropy.N);
        }

        Dictionary<string, JsonNode> parameters = Palette.Series((Name, Palette.Blue));
        parameters["title"] = "entropy (nats)";
        parameters["scale"] = new JsonObject { ["domainMin"] = 0 };
        parameters["references"] = Palette.References((composition.Output.Entropy.Value, "of the output"));
        return new Figure
        {
            Key = "surety-entropy",
            Title = "Surety: entropy of the residual by layer",
            Caption = "Mean entropy of the distribution that the residual stands for, with 95% bootstrap intervals; the dashed line is the output's.",
            Section = "prefixes",
            Table = table,
            Template = "bands",
            Parameters = parameters,
        };
    }

    public static Figure Settled(CompositionContent composition)
    {
        const string Name = "the final top token is on top from here on";
        var table = new FigureTable("layer", "series", "value", "lower", "upper", "n");
        for (int layer = 0; layer < composition.Settled.Length; layer++)
        {
            CompositionFigures.Add(table, layer, Name, composition.Settled[layer]);
        }

        Dictionary<string, JsonNode> parameters = Palette.Series((Name, Palette.Blue));
        parameters["title"] = "prefixes (%)";
        parameters["scale"] = new JsonObject { ["domain"] = new JsonArray(0, 100) };
        return new Figure
        {
            Key = "surety-settled",
            Title = "Surety: from which layer the prediction stands",
            Caption = "Share of the prefixes whose final prediction is the residual's top token in this layer and in every later one. Bars and bands: 95% Wilson intervals.",
            Section = "prefixes",
            Table = table,
            Template = "bands",
            Parameters = parameters,
        };
    }

    private static Dictionary<string, JsonNode> Axis(int layers, Dictionary<string, JsonNode> parameters)
    {
        parameters["xTitle"] = AxisTitle;
        parameters["labels"] = FormattableString.Invariant($"datum.value == {layers} ? 'out' : datum.label");
        return parameters;
    }

    private static string Slug(string name) => string.Concat(name.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-').Take(40)).Trim('-');
}
