using System.Globalization;
using System.Text;

namespace Keyhole.Exports;

/// <summary>Writes rows of RFC 4180 with '\n'; what is missing or not finite is an empty field.</summary>
internal sealed class CsvLines : IDisposable
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    private readonly StreamWriter _csv;

    /// <param name="stream">Where to; it stays open.</param>
    public CsvLines(Stream stream) => _csv = new StreamWriter(stream, Utf8, leaveOpen: true);

    /// <summary>Writes a row.</summary>
    public void Line(params ReadOnlySpan<string> fields)
    {
        for (int i = 0; i < fields.Length; i++)
        {
            if (i > 0)
            {
                _csv.Write(',');
            }

            string field = fields[i];
            _csv.Write(field.AsSpan().ContainsAny(",\"\r\n") ? $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : field);
        }

        _csv.Write('\n');
    }

    /// <inheritdoc/>
    public void Dispose() => _csv.Dispose();

    /// <summary>A whole number.</summary>
    public static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>A number of float32; empty where it is not finite.</summary>
    public static string Number(float value) => float.IsFinite(value) ? value.ToString(CultureInfo.InvariantCulture) : string.Empty;

    /// <summary>A number; empty where it is not finite.</summary>
    public static string Number(double value) => double.IsFinite(value) ? value.ToString(CultureInfo.InvariantCulture) : string.Empty;

    /// <summary>A token id or expert; empty where there is none.</summary>
    public static string Id(int id) => id < 0 ? string.Empty : Number(id);

    /// <summary><c>true</c>, <c>false</c>, or empty where there is no answer.</summary>
    public static string Answer(bool? answer) => answer is null ? string.Empty : answer.Value ? "true" : "false";
}
