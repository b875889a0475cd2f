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

    /// <summary>Bytes of <c>400MiB</c>, <c>3GiB</c>, <c>1.5G</c> or <c>800000000</c>; units are binary with and without the i.</summary>
    /// <exception cref="UsageException">The text is no size.</exception>
    public static long Parse(string text)
    {
        string trimmed = text.Trim();
        int digits = 0;
        while (digits < trimmed.Length && (char.IsAsciiDigit(trimmed[digits]) || trimmed[digits] == '.'))
        {
            digits++;
        }
        double scale = trimmed[digits..].Trim().ToUpperInvariant() switch
        {
            "" or "B" => 1,
            "K" or "KB" or "KIB" => 1L << 10,
            "M" or "MB" or "MIB" => 1L << 20,
            "G" or "GB" or "GIB" => 1L << 30,
            "T" or "TB" or "TIB" => 1L << 40,
            _ => 0,
        };
        return double.TryParse(trimmed.AsSpan(0, digits), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) && number * scale is >= 1 and < 1L << 50
            ? (long)(number * scale)
            : throw new UsageException($"'{text}' is no size; write it as 400MiB or 3GiB.");
    }
}
