using System.Globalization;

namespace Keyhole.Cli;

/// <summary>Durations for people.</summary>
internal static class TimeText
{
    /// <summary><c>7 s</c>, <c>3 min 20 s</c>, <c>2 h 5 min</c>.</summary>
    public static string Short(TimeSpan time)
    {
        CultureInfo invariant = CultureInfo.InvariantCulture;
        long seconds = (long)Math.Round(time.TotalSeconds);
        return seconds switch
        {
            < 60 => string.Create(invariant, $"{seconds} s"),
            < 3600 => string.Create(invariant, $"{seconds / 60} min {seconds % 60} s"),
            _ => string.Create(invariant, $"{seconds / 3600} h {seconds / 60 % 60} min"),
        };
    }
}
