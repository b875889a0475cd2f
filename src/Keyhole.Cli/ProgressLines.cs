using System.Diagnostics;
using System.Globalization;

namespace Keyhole.Cli;

/// <summary>Progress where there is no terminal: a plain line now and then.</summary>
/// <param name="write">Receives each line.</param>
/// <param name="interval">The least time between two lines; the first line comes after it too.</param>
internal sealed class ProgressLines(Action<string> write, TimeSpan interval) : IProgress<ProgressState>
{
    private readonly Lock _gate = new();
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly RemainingTime _remaining = new();
    private TimeSpan _last;

    /// <inheritdoc/>
    public void Report(ProgressState value)
    {
        lock (_gate)
        {
            TimeSpan elapsed = Stopwatch.GetElapsedTime(_start);
            TimeSpan? left = _remaining.After(value.Share, elapsed);
            if (elapsed - _last < interval)
            {
                return;
            }
            _last = elapsed;
            write(Line(value, left));
        }
    }

    /// <summary>One line: what is being done, share done, detail, time left.</summary>
    public static string Line(ProgressState value, TimeSpan? left)
    {
        string detail = value.Detail.Length == 0 ? "" : $", {value.Detail}";
        string time = left is { } known ? $", {TimeText.Short(known)} left" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{value.Phase}: {value.Share:0%}{detail}{time}");
    }
}
