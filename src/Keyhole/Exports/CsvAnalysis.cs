using System.Text.Json.Nodes;
using Keyhole.Analyses;
using Keyhole.Composition;
using Keyhole.Memories;
using Keyhole.Mutations;
using Keyhole.Studies;
using Keyhole.Values;
using static Keyhole.Exports.CsvLines;

namespace Keyhole.Exports;

/// <summary>The sections of an analysis as tables.</summary>
internal static class CsvAnalysis
{
    private const double ValuesFrom = 0.9;
    private const double ValuesTo = 0.95;

    /// <summary>A row per memory and pole. Of the tokens at both ends the first is given here; the rest is in <c>neurons.jsonl</c>.</summary>
    public static void WriteValues(ExportRun run, StudyAnalysis analysis, Stream stream)
    {
        using CsvLines csv = new(stream);
        csv.Line("layer", "expert", "index", "pole", "readout", "norm", "maxProbability", "logSumExp", "argmax", "argmaxText", "argmaxLogit", "argmin", "argminText", "argminLogit",
            "target", "targetText", "targetRank", "targetProbability", "agrees", "current", "currentText", "currentRank", "agreesWithCurrent", "modelTop", "modelTargetProbability", "agreesWithModel", "precisionAt50");
        foreach (MemoryRecord memory in run.Memories(CsvExport.ValuesFile, ValuesFrom, ValuesTo))
        {
            if (!analysis.ValuesById!.TryGetValue(memory.Id, out ValueRecord? value))
            {
                continue;
            }

            foreach (Pole pole in MemoryJson.Poles(run.Study.Shape))
            {
                ValuePole at = value.Of(pole) ?? ValuePole.None;
                csv.Line(Number(value.Id.Layer), Id(value.Id.Expert), Number(value.Id.Index), MemoryJson.Name(pole), analysis.ValueReadout,
                    Number(value.Norm), Number(value.MaxProbability), Number(value.LogSumExp),
                    Id(value.Argmax), Text(run.Study, value.Argmax), Number(value.Top[0].Logit), Id(value.Argmin), Text(run.Study, value.Argmin), Number(value.Bottom[0].Logit),
                    Id(at.Target), Text(run.Study, at.Target), Number(at.TargetRank), Number(at.TargetProbability), Answer(at.Agrees),
                    Id(at.Current), Text(run.Study, at.Current), Number(at.CurrentRank), Answer(at.AgreesWithCurrent),
                    Id(at.ModelTop), Number(at.ModelTargetProbability), Answer(at.AgreesWithModel), Number(at.Precision));
            }
        }
    }

    /// <summary>A row per prefix and layer, then one for the output, whose layer is the number of layers.</summary>
    public static void WritePrefixes(ExportRun run, IReadOnlyList<PrefixTrace> prefixes, Stream stream)
    {
        using CsvLines csv = new(stream);
        csv.Line("unit", "position", "layer", "tokens", "target", "current", "topR", "topY", "topO", "linearTopR", "linearTopO", "activeShare", "positiveShare", "zeroAgreement", "zeroAgreementOverAll",
            "targetRank", "targetProbability", "finalRank", "finalProbability", "currentRank", "shuffledRank", "entropy", "text");
        foreach (PrefixTrace prefix in run.Each(CsvExport.PrefixesFile, prefixes, prefixes.Count, ValuesTo, ValuesTo))
        {
            for (int layer = 0; layer <= prefix.Layers.Length; layer++)
            {
                PrefixLayer? block = layer < prefix.Layers.Length ? prefix.Layers[layer] : null;
                StateReading state = block?.R ?? prefix.Output;
                csv.Line(Number(prefix.Unit), Number(prefix.Position), Number(layer), Number(prefix.Tokens), Id(prefix.Target), Id(prefix.Current),
                    Id(block?.TopR ?? prefix.Final), Id(block?.TopY ?? -1), Id(block?.TopO ?? -1), Id(block?.LinearTopR ?? -1), Id(block?.LinearTopO ?? -1),
                    Number(block?.ActiveShare ?? float.NaN), Number(block?.PositiveShare ?? float.NaN), Answer(block?.ZeroAgreement), Answer(block?.ZeroAgreementOverAll),
                    Number(state.TargetRank), Number(state.TargetProbability), Number(state.FinalRank), Number(state.FinalProbability), Number(state.CurrentRank), Number(state.ShuffledRank), Number(state.Entropy), prefix.Text);
            }
        }
    }

    /// <summary>A row per mutated prefix.</summary>
    public static void WriteMutations(ExportRun run, IReadOnlyList<MutationRecord> mutations, Stream stream)
    {
        using CsvLines csv = new(stream);
        csv.Line("layer", "expert", "index", "pole", "unit", "position", "random", "coefficient", "first", "last", "randomDropped");
        foreach (MutationRecord record in run.Each(CsvExport.MutationsFile, mutations.Where(record => run.Writes(record.Id)), mutations.Count, ValuesTo, ValuesTo))
        {
            csv.Line(Number(record.Id.Layer), Id(record.Id.Expert), Number(record.Id.Index), MemoryJson.Name(record.Pole), Number(record.Unit), Number(record.Position), Number(record.Random),
                Number(record.Coefficient), Number(record.First), Number(record.Last), Number(record.RandomDropped));
        }
    }

    /// <summary>The layers of <c>analysis.json</c> as a table; a column is named by its members with points between.</summary>
    public static void WriteLayers(IReadOnlyList<JsonObject> layers, Stream stream)
    {
        using CsvLines csv = new(stream);
        for (int i = 0; i < layers.Count; i++)
        {
            (string Name, string Value)[] fields = [.. Flat(layers[i], string.Empty)];
            if (i == 0)
            {
                csv.Line([.. fields.Select(field => field.Name)]);
            }

            csv.Line([.. fields.Select(field => field.Value)]);
        }
    }

    private static IEnumerable<(string Name, string Value)> Flat(JsonObject members, string prefix) => members.SelectMany(member => member.Value switch
    {
        JsonObject inner => Flat(inner, prefix + member.Key + "."),
        null => [(prefix + member.Key, string.Empty)],
        JsonNode value => [(prefix + member.Key, value.ToJsonString())],
    });

    private static string Text(Study study, int token) => token < 0 ? string.Empty : study.TokenPiece(token) ?? string.Empty;
}
