using Keyhole.Mining;

namespace Keyhole.Cli.Bench;

/// <summary>Mines into a study that is thrown away, beside matrix products measured in between.</summary>
internal static class MiningBench
{
    /// <summary>Runs once.</summary>
    /// <param name="options">What to mine; its output is replaced by a temporary file.</param>
    /// <param name="console">Shows progress.</param>
    /// <param name="stop">Stops it.</param>
    /// <returns>The run; the most memory held, mapped pages apart and that of the products included, 0 where unknown.</returns>
    public static (MeteredRun Run, long PeakBytes) Run(MiningOptions options, CommandConsole console, CancellationToken stop)
    {
        string study = Path.Combine(Path.GetTempPath(), $"keyhole-bench-{Environment.ProcessId}.study");
        try
        {
            using var meter = new GemmMeter(options.Threads);
            using var memory = new ResidentMemory();
            MeteredRun run = console.WithProgress(progress => MeteredRun.Of(options with { Output = study }, meter, new Cli.Mining.PhaseProgress(progress), stop));
            return (run, memory.Peak);
        }
        finally
        {
            File.Delete(study);
        }
    }
}
