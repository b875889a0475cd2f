namespace Keyhole.Cli;

/// <summary>Progress for machines: an event of <see cref="EventLines"/> now and then.</summary>
/// <param name="lines">Receives the events.</param>
/// <param name="clock">Measures the time between them.</param>
internal sealed class ProgressEvents(EventLines lines, TimeProvider clock) : IProgress<ProgressState>
{
    private static readonly TimeSpan LeastInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MostInterval = TimeSpan.FromSeconds(10);
    private readonly Lock _gate = new();
    private readonly long _start = clock.GetTimestamp();
    private readonly RemainingTime _remaining = new();
    private TimeSpan _last = -LeastInterval; // the first report is an event

    /// <inheritdoc/>
    public void Report(ProgressState value)
    {
        TimeSpan elapsed;
        TimeSpan? left;
        lock (_gate)
        {
            elapsed = clock.GetElapsedTime(_start);
            left = _remaining.After(value.Share, elapsed);
            if (elapsed - _last < Interval(elapsed))
            {
                return;
            }

            _last = elapsed;
        }

        lines.Write("progress", json =>
        {
            json.WriteString("phase", value.Phase);
            json.WriteNumber("share", Math.Round(value.Share, 6));
            json.WriteNumber("elapsedSeconds", Math.Round(elapsed.TotalSeconds, 3));
            if (left is { } time)
            {
                json.WriteNumber("secondsLeft", Math.Round(time.TotalSeconds, 1));
            }

            foreach (ProgressFigure figure in value.Figures.IsDefault ? [] : value.Figures)
            {
                if (double.IsFinite(figure.Value))
                {
                    json.WriteNumber(figure.Name, Math.Round(figure.Value, 6));
                }
            }
        });
    }

    // A run of hours writes a log of a few hundred kilobytes.
    private static TimeSpan Interval(TimeSpan elapsed) => TimeSpan.FromTicks(Math.Clamp(elapsed.Ticks / 60, LeastInterval.Ticks, MostInterval.Ticks));
}
