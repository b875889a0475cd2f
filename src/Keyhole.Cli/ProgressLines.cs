using System.Diagnostics;
using System.Globalization;

namespace Keyhole.Cli;

/// <summary>Progress where there is no terminal: a plain line now and then.</summary>
/// <param name="what">What is being done, such as <c>mining</c>.</param>
/// <param name="write">Receives each line.</param>
/// <param name="interval">The least time between two lines; the first line comes after it too.</param>
internal sealed class ProgressLines(string what, Action<string> write, TimeSpan interval) : IProgress<ProgressState>
{
    private readonly Lock _gate = new();
    private readonly long _start = Stopwatch.GetTimestamp();
    private TimeSpan _last;

    /// <inheritdoc/>
    public void Report(ProgressState value)
    {
        lock (_gate)
        {
            TimeSpan elapsed = Stopwatch.GetElapsedTime(_start);
            if (elapsed - _last < interval)
            {
                return;
            }
            _last = elapsed;
            write(Line(value, elapsed));
        }
    }

    /// <summary>One line: share done, detail, time left.</summary>
    public string Line(ProgressState value, TimeSpan elapsed)
    {
        string detail = value.Detail.Length == 0 ? "" : $", {value.Detail}";
        string left = value.Share > 0 ? $", {TimeText.Short(elapsed * ((1 - value.Share) / value.Share))} left" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{what}: {value.Share:0%}{detail}{left}");
    }
}
