using System.Collections.Immutable;
using Keyhole.Memories;
using Keyhole.Studies;
using static Keyhole.Exports.CsvLines;

namespace Keyhole.Exports;

/// <summary>The examples of memories as tables: their triggers, and what a study keeps beyond them.</summary>
internal static class CsvExamples
{
    private static readonly string[] s_columns = ["unit", "position", "coefficient", "gate", "routerWeight", "target", "prefix", "targetText"];

    /// <summary>A row per trigger.</summary>
    public static void WriteTriggers(ExportRun run, Stream stream, double to)
    {
        using CsvLines csv = new(stream);
        csv.Line(["layer", "expert", "index", "pole", "rank", .. s_columns]);
        foreach (MemoryRecord memory in run.Memories(CsvExport.TriggersFile, 0, to))
        {
            foreach (Pole pole in MemoryJson.Poles(run.Study.Shape))
            {
                foreach ((int rank, Trigger trigger) in memory.Triggers(pole).Index())
                {
                    csv.Line([.. Name(memory.Id), MemoryJson.Name(pole), Number(rank), .. Fields(run.Study, memory.Id, trigger)]);
                }
            }
        }
    }

    /// <summary>Whether a study keeps examples beyond its triggers.</summary>
    public static bool HasMore(Study study) => study.HasTable(StudySchema.SampleTable) || study.HasTable(StudySchema.CaseTable);

    /// <summary>A row per example of a tenth of a pole's activation, of a random position, and of a sign case.</summary>
    public static void WriteMore(ExportRun run, Stream stream, double at)
    {
        using CsvLines csv = new(stream);
        csv.Line(["layer", "expert", "index", "list", "pole", "band", "place", .. s_columns]);
        foreach (MemoryRecord memory in run.Memories(CsvExport.ExamplesFile, at, at))
        {
            if (SampleTable.Read(run.Study, memory.Id) is { } sample)
            {
                foreach (Pole pole in MemoryJson.Poles(run.Study.Shape))
                {
                    foreach ((int band, ImmutableArray<Trigger> examples) in sample.BandsOf(pole).Index())
                    {
                        List(memory.Id, "quantile", examples, MemoryJson.Name(pole), Number(band));
                    }
                }

                List(memory.Id, "random", SampleTable.AtRandom(run.Study, sample), onlyCoefficients: true);
            }

            foreach ((string name, ImmutableArray<Trigger> examples) in SignCaseTable.Read(run.Study, memory.Id) ?? [])
            {
                List(memory.Id, name, examples);
            }
        }

        void List(NeuronId id, string list, ImmutableArray<Trigger> examples, string pole = "", string band = "", bool onlyCoefficients = false)
        {
            foreach ((int place, Trigger example) in examples.Index())
            {
                csv.Line([.. Name(id), list, pole, band, Number(place), .. Fields(run.Study, id, example, onlyCoefficients)]);
            }
        }
    }

    private static string[] Name(NeuronId id) => [Number(id.Layer), Id(id.Expert), Number(id.Index)];

    // Of random positions neither gate nor router's weight is kept.
    private static string[] Fields(Study study, NeuronId id, in Trigger trigger, bool onlyCoefficients = false)
    {
        StudyUnit unit = study.UnitOf(id, trigger);
        return
        [
            Number(trigger.Unit), Number(trigger.Position), Number(trigger.Coefficient), onlyCoefficients ? string.Empty : Number(trigger.Gate), id.Expert < 0 || onlyCoefficients ? string.Empty : Number(trigger.RouterWeight),
            Id(trigger.Target), TriggerText.Prefix(unit, trigger.Position), TriggerText.Target(unit, trigger, study.TokenPiece) ?? string.Empty,
        ];
    }
}
