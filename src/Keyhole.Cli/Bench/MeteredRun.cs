using Keyhole.Mining;

namespace Keyhole.Cli.Bench;

/// <summary>A run of mining beside matrix products, measured in between.</summary>
/// <param name="Mined">The run, measuring included in its times.</param>
/// <param name="Plan">Its memory plan.</param>
/// <param name="Rate">Floating-point operations per second of matrix products during the run.</param>
/// <param name="PassSeconds">Forward pass and statistics, without measuring.</param>
/// <param name="AllSeconds">Everything after loading, without measuring.</param>
internal sealed record MeteredRun(MiningResult Mined, MemoryPlan Plan, double Rate, double PassSeconds, double AllSeconds)
{
    /// <summary>Share of the rate that the forward pass with statistics keeps.</summary>
    public double PassShare => Mined.FloatingPointOperations / PassSeconds / Rate;

    /// <summary>Share of the rate that everything after loading keeps.</summary>
    public double WholeShare => Mined.FloatingPointOperations / AllSeconds / Rate;

    /// <summary>Mines once; the study stays.</summary>
    /// <param name="options">What to mine.</param>
    /// <param name="meter">Measures whenever its threads rest.</param>
    /// <param name="progress">Told how far it is, or null.</param>
    /// <param name="stop">Stops it.</param>
    public static MeteredRun Of(MiningOptions options, GemmMeter meter, IProgress<MiningProgress>? progress = null, CancellationToken stop = default)
    {
        using var miner = new Miner(options);
        MemoryPlan? plan = null;
        var pauses = new MeteredProgress(meter, progress);
        meter.Begin();
        MiningResult mined = miner.Run(made => plan = made, pauses, stop);
        meter.End();
        return new MeteredRun(mined, plan!, meter.Rate, mined.MineSeconds - pauses.MineSeconds, mined.AfterLoadSeconds - meter.PausedSeconds);
    }
}
