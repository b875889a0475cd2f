namespace Keyhole.Cli;

/// <summary>Estimates when a run will be done, from what it has done since its first report: a run that goes on from a checkpoint begins in the middle.</summary>
internal sealed class RemainingTime
{
    private (double Share, TimeSpan Elapsed)? _first;

    /// <summary>The time left after a report; null where nothing can be told yet.</summary>
    /// <param name="share">Share of the work that is done, from 0 to 1.</param>
    /// <param name="elapsed">Time since the run began.</param>
    public TimeSpan? After(double share, TimeSpan elapsed)
    {
        _first ??= (share, elapsed);
        double done = share - _first.Value.Share;
        return done > 0 ? (elapsed - _first.Value.Elapsed) * ((1 - share) / done) : null;
    }
}
