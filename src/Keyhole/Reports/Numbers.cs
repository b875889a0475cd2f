using System.Globalization;
using Keyhole.Statistics;

namespace Keyhole.Reports;

/// <summary>Numbers as a report prints them: a few significant digits, a true minus sign, a dash where there is none.</summary>
internal static class Numbers
{
    /// <summary>What stands where there is no number.</summary>
    public const string None = "–";

    /// <summary>A count with separators.</summary>
    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A number with at most <paramref name="digits"/> significant digits; whole above that.</summary>
    public static string Plain(double value, int digits = 3)
    {
        if (!double.IsFinite(value))
        {
            return double.IsNaN(value) ? None : value > 0 ? "∞" : "−∞";
        }

        double size = Math.Abs(value);
        string text = size is not 0 and (< 1e-4 or >= 1e7)
            ? value.ToString(string.Create(CultureInfo.InvariantCulture, $"0.{new string('#', digits - 1)}e0"), CultureInfo.InvariantCulture)
            : Math.Round(value, size == 0 ? 0 : Math.Clamp(digits - 1 - (int)Math.Floor(Math.Log10(size)), 0, 15)).ToString("#,0.########", CultureInfo.InvariantCulture);
        return text.Replace('-', '−');
    }

    /// <summary>A share in percent.</summary>
    public static string Percent(double share, int digits = 2) => double.IsNaN(share) ? None : Plain(100 * share, Math.Abs(share) >= 0.0995 ? Math.Max(digits, 3) : digits) + "%";

    /// <summary>A change that is in percent already, with its sign.</summary>
    public static string Change(double percent) => double.IsNaN(percent) ? None : (percent > 0 ? "+" : string.Empty) + Plain(percent, 2) + "%";

    /// <summary>An interval of shares, in percent.</summary>
    public static string Percent(Interval interval) => double.IsNaN(interval.Lower) ? None : $"{Percent(interval.Lower)} to {Percent(interval.Upper)}";

    /// <summary>A share's interval and n.</summary>
    public static string IntervalOf(Share share) => $"{Percent(share.Wilson())} (n\u00A0=\u00A0{Count(share.Total)})";

    /// <summary>A mean share's interval and n.</summary>
    public static string IntervalOf(Estimate estimate) => $"{Percent(estimate.Interval)} (n\u00A0=\u00A0{Count(estimate.N)})";

    /// <summary>A percent change's interval and n.</summary>
    public static string ChangeIntervalOf(Estimate estimate) => $"{Change(estimate.Interval.Lower)} to {Change(estimate.Interval.Upper)} (n\u00A0=\u00A0{Count(estimate.N)})";
}
