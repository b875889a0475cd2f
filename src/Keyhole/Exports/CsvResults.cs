using Keyhole.Claiming;
using Keyhole.Features;
using Keyhole.Memories;
using Keyhole.ReadWrite;
using Keyhole.Statistics;
using static Keyhole.Exports.CsvLines;

namespace Keyhole.Exports;

/// <summary>Read-write classes, features and tested claims as tables.</summary>
internal static class CsvResults
{
    /// <summary>A row per memory whose weights were compared.</summary>
    public static void WriteReadWrite(ExportRun run, IReadOnlyList<ReadWriteRecord> records, Stream stream)
    {
        using CsvLines csv = new(stream);
        csv.Line("layer", "expert", "index", "class", "atypical", "inOut", "gateOut", "gateIn");
        foreach (ReadWriteRecord record in records.Where(record => run.Writes(record.Id)))
        {
            csv.Line(Number(record.Id.Layer), Id(record.Id.Expert), Number(record.Id.Index), record.Class is { } known ? ReadWriteNames.Of(known) : string.Empty, Answer(record.IsAtypical),
                Number(record.InOut), Number(record.GateOut ?? double.NaN), Number(record.GateIn ?? double.NaN));
        }
    }

    /// <summary>A row per number of a layer.</summary>
    public static void WriteFeatures(FeatureResult features, Stream stream)
    {
        using CsvLines csv = new(stream);
        csv.Line("layer", "source", "measure", "task", "k", "value", "lower", "upper", "n");
        foreach (FeatureRow row in features.Rows)
        {
            csv.Line([Number(row.Layer), FeatureTable.NameOf(row.Source), FeatureTable.NameOf(row.Measure), row.Task, Number(row.K), .. With(row.Estimate.Value, row.Estimate.Interval), Number(row.Estimate.N)]);
        }
    }

    /// <summary>A row per task of the probes.</summary>
    public static void WriteTasks(FeatureResult features, Stream stream)
    {
        using CsvLines csv = new(stream);
        csv.Line("task", "positive", "negative", "training", "heldOut");
        foreach (FeatureTask task in features.Tasks)
        {
            csv.Line(task.Name, Number(task.Positive), Number(task.Negative), Number(task.Training), Number(task.HeldOut));
        }
    }

    /// <summary>A row per claim and memory.</summary>
    public static void WriteClaims(ExportRun run, ClaimRun claims, Stream stream)
    {
        using CsvLines csv = new(stream);
        csv.Line(["claim", "predicate", "rule", "searched", "layer", "expert", "index", "pole", "screened", "threshold", "texts", "tp", "fp", "fn", "tn", "baseRate",
            .. Columns("precision"), .. Columns("recall"), .. Columns("negative"), .. Columns("lift"), .. Columns("phi"), .. Columns("auroc"), .. Columns("averagePrecision"), "p", "q", "verdict"]);
        foreach (ClaimResult claim in claims.Claims)
        {
            foreach (ClaimTest test in claim.Tests.Where(test => run.Writes(test.Memory)))
            {
                DetectorCounts counts = test.Counts;
                csv.Line(
                [
                    claim.Name, claim.Predicate, claim.Threshold, Answer(claim.Searched), Number(test.Memory.Layer), Id(test.Memory.Expert), Number(test.Memory.Index), MemoryJson.Name(test.Pole),
                    Number(test.Screened), Number(test.Threshold), Number(test.Texts), Number(counts.Tp), Number(counts.Fp), Number(counts.Fn), Number(counts.Tn), Number(counts.BaseRate),
                    .. With(counts.Precision, test.PrecisionInterval), .. With(counts.Recall, test.RecallInterval), .. With(counts.NegativeGivenInactive, test.NegativeInterval),
                    .. With(counts.Lift, test.LiftInterval), .. With(counts.Phi, test.PhiInterval), .. With(test.Auroc, test.AurocInterval), .. With(test.AveragePrecision, test.AveragePrecisionInterval),
                    Number(test.P), Number(test.AdjustedP), test.Verdict.ToString().ToLowerInvariant(),
                ]);
            }
        }
    }

    private static string[] Columns(string name) => [name, name + "Lower", name + "Upper"];

    private static string[] With(double value, Interval interval) => [Number(value), Number(interval.Lower), Number(interval.Upper)];
}
