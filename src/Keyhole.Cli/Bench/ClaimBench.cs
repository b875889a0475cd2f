using System.Diagnostics;
using System.Globalization;
using Keyhole.Claiming;
using Keyhole.Mining;

namespace Keyhole.Cli.Bench;

/// <summary>Mines into a study that is thrown away, then searches all its memories for detectors.</summary>
internal static class ClaimBench
{
    // From rare to frequent, of the kinds that need no file: the last ones hold at a third of all positions.
    private static readonly string[] s_predicates =
    [
        "on: prefix, regex: '(1[5-9]|20)[0-9][0-9]$'", "on: target, regex: '\"'", "on: last, words: [the, a, an]", "on: last, regex: 'ing$'", "on: target, regex: ','", "on: target, regex: '\\.'",
        "on: prefix, regex: 'Mr[^ ]* [A-Z][a-z]*$'", "on: last, regex: '^ ?[A-Z]'", "on: target, valueTop: 10", "on: last, regex: 'ed$'", "on: last, words: [he, she, it, they]", "on: prefix, regex: '\\(([^)]*)$'",
        "on: last, regex: '[0-9]'", "on: target, regex: '^ ?[A-Z]'", "on: last, regex: '^ '", "on: target, regex: 'e'",
    ];

    /// <summary>Runs once.</summary>
    /// <param name="options">What to mine; its output is replaced by a temporary file.</param>
    /// <param name="claims">Predicates, at most as many as there are.</param>
    /// <param name="console">Shows progress.</param>
    /// <param name="stop">Stops it.</param>
    public static ClaimBenchResult Run(MiningOptions options, int claims, CommandConsole console, CancellationToken stop)
    {
        string folder = Directory.CreateTempSubdirectory("keyhole-bench-").FullName;
        try
        {
            string study = Path.Combine(folder, "bench.study");
            string file = Path.Combine(folder, "claims.yaml");
            string[] predicates = [.. s_predicates.Take(claims)];
            File.WriteAllLines(file, predicates.Select((predicate, i) => string.Create(CultureInfo.InvariantCulture, $"- {{name: bench {i}, memories: all, {predicate}}}")));
            MiningResult mined;
            using (var miner = new Miner(options with { Output = study }))
            {
                mined = console.WithProgress(progress => miner.Run(null, new Mining.PhaseProgress(progress), stop));
            }

            using var memory = new ResidentMemory();
            long start = Stopwatch.GetTimestamp();
            var request = new ClaimOptions { Study = study, Claims = file, Model = options.Model, Threads = options.Threads };
            console.WithProgress(progress => ClaimTester.Run(request, new Claiming.PhaseProgress(progress), stop));
            return new ClaimBenchResult(mined, predicates.Length, Stopwatch.GetElapsedTime(start).TotalSeconds, memory.Peak);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}

/// <summary>What a run of <see cref="ClaimBench"/> took.</summary>
/// <param name="Mined">The mining before.</param>
/// <param name="Claims">Predicates.</param>
/// <param name="ClaimSeconds">All of the search: opening the model, both halves, exact counts, intervals, examples.</param>
/// <param name="PeakBytes">Most memory held meanwhile, mapped pages apart; 0 where unknown.</param>
internal sealed record ClaimBenchResult(MiningResult Mined, int Claims, double ClaimSeconds, long PeakBytes)
{
    /// <summary>Its time as a multiple of mining's forward pass and statistics alone.</summary>
    public double Ratio => ClaimSeconds / Mined.MineSeconds;
}
