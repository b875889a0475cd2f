using Keyhole.Annotations;
using Keyhole.Patterns;
using Keyhole.Statistics;
using static Keyhole.Exports.CsvLines;

namespace Keyhole.Exports;

/// <summary>The patterns of a study as tables.</summary>
internal static class CsvPatterns
{
    /// <summary>A row per pattern of a memory that is written.</summary>
    public static void Write(ExportRun run, Stream stream)
    {
        using CsvLines csv = new(stream);
        csv.Line("layer", "expert", "index", "pole", "class", "kind", "text", "coverage", "prefixes", "evidence", "lift", "score", "p", "q", "ranks");
        foreach (MemoryPatterns list in (StudyPatterns.Read(run.Study) ?? []).Where(list => run.Writes(list.Id)))
        {
            foreach (Pattern pattern in list.Patterns)
            {
                csv.Line(Number(list.Id.Layer), Id(list.Id.Expert), Number(list.Id.Index), MemoryJson.Name(list.Pole), PatternClasses.NameOf(pattern.Class), AnnotationText.Of(pattern.Kind), pattern.Text,
                    Number(pattern.Ranks.Length), Number(list.Prefixes), Number(pattern.Evidence), Number(pattern.Lift), Number(pattern.Score), Number(pattern.P), Number(pattern.Q), string.Join(' ', pattern.Ranks));
            }
        }
    }

    /// <summary>A row per measure of a layer and source.</summary>
    public static void WriteLayers(IReadOnlyList<LayerPatterns> layers, Stream stream)
    {
        using CsvLines csv = new(stream);
        csv.Line("layer", "source", "lists", "prefixes", "measure", "value", "lower", "upper", "n");
        foreach (LayerPatterns layer in layers)
        {
            foreach ((PatternMeasure measure, Estimate estimate) in layer.Measures)
            {
                csv.Line(Number(layer.Layer), layer.Source, Number(layer.Lists), Number(layer.Prefixes), measure.ToString(),
                    Number(estimate.Value), Number(estimate.Interval.Lower), Number(estimate.Interval.Upper), Number(estimate.N));
            }
        }
    }
}
