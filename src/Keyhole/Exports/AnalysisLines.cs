using System.Text.Json;
using Keyhole.Composition;
using Keyhole.Mutations;
using Keyhole.Prompts;
using Keyhole.ReadWrite;

namespace Keyhole.Exports;

/// <summary>The records of an analysis as JSON lines.</summary>
internal static class AnalysisLines
{
    private const double Done = 1;

    /// <summary>A line per prefix and layer, then one for the output, whose layer is the number of layers.</summary>
    public static void WritePrefixes(ExportRun run, IReadOnlyList<PrefixTrace> prefixes, Stream stream)
    {
        using JsonLineWriter lines = new(stream);
        foreach (PrefixTrace prefix in run.Each(JsonlExport.PrefixesFile, prefixes, prefixes.Count, Done, Done))
        {
            for (int layer = 0; layer <= prefix.Layers.Length; layer++)
            {
                PrefixLayer? block = layer < prefix.Layers.Length ? prefix.Layers[layer] : null;
                StateReading state = block?.R ?? prefix.Output;
                lines.Line(json =>
                {
                    json.WriteNumber("unit", prefix.Unit);
                    json.WriteNumber("position", prefix.Position);
                    json.WriteNumber("layer", layer);
                    json.WriteNumber("topR", block?.TopR ?? prefix.Final);
                    WriteToken(json, "topY", block?.TopY);
                    WriteToken(json, "topO", block?.TopO);
                    MemoryJson.WriteNumber(json, "activeShare", block?.ActiveShare ?? float.NaN);
                    WriteAnswer(json, "zeroAgreement", block?.ZeroAgreement);
                    MemoryJson.WriteNumber(json, "targetRank", state.TargetRank);
                    MemoryJson.WriteNumber(json, "finalRank", state.FinalRank);
                    MemoryJson.WriteNumber(json, "finalProbability", state.FinalProbability);
                });
            }
        }
    }

    /// <summary>A line per prompt and layer, then one for the output, whose layer is the number of layers.</summary>
    public static void WritePrompts(ExportRun run, IReadOnlyList<PromptTrace> prompts, Stream stream)
    {
        using JsonLineWriter lines = new(stream);
        foreach (PromptTrace prompt in run.Each(JsonlExport.PromptsFile, prompts, prompts.Count, Done, Done))
        {
            for (int layer = 0; layer < prompt.Layers.Length; layer++)
            {
                PromptReading state = prompt.Layers[layer];
                lines.Line(json =>
                {
                    json.WriteString("set", prompt.Set);
                    json.WriteString("prompt", prompt.Prompt);
                    json.WriteString("answer", prompt.Answer);
                    json.WriteString("subject", prompt.Subject);
                    json.WriteNumber("answerToken", prompt.AnswerToken);
                    json.WriteBoolean("answerIsCut", prompt.AnswerIsCut);
                    json.WriteNumber("final", prompt.Final);
                    json.WriteBoolean("right", prompt.IsRight);
                    json.WriteNumber("layer", layer);
                    json.WriteNumber("top", state.Top);
                    foreach ((string name, double value) in Readings(state))
                    {
                        MemoryJson.WriteNumber(json, name, value);
                    }
                });
            }
        }
    }

    /// <summary>A line per mutated prefix.</summary>
    public static void WriteMutations(ExportRun run, IReadOnlyList<MutationRecord> mutations, Stream stream)
    {
        using JsonLineWriter lines = new(stream);
        foreach (MutationRecord mutation in run.Each(JsonlExport.MutationsFile, mutations.Where(record => run.Writes(record.Id)), mutations.Count, Done, Done))
        {
            lines.Line(json =>
            {
                MemoryJson.WriteId(json, mutation.Id);
                json.WriteString("pole", MemoryJson.Name(mutation.Pole));
                json.WriteNumber("unit", mutation.Unit);
                json.WriteNumber("position", mutation.Position);
                json.WriteNumber("random", mutation.Random);
                MemoryJson.WriteNumber(json, "coefficient", mutation.Coefficient);
                MemoryJson.WriteNumber(json, "first", mutation.First);
                MemoryJson.WriteNumber(json, "last", mutation.Last);
                MemoryJson.WriteNumber(json, "randomDropped", mutation.RandomDropped);
            });
        }
    }

    /// <summary>A line per trigger whose reach was measured.</summary>
    public static void WriteReach(ExportRun run, IReadOnlyList<ReachRecord> reach, Stream stream)
    {
        using JsonLineWriter lines = new(stream);
        foreach (ReachRecord record in run.Each(JsonlExport.ReachFile, reach.Where(record => run.Writes(record.Id)), reach.Count, Done, Done))
        {
            lines.Line(json =>
            {
                MemoryJson.WriteId(json, record.Id);
                json.WriteString("pole", MemoryJson.Name(record.Pole));
                json.WriteNumber("unit", record.Unit);
                json.WriteNumber("position", record.Position);
                json.WriteNumber("distance", record.Distance);
                MemoryJson.WriteNumber(json, "coefficient", record.Coefficient);
                MemoryJson.WriteNumber(json, "dropped", record.Dropped);
            });
        }
    }

    /// <summary>A line per memory whose weights were compared.</summary>
    public static void WriteReadWrite(ExportRun run, IReadOnlyList<ReadWriteRecord> records, Stream stream)
    {
        using JsonLineWriter lines = new(stream);
        foreach (ReadWriteRecord record in run.Each(JsonlExport.ReadWriteFile, records.Where(record => run.Writes(record.Id)), records.Count, Done, Done))
        {
            lines.Line(json =>
            {
                MemoryJson.WriteId(json, record.Id);
                ReadWriteJson.Write(json, record);
            });
        }
    }

    /// <summary>The ranks and probabilities of a prompt's reading by name.</summary>
    public static IEnumerable<(string Name, double Value)> Readings(PromptReading state) =>
    [
        ("answerRank", state.AnswerRank), ("answerProbability", state.AnswerProbability),
        ("competitorRank", state.CompetitorRank), ("competitorProbability", state.CompetitorProbability),
        ("associateRank", state.AssociateRank), ("associateProbability", state.AssociateProbability),
        ("currentRank", state.CurrentRank), ("currentProbability", state.CurrentProbability),
        ("subjectRank", state.SubjectRank), ("subjectProbability", state.SubjectProbability),
        ("shuffledRank", state.ShuffledRank), ("shuffledProbability", state.ShuffledProbability),
        ("entropy", state.Entropy),
    ];

    private static void WriteToken(Utf8JsonWriter json, string name, int? token)
    {
        if (token is { } id)
        {
            json.WriteNumber(name, id);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static void WriteAnswer(Utf8JsonWriter json, string name, bool? answer)
    {
        if (answer is { } known)
        {
            json.WriteBoolean(name, known);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
