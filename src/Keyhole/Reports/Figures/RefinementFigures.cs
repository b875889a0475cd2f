using System.Text.Json.Nodes;
using Keyhole.Composition;
using Keyhole.Prompts;
using Keyhole.Reports.Contents;
using Keyhole.Statistics;

namespace Keyhole.Reports.Figures;

/// <summary>Refinement and surety: how a prediction forms from layer to layer.</summary>
internal static class RefinementFigures
{
    private static readonly string[] Columns = ["layer", "series", "q1", "median", "q3", "probability", "n"];
    private const string AxisTitle = "layer (from 0), then the output";

    public static Figure Prefixes(CompositionContent? composition)
    {
        const string Target = "the token that follows";
        const string Shuffled = "another prefix's next token (null)";
        const string Final = "the final prediction";
        const string Current = "the current token";
        var table = new FigureTable(Columns);
        int layers = composition?.Layers.Length ?? 0;
        foreach (LayerComposition layer in composition?.Layers ?? [])
        {
            Add(layer.Layer, layer.TargetRank, layer.ShuffledRank, layer.FinalRank, layer.CurrentRank);
        }

        if (composition is not null)
        {
            Add(layers, composition.Output.TargetRank, composition.Output.ShuffledRank, composition.Output.FinalRank, composition.Output.CurrentRank);
        }

        return new Figure
        {
            Key = "refinement-prefixes",
            Title = "Ranks in the residual, over the prefixes",
            Caption = "Rank of the token that really follows, of another prefix's at random, of the model's final prediction and of the token just read, in the residual of every layer and in the output. Lines: medians; bands: quartiles."
                + (composition is null ? string.Empty : " " + Verdict(composition.Refinement, "the token that follows")),
            Section = "prefixes",
            Table = table,
            Template = "ranks",
            Parameters = Axis(layers, Palette.Series((Target, Palette.Vermilion), (Shuffled, Palette.Grey), (Final, Palette.Blue), (Current, Palette.Green))),
        };

        void Add(int layer, Quartiles target, Quartiles shuffled, Quartiles final, Quartiles current)
        {
            foreach ((string name, Quartiles rank) in ((string, Quartiles)[])[(Target, target), (Shuffled, shuffled), (Final, final), (Current, current)])
            {
                AddRank(table, layer, name, rank, double.NaN, composition!.Prefixes);
            }
        }
    }

    public static Figure Prompts(PromptSetSummary set, int index, int layers)
    {
        (string Name, string Colour, PromptGroup Group, Func<PromptLayer, PromptFigure> Of)[] series =
        [
            ("answer", Palette.Vermilion, set.All, layer => layer.Answer),
            ("answer, where the model is right", Palette.Blue, set.WhereRight, layer => layer.Answer),
            ("answer, where it is wrong", Palette.Purple, set.WhereWrong, layer => layer.Answer),
            ("another prompt's answer (null)", Palette.Grey, set.All, layer => layer.Shuffled),
            ("current token", Palette.Green, set.All, layer => layer.Current),
            ("subject", Palette.Orange, set.All, layer => layer.Subject),
            ("best competitor", Palette.Sky, set.All, layer => layer.Competitors),
            ("best associate", Palette.Brown, set.All, layer => layer.Associates),
        ];
        var table = new FigureTable(Columns);
        List<(string, string)> present = [];
        foreach ((string name, string colour, PromptGroup group, Func<PromptLayer, PromptFigure> of) in series)
        {
            int before = table.Rows.Count;
            foreach (PromptLayer layer in group.Layers)
            {
                PromptFigure figure = of(layer);
                AddRank(table, layer.Layer, name, figure.Rank, figure.Probability.Value, figure.Probability.N);
            }

            if (table.Rows.Count > before)
            {
                present.Add((name, colour));
            }
        }

        string cut = set.CutAnswers == 0 ? string.Empty : $" {Numbers.Count(set.CutAnswers)} answers have several tokens and are read at their first.";
        return new Figure
        {
            Key = FormattableString.Invariant($"refinement-{index + 1:00}-{Slug(set.Set)}"),
            Title = $"Rank of the answer: {(set.Set == PromptSummary.AllSets ? "all sets together" : Exports.VisibleText.Of(set.Set))}",
            Caption = $"{Numbers.Count(set.Right.Total)} prompts, of which the model answers {Numbers.Percent(set.Right.Value)} right ({Numbers.Percent(set.Right.Wilson())}). Rank of the answer in the residual of every layer and in the output, beside the answer of another prompt of the set. Lines: medians; bands: quartiles.{cut} {Verdict(set.Refinement, "the answer")}",
            Section = "prompts",
            Table = table,
            Template = "ranks",
            Parameters = Axis(layers, Palette.Series([.. present])),
        };
    }

    public static Figure Entropy(CompositionContent? composition)
    {
        const string Name = "entropy of the residual's distribution";
        var table = new FigureTable("layer", "series", "value", "lower", "upper", "n");
        foreach (LayerComposition layer in composition?.Layers.Where(layer => layer.Entropy.N > 0) ?? [])
        {
            table.Add(layer.Layer, Name, layer.Entropy.Value, layer.Entropy.Interval.Lower, layer.Entropy.Interval.Upper, layer.Entropy.N);
        }

        Dictionary<string, JsonNode> parameters = Palette.Series((Name, Palette.Blue));
        parameters["title"] = "entropy (nats)";
        parameters["scale"] = new JsonObject { ["domainMin"] = 0 };
        parameters["references"] = Palette.References((composition?.Output.Entropy.Value ?? double.NaN, "of the output"));
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

    public static Figure Settled(CompositionContent? composition)
    {
        const string Name = "the final top token is on top from here on";
        var table = new FigureTable("layer", "series", "value", "lower", "upper", "n");
        foreach (LayerComposition layer in composition?.Layers ?? [])
        {
            CompositionFigures.Add(table, layer.Layer, Name, layer.Sure);
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

    private static string Verdict(Refinement refinement, string token)
    {
        string halved = $"From the first layer to the output the rank of {token} is halved {Numbers.Plain(refinement.Improvement.Value, 2)} times on average ({Numbers.Plain(refinement.Improvement.Interval.Lower, 2)} to {Numbers.Plain(refinement.Improvement.Interval.Upper, 2)}), the shuffled one's {Numbers.Plain(refinement.Shuffled.Value, 2)} times: ";
        return double.IsNaN(refinement.Improvement.Value) ? "There is no rank to compare."
            : halved + (refinement.Supported ? "refinement is supported." : "refinement is not supported beyond chance.");
    }

    private static void AddRank(FigureTable table, int layer, string series, Quartiles rank, double probability, long n)
    {
        if (!double.IsNaN(rank.Median))
        {
            table.Add(layer, series, rank.Lower + 1, rank.Median + 1, rank.Upper + 1, probability, n);
        }
    }

    private static Dictionary<string, JsonNode> Axis(int layers, Dictionary<string, JsonNode> parameters)
    {
        parameters["xTitle"] = AxisTitle;
        parameters["labels"] = FormattableString.Invariant($"datum.value == {layers} ? 'out' : datum.label");
        return parameters;
    }

    private static string Slug(string name) => string.Concat(name.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-').Take(40)).Trim('-');
}
