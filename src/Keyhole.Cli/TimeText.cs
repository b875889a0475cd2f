using System.Globalization;

namespace Keyhole.Cli;

/// <summary>Durations for people.</summary>
internal static class TimeText
{
    /// <summary><c>7 s</c>, <c>3 min 20 s</c>, <c>2 h 5 min</c>.</summary>
    public static string Short(TimeSpan time)
    {
        CultureInfo invariant = CultureInfo.InvariantCulture;
        if (time.TotalSeconds < 59.5)
        {
            return string.Create(invariant, $"{time.TotalSeconds:0} s");
        }
        return time.TotalMinutes < 59.5
            ? string.Create(invariant, $"{(int)time.TotalMinutes} min {time.Seconds} s")
            : string.Create(invariant, $"{(long)time.TotalHours} h {time.Minutes} min");
    }
}
