using Keyhole.Mining;

namespace Keyhole.Cli.Bench;

/// <summary>Mines into a study that is thrown away, beside matrix products measured in between.</summary>
internal static class MiningBench
{
    /// <summary>Runs once.</summary>
    /// <param name="options">What to mine; its output is replaced by a temporary file.</param>
    /// <param name="console">Shows progress.</param>
    /// <param name="stop">Stops it.</param>
    public static MiningBenchResult Run(MiningOptions options, CommandConsole console, CancellationToken stop)
    {
        string study = Path.Combine(Path.GetTempPath(), $"keyhole-bench-{Environment.ProcessId}.study");
        try
        {
            using var meter = new GemmMeter(options.Threads);
            using var memory = new ResidentMemory();
            using var miner = new Miner(options with { Output = study });
            MemoryPlan? plan = null;
            double paused = 0;
            MiningResult mined = console.WithProgress(progress =>
            {
                var pauses = new MeteredProgress(meter, new Cli.Mining.PhaseProgress(progress));
                meter.Begin();
                MiningResult result = miner.Run(made => plan = made, pauses, stop);
                meter.End();
                paused = pauses.MineSeconds;
                return result;
            });
            return new MiningBenchResult(mined, plan!, memory.Peak, meter.Rate, mined.MineSeconds - paused, mined.AfterLoadSeconds - meter.PausedSeconds);
        }
        finally
        {
            File.Delete(study);
        }
    }
}

/// <summary>What a run of <see cref="MiningBench"/> took.</summary>
/// <param name="Mined">The run, measuring included in its times.</param>
/// <param name="Plan">Its memory plan.</param>
/// <param name="PeakBytes">Most memory held, mapped pages apart, that of the products included; 0 where unknown.</param>
/// <param name="Rate">Floating-point operations per second of matrix products during the run.</param>
/// <param name="PassSeconds">Forward pass and statistics, without measuring.</param>
/// <param name="AllSeconds">Everything after loading, without measuring.</param>
internal sealed record MiningBenchResult(MiningResult Mined, MemoryPlan Plan, long PeakBytes, double Rate, double PassSeconds, double AllSeconds)
{
    /// <summary>Share of the rate, forward pass and statistics.</summary>
    public double PassShare => Mined.FloatingPointOperations / PassSeconds / Rate;

    /// <summary>Share of the rate, everything after loading.</summary>
    public double WholeShare => Mined.FloatingPointOperations / AllSeconds / Rate;
}
