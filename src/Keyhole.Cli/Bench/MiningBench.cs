using Keyhole.Mining;

namespace Keyhole.Cli.Bench;

/// <summary>Mines into a study that is thrown away, between two measurements of the machine's rate.</summary>
internal static class MiningBench
{
    /// <summary>Runs once.</summary>
    /// <param name="options">What to mine; its output is replaced by a temporary file.</param>
    /// <param name="rate">Measures the machine's rate.</param>
    /// <param name="console">Shows progress.</param>
    /// <param name="stop">Stops it.</param>
    public static MiningBenchResult Run(MiningOptions options, Func<double> rate, CommandConsole console, CancellationToken stop)
    {
        double before = rate();
        string study = Path.Combine(Path.GetTempPath(), $"keyhole-bench-{Environment.ProcessId}.study");
        MemoryPlan? plan = null;
        MiningResult mined;
        long peak;
        try
        {
            using var memory = new ResidentMemory();
            using var miner = new Miner(options with { Output = study });
            mined = console.WithProgress(progress => miner.Run(made => plan = made, new Cli.Mining.PhaseProgress(progress), stop));
            peak = memory.Peak;
        }
        finally
        {
            File.Delete(study);
        }

        return new MiningBenchResult(mined, plan!, peak, before, rate());
    }
}

/// <summary>What a run of <see cref="MiningBench"/> took.</summary>
/// <param name="Mined">The run.</param>
/// <param name="Plan">Its memory plan.</param>
/// <param name="PeakBytes">Most memory held, mapped pages apart; 0 where unknown.</param>
/// <param name="RateBefore">Floating-point operations per second of matrix products before.</param>
/// <param name="RateAfter">And after.</param>
internal sealed record MiningBenchResult(MiningResult Mined, MemoryPlan Plan, long PeakBytes, double RateBefore, double RateAfter)
{
    /// <summary>The larger of both rates.</summary>
    public double Rate => Math.Max(RateBefore, RateAfter);

    /// <summary>Share of the rate, forward pass and statistics.</summary>
    public double PassShare => Mined.FloatingPointOperations / Mined.MineSeconds / Rate;

    /// <summary>Share of the rate, everything after loading.</summary>
    public double WholeShare => Mined.FloatingPointOperations / Mined.AfterLoadSeconds / Rate;
}
