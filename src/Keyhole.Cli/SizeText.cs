using System.Globalization;

namespace Keyhole.Cli;

/// <summary>Numbers of bytes for people, in binary units.</summary>
internal static class SizeText
{
    /// <summary><c>512 B</c>, <c>19.2 MiB</c>, <c>1.31 GiB</c>: three digits.</summary>
    public static string Of(long bytes)
    {
        string[] units = ["B", "KiB", "MiB", "GiB", "TiB"];
        double size = bytes;
        int unit = 0;
        while (size >= 999.5 && unit < units.Length - 1)
        {
            size /= 1024;
            unit++;
        }
        string digits = unit == 0 || size >= 99.95 ? "0" : size >= 9.995 ? "0.0" : "0.00";
        return $"{size.ToString(digits, CultureInfo.InvariantCulture)} {units[unit]}";
    }
}
