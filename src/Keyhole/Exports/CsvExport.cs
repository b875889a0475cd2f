using System.Globalization;
using System.Text;
using Keyhole.Engine;
using Keyhole.Memories;
using Keyhole.Studies;

namespace Keyhole.Exports;

/// <summary>Exports a study as tables for spreadsheets and notebooks (docs/formats/export.md): <c>triggers.csv</c> and <c>statistics.csv</c>, RFC 4180 with '\n'.</summary>
/// <remarks>What is missing or NaN is an empty field; the bytes depend on the model, the corpus and the options alone.</remarks>
public static class CsvExport
{
    /// <summary>Name of the file of triggers.</summary>
    public const string TriggersFile = "triggers.csv";

    /// <summary>Name of the file of statistics.</summary>
    public const string StatisticsFile = "statistics.csv";

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Writes both files; they replace older ones together, when both are whole.</summary>
    /// <param name="study">The study.</param>
    /// <param name="directory">Folder, made where it is missing.</param>
    /// <param name="cancellationToken">Stops the export; nothing is left behind.</param>
    /// <exception cref="StudyNotWrittenException">KH5120: the folder cannot be written.</exception>
    /// <exception cref="InputRefusedException">KH5105: the study is damaged.</exception>
    /// <exception cref="OperationCanceledException">The export was stopped.</exception>
    public static void Write(Study study, string directory, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(study);
        using ExportFolder folder = new(directory);
        folder.Write(TriggersFile, stream => WriteTriggers(study, stream, cancellationToken));
        folder.Write(StatisticsFile, stream => WriteStatistics(study, stream, cancellationToken));
        folder.Complete();
    }

    private static void WriteTriggers(Study study, Stream stream, CancellationToken cancellationToken)
    {
        using StreamWriter csv = new(stream, Utf8, leaveOpen: true);
        WriteLine(csv, "layer", "expert", "index", "pole", "rank", "unit", "position", "coefficient", "gate", "target", "prefix", "targetText");
        foreach (MemoryRecord memory in study.Memories())
        {
            cancellationToken.ThrowIfCancellationRequested();
            NeuronId id = memory.Id;
            foreach (Pole pole in MemoryJson.Poles(study.Shape))
            {
                int rank = 0;
                foreach (Trigger trigger in memory.Triggers(pole))
                {
                    StudyUnit unit = study.UnitOf(id, trigger);
                    WriteLine(csv, Number(id.Layer), id.Expert < 0 ? string.Empty : Number(id.Expert), Number(id.Index), MemoryJson.Name(pole), Number(rank++),
                        Number(trigger.Unit), Number(trigger.Position), Number(trigger.Coefficient), Number(trigger.Gate),
                        trigger.HasTarget ? Number(trigger.Target) : string.Empty,
                        TriggerText.Prefix(unit, trigger.Position), TriggerText.Target(unit, trigger, study.TokenPiece) ?? string.Empty);
                }
            }
        }
    }

    private static void WriteStatistics(Study study, Stream stream, CancellationToken cancellationToken)
    {
        using StreamWriter csv = new(stream, Utf8, leaveOpen: true);
        string[] cases = study.Shape.Gated ? [.. default(SignCases).Named().Select(named => named.Name)] : [];
        WriteLine(csv, ["layer", "expert", "index", "n", "mean", "variance", "skewness", "excessKurtosis", "min", "max", "sharePositive", .. cases]);
        foreach (MemoryRecord memory in study.Memories())
        {
            cancellationToken.ThrowIfCancellationRequested();
            NeuronId id = memory.Id;
            NeuronStatistics statistics = memory.Statistics;
            IEnumerable<string> shares = statistics.SignCases is { } counted
                ? counted.Named().Select(named => Number((double)named.Count / statistics.Count))
                : cases.Select(_ => string.Empty);
            WriteLine(csv,
            [
                Number(id.Layer), id.Expert < 0 ? string.Empty : Number(id.Expert), Number(id.Index), Number(statistics.Count),
                Number(statistics.Mean), Number(statistics.Variance), Number(statistics.Skewness), Number(statistics.ExcessKurtosis),
                Number(statistics.Min), Number(statistics.Max), Number(statistics.SharePositive), .. shares,
            ]);
        }
    }

    private static void WriteLine(StreamWriter csv, params ReadOnlySpan<string> fields)
    {
        for (int i = 0; i < fields.Length; i++)
        {
            if (i > 0)
            {
                csv.Write(',');
            }

            string field = fields[i];
            csv.Write(field.AsSpan().ContainsAny(",\"\r\n") ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : field);
        }

        csv.Write('\n');
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Number(float value) => float.IsFinite(value) ? value.ToString(CultureInfo.InvariantCulture) : string.Empty;

    private static string Number(double value) => double.IsFinite(value) ? value.ToString(CultureInfo.InvariantCulture) : string.Empty;
}
