using System.Globalization;
using Keyhole.Claiming;
using Keyhole.Exports;
using Keyhole.Memories;
using Keyhole.Statistics;

namespace Keyhole.Cli.Claiming;

/// <summary>Tested claims as a table, or as a JSON document.</summary>
internal static class ClaimReport
{
    private const int SchemaVersion = 1;

    /// <summary>The document of <c>claim --json</c> (docs/formats/results.md).</summary>
    public static void WriteJson(CommandConsole console, ClaimRun run) => console.WriteJson(SchemaVersion, json => ClaimJson.Write(json, run));

    /// <summary>A table of the claims that name a memory, then one for each that was searched for.</summary>
    /// <param name="console">Where to.</param>
    /// <param name="run">The claims.</param>
    /// <param name="most">Memories shown of a search.</param>
    /// <param name="examples">Whether positions are shown too.</param>
    public static void WriteText(CommandConsole console, ClaimRun run, int most, bool examples)
    {
        ClaimResult[] named = [.. run.Claims.Where(claim => !claim.Searched)];
        if (named.Length > 0)
        {
            Table(console, "claim", named.SelectMany(claim => claim.Tests.Select(test => (VisibleText.Of(claim.Name), test))), searched: false);
            foreach (ClaimResult claim in named)
            {
                Foot(console, claim);
                Examples(console, claim, examples ? 1 : 0);
            }
        }

        foreach (ClaimResult claim in run.Claims.Where(claim => claim.Searched))
        {
            console.Output.Write($"\n{VisibleText.Of(claim.Name)}: the best of all memories, chosen on one half of the texts, counted on the other\n");
            if (claim.Tests.IsEmpty)
            {
                console.Output.Write("  none: the predicate never holds, or always\n");
                continue;
            }

            Table(console, "memory", claim.Tests.Take(most).Select(test => (string.Empty, test)), searched: true);
            Foot(console, claim);
            Examples(console, claim, examples ? most : 0);
        }

        console.Note(string.Create(CultureInfo.InvariantCulture, $"{run.Options["positions"]} positions of {run.Options["units"]} texts ({run.Options.GetValueOrDefault("texts", "the study's own")}); intervals: 95%, 1,000 resamples of texts; q: Benjamini-Hochberg over {run.Options["tests"]} tests."));
    }

    private static void Table(CommandConsole console, string first, IEnumerable<(string Name, ClaimTest Test)> tests, bool searched)
        => console.WriteTable(
            [.. searched ? (string[])["memory", ">chosen"] : [first, "memory"], ">threshold", ">tp", ">fp", ">fn", ">tn", ">precision", ">recall", ">not P | inactive (base)", ">lift", ">phi", ">AUROC", ">AP", ">q", "verdict"],
            tests.Select(one => (IReadOnlyList<string>)
            [
                .. searched ? (string[])[Memory(one.Test), Number(one.Test.Screened)] : [one.Name, Memory(one.Test)],
                double.IsNaN(one.Test.Threshold) ? "rank" : Number(one.Test.Threshold),
                Count(one.Test.Counts.Tp),
                Count(one.Test.Counts.Fp),
                Count(one.Test.Counts.Fn),
                Count(one.Test.Counts.Tn),
                Number(one.Test.Counts.Precision, one.Test.PrecisionInterval),
                Number(one.Test.Counts.Recall, one.Test.RecallInterval),
                $"{Number(one.Test.Counts.NegativeGivenInactive)} ({Number(1 - one.Test.Counts.BaseRate)})",
                Number(one.Test.Counts.Lift),
                Number(one.Test.Counts.Phi),
                Number(one.Test.Auroc, one.Test.AurocInterval),
                Number(one.Test.AveragePrecision, one.Test.AveragePrecisionInterval),
                Number(one.Test.AdjustedP),
                Verdict(one.Test.Verdict),
            ]));

    private static void Foot(CommandConsole console, ClaimResult claim) => console.Output.Write(string.Create(CultureInfo.InvariantCulture,
        $"  {VisibleText.Of(claim.Name)}: P = {VisibleText.Of(claim.Predicate)}; active: {claim.Threshold}; sufficient above precision {claim.Levels.Precision}, necessary above recall {claim.Levels.Recall}\n"));

    private static void Examples(CommandConsole console, ClaimResult claim, int most)
    {
        foreach (ClaimTest test in claim.Tests.Take(most))
        {
            foreach ((string kind, IReadOnlyList<ClaimExample> examples) in new (string, IReadOnlyList<ClaimExample>)[] { ("active, and P", test.Examples.Hits), ("active, not P", test.Examples.Extra), ("P, not active", test.Examples.Missed) })
            {
                if (examples.Count == 0)
                {
                    continue;
                }

                console.Output.Write($"  {Memory(test)} {kind}\n");
                foreach (ClaimExample example in examples)
                {
                    string target = example.Target is null ? string.Empty : $" → {VisibleText.Of(example.Target)}";
                    console.Output.Write(string.Create(CultureInfo.InvariantCulture, $"    {example.Coefficient,9:G4}  {VisibleText.Of(example.Prefix)}[{VisibleText.Of(example.Last)}]{target}  (unit {example.Unit}, position {example.Position})\n"));
                }
            }
        }
    }

    private static string Memory(ClaimTest test) => test.Memory + (test.Pole == Pole.Negative ? "-" : string.Empty);

    private static string Verdict(ClaimVerdict verdict) => verdict.ToString().ToLowerInvariant();

    private static string Number(double value, Interval interval) => double.IsNaN(interval.Lower) ? Number(value) : $"{Number(value)} [{Number(interval.Lower)}, {Number(interval.Upper)}]";

    private static string Number(double value) => double.IsNaN(value) ? "-" : value.ToString("G3", CultureInfo.InvariantCulture);

    private static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
