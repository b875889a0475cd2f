using System.Text.Json.Nodes;
using Keyhole.Analyses;
using Keyhole.Composition;
using Keyhole.Mutations;
using Keyhole.Prompts;
using Keyhole.ReadWrite;
using Keyhole.Statistics;
using Keyhole.Studies;
using Keyhole.Studies.Analysis;
using Keyhole.Values;

namespace Keyhole.Exports;

/// <summary>The figures of each layer as JSON objects: the headline numbers first, then the same with n, intervals and quartiles.</summary>
/// <remarks>Every object has the same members whatever was measured, so that a table of them has the same columns; what was not measured is null.</remarks>
internal static class LayerFigures
{
    private static readonly Quartiles NoQuartiles = new(double.NaN, double.NaN, double.NaN);

    /// <summary>An object per layer of the model.</summary>
    public static IEnumerable<JsonObject> Of(Study study, StudyAnalysis analysis)
    {
        Dictionary<int, LayerAgreement> agreement = analysis.Agreement?.Layers.ToDictionary(layer => layer.Layer) ?? [];
        Dictionary<int, LayerComposition> composition = analysis.Composition?.Layers.ToDictionary(layer => layer.Layer) ?? [];
        Dictionary<int, LayerMutations> mutations = analysis.MutationEffects?.Layers.ToDictionary(layer => layer.Layer) ?? [];
        Dictionary<int, LayerReach> reach = analysis.Distances?.Layers.ToDictionary(layer => layer.Layer) ?? [];
        Dictionary<int, LayerReadWrite> readWrite = analysis.ReadWriteClasses?.Layers.ToDictionary(layer => layer.Layer) ?? [];
        for (int layer = 0; layer < study.Shape.Layers; layer++)
        {
            JsonObject figures = Layer(layer, agreement.GetValueOrDefault(layer), composition.GetValueOrDefault(layer), mutations.GetValueOrDefault(layer), reach.GetValueOrDefault(layer));
            figures["readWrite"] = ReadWrite(readWrite.GetValueOrDefault(layer), analysis.ReadWriteClasses);
            yield return figures;
        }
    }

    /// <summary>Readings of the output, where the residual stream ends, and what becomes of ranks on the way there.</summary>
    public static JsonObject Output(CompositionSummary summary)
    {
        OutputComposition output = summary.Output;
        return new JsonObject
        {
            ["prefixes"] = summary.Prefixes,
            ["medianTargetRank"] = Number(output.TargetRank.Median),
            ["finalIsTarget"] = With(output.FinalIsTarget),
            ["targetRank"] = Box(output.TargetRank),
            ["targetProbability"] = With(output.TargetProbability),
            ["finalRank"] = Box(output.FinalRank),
            ["finalProbability"] = With(output.FinalProbability, output.FinalProbabilityQuartiles),
            ["currentRank"] = Box(output.CurrentRank),
            ["shuffledRank"] = Box(output.ShuffledRank),
            ["entropy"] = With(output.Entropy),
            ["firstSureLayer"] = Box(summary.FirstSureLayer),
            ["refinement"] = Improvement(summary.Refinement),
        };
    }

    /// <summary>Refinement on named prompt sets: an object per set.</summary>
    public static IEnumerable<JsonObject> Prompts(PromptSummary refinement) => refinement.Sets.Select(set => new JsonObject
    {
        ["set"] = set.Set,
        ["right"] = With(set.Right),
        ["cutAnswers"] = set.CutAnswers,
        ["refinement"] = Improvement(set.Refinement),
        ["all"] = Group(set.All),
        ["whereRight"] = Group(set.WhereRight),
        ["whereWrong"] = Group(set.WhereWrong),
    });

    private static JsonArray Group(PromptGroup group) => new([.. group.Layers.Select(layer => new JsonObject
    {
        ["layer"] = layer.Layer,
        ["n"] = group.N,
        ["answer"] = Figure(layer.Answer),
        ["competitors"] = Figure(layer.Competitors),
        ["associates"] = Figure(layer.Associates),
        ["current"] = Figure(layer.Current),
        ["subject"] = Figure(layer.Subject),
        ["shuffled"] = Figure(layer.Shuffled),
        ["entropy"] = With(layer.Entropy),
    })]);

    private static JsonObject Figure(PromptFigure figure) => new() { ["rank"] = Box(figure.Rank), ["probability"] = With(figure.Probability) };

    private static JsonObject Improvement(Refinement refinement) => new()
    {
        ["supported"] = refinement.Supported,
        ["improvement"] = With(refinement.Improvement),
        ["shuffled"] = With(refinement.Shuffled),
        ["difference"] = With(refinement.Difference),
    };

    private static JsonObject Layer(int layer, LayerAgreement? agreement, LayerComposition? composition, LayerMutations? mutation, LayerReach? reach) => new()
    {
        ["layer"] = layer,
        ["agreementRate"] = Number(agreement?.Agreement.Value),
        ["activeShare"] = Number(composition?.ActiveShare.Value),
        ["zeroAgreement"] = Number(composition?.ZeroAgreement.Value),
        ["finalInResidual"] = Number(composition?.FinalInResidual.Value),
        ["finalProbability"] = Number(composition?.FinalProbability.Value),
        ["breakdown"] = Shares(composition?.Breakdown),
        ["medianTargetRank"] = Number(composition?.MedianTargetRank),
        ["mutations"] = new JsonObject
        {
            ["first"] = Number(mutation?.First.Mean.Value),
            ["last"] = Number(mutation?.Last.Mean.Value),
            ["random"] = Number(mutation?.Random.Mean.Value),
        },
        ["agreement"] = Agreement(agreement),
        ["composition"] = Composition(composition),
        ["mutation"] = new JsonObject
        {
            ["first"] = Change(mutation?.First),
            ["last"] = Change(mutation?.Last),
            ["random"] = Change(mutation?.Random),
        },
        ["reach"] = Reach(reach),
    };

    private static JsonObject Agreement(LayerAgreement? agreement) => new()
    {
        ["memories"] = agreement?.Memories,
        ["target"] = With(agreement?.Agreement),
        ["current"] = With(agreement?.WithCurrent),
        ["model"] = With(agreement?.WithModel),
        ["shuffled"] = With(agreement?.Shuffled),
        ["chance"] = Number(agreement?.Chance),
        ["targetRank"] = Box(agreement?.TargetRank),
        ["currentRank"] = Box(agreement?.CurrentRank),
    };

    private static JsonObject Composition(LayerComposition? composition)
    {
        JsonObject figures = new()
        {
            ["activeShare"] = With(composition?.ActiveShare, composition?.ActiveQuartiles),
            ["positiveShare"] = With(composition?.PositiveShare),
            ["zeroAgreement"] = With(composition?.ZeroAgreement),
            ["zeroAgreementOverAll"] = With(composition?.ZeroAgreementOverAll),
            ["stopWordTop"] = With(composition?.StopWordTop),
            ["stopWordTarget"] = With(composition?.StopWordTarget),
            ["shortPrefix"] = With(composition?.ShortPrefix),
            ["finalInResidual"] = With(composition?.FinalInResidual),
            ["finalProbability"] = With(composition?.FinalProbability, composition?.FinalProbabilityQuartiles),
            ["entropy"] = With(composition?.Entropy),
            ["targetRank"] = Box(composition?.TargetRank),
            ["finalRank"] = Box(composition?.FinalRank),
            ["currentRank"] = Box(composition?.CurrentRank),
            ["shuffledRank"] = Box(composition?.ShuffledRank),
            ["sure"] = With(composition?.Sure),
            ["breakdown"] = Counts(composition?.Breakdown),
            ["linearBreakdown"] = Counts(composition?.LinearBreakdown),
        };
        if (composition?.ZeroAgreementOfProducts is { } products)
        {
            figures["zeroAgreementOfProducts"] = With(products);
        }

        return figures;
    }

    private static JsonObject ReadWrite(LayerReadWrite? layer, ReadWriteSummary? summary) => new()
    {
        ["n"] = layer?.N,
        ["classes"] = new JsonObject(ReadWriteNames.Ordered.Select(one =>
        {
            JsonObject written = With(layer?.Of(one));
            written["null"] = Number(summary?.Null.Share(one, summary.IsGated));
            return KeyValuePair.Create(ReadWriteNames.Of(one), (JsonNode?)written);
        })),
        ["atypical"] = layer?.Atypical,
        ["beyondChance"] = With(layer?.BeyondChance),
        ["inOut"] = Box(layer?.InOut),
        ["gateOut"] = Box(layer?.GateOut),
        ["gateIn"] = Box(layer?.GateIn),
    };

    private static JsonObject Reach(LayerReach? reach)
    {
        JsonObject written = Box(reach?.Distance);
        written["n"] = reach?.Median.N;
        written["unmoved"] = reach?.Unmoved;
        written["medianLower"] = Number(reach?.Median.Interval.Lower);
        written["medianUpper"] = Number(reach?.Median.Interval.Upper);
        return written;
    }

    private static JsonObject Change(MutationEffect? change)
    {
        JsonObject written = With(change?.Mean, change?.Quartiles);
        Interval median = change?.Median.Interval ?? Interval.None;
        written["medianLower"] = Number(median.Lower);
        written["medianUpper"] = Number(median.Upper);
        return written;
    }

    private static JsonObject Shares(Breakdown? breakdown) => new(Parts(breakdown ?? default)
        .Select(part => KeyValuePair.Create(part.Name, (JsonNode?)Number(breakdown is { Total: > 0 } all ? (double)part.Count / all.Total : double.NaN))));

    private static JsonObject Counts(Breakdown? breakdown)
    {
        JsonObject written = new() { ["n"] = breakdown?.Total };
        foreach ((string name, long count) in Parts(breakdown ?? default))
        {
            Interval? interval = breakdown is { } all ? new Share(count, all.Total).Wilson() : null;
            written[name] = new JsonObject { ["count"] = breakdown is null ? null : count, ["lower"] = Number(interval?.Lower), ["upper"] = Number(interval?.Upper) };
        }

        return written;
    }

    private static (string Name, long Count)[] Parts(Breakdown breakdown) =>
    [
        ("residual", breakdown.Residual), ("ffn", breakdown.Ffn), ("agreement", breakdown.Agreement), ("composition", breakdown.Composition), ("overruled", breakdown.Overruled),
    ];

    private static JsonObject With(Share? share)
    {
        Interval interval = share?.Wilson() ?? Interval.None;
        return new JsonObject { ["share"] = Number(share?.Value), ["count"] = share?.Count, ["n"] = share?.Total, ["lower"] = Number(interval.Lower), ["upper"] = Number(interval.Upper) };
    }

    private static JsonObject With(Estimate? estimate)
    {
        Estimate written = estimate ?? Estimate.None;
        return new JsonObject { ["mean"] = Number(written.Value), ["n"] = estimate?.N, ["lower"] = Number(written.Interval.Lower), ["upper"] = Number(written.Interval.Upper) };
    }

    private static JsonObject With(Estimate? estimate, Quartiles? quartiles)
    {
        JsonObject written = With(estimate);
        written["quartiles"] = Box(quartiles);
        return written;
    }

    private static JsonObject Box(Quartiles? quartiles)
    {
        Quartiles box = quartiles ?? NoQuartiles;
        return new JsonObject { ["lower"] = Number(box.Lower), ["median"] = Number(box.Median), ["upper"] = Number(box.Upper) };
    }

    private static JsonValue? Number(double? value) => value is { } known && double.IsFinite(known) ? JsonValue.Create(known) : null;
}
