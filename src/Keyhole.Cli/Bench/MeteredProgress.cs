using Keyhole.Mining;

namespace Keyhole.Cli.Bench;

/// <summary>Measures matrix products whenever mining tells how far it is: it does so between layers, and between batches of texts, when its threads rest.</summary>
/// <param name="meter">Measures.</param>
/// <param name="target">Told the same, or null.</param>
internal sealed class MeteredProgress(GemmMeter meter, IProgress<MiningProgress>? target = null) : IProgress<MiningProgress>
{
    /// <summary>Seconds of measuring that fell into the phase of mining.</summary>
    public double MineSeconds { get; private set; }

    /// <inheritdoc/>
    public void Report(MiningProgress value)
    {
        target?.Report(value);
        double before = meter.PausedSeconds;
        meter.Pause();
        MineSeconds += value.Phase == "mine" ? meter.PausedSeconds - before : 0;
    }
}
