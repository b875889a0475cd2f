using System.Globalization;
using System.Text.Json;

namespace Keyhole.Cli.Verifying;

/// <summary>Differences as people and programs read them.</summary>
internal static class Figure
{
    /// <summary><c>3.1e-6</c>; <c>0</c> for no difference at all.</summary>
    public static string Of(double difference) => difference == 0 ? "0" : difference.ToString("0.0e+0", CultureInfo.InvariantCulture);

    /// <summary>A number, or null where there is none or it is not finite.</summary>
    public static void Write(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number && double.IsFinite(number))
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
