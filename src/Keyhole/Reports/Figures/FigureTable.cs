using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Keyhole.Reports.Figures;

/// <summary>The data of a figure: named columns, and rows of texts, numbers and nothing.</summary>
/// <param name="columns">Names of the columns.</param>
internal sealed class FigureTable(params string[] columns)
{
    private readonly List<object?[]> _rows = [];

    /// <summary>Names of the columns.</summary>
    public IReadOnlyList<string> Columns { get; } = columns;

    /// <summary>The rows.</summary>
    public IReadOnlyList<IReadOnlyList<object?>> Rows => _rows;

    /// <summary>Adds a row; numbers that are not finite become nothing.</summary>
    /// <exception cref="ArgumentException">It has more or fewer cells than there are columns.</exception>
    public void Add(params object?[] cells)
    {
        if (cells.Length != Columns.Count)
        {
            throw new ArgumentException($"A row has {cells.Length} cells, the table {Columns.Count} columns.", nameof(cells));
        }

        _rows.Add([.. cells.Select(cell => cell is double and (double.NaN or double.PositiveInfinity or double.NegativeInfinity) ? null : cell)]);
    }

    /// <summary>The rows as Vega-Lite takes them: an array of objects.</summary>
    public JsonArray ToJson() => [.. _rows.Select(row =>
    {
        var values = new JsonObject();
        for (int i = 0; i < row.Length; i++)
        {
            values[Columns[i]] = row[i] switch
            {
                null => null,
                int number => JsonValue.Create(number),
                long number => JsonValue.Create(number),
                double number => JsonValue.Create(number),
                bool flag => JsonValue.Create(flag),
                object text => JsonValue.Create(Convert.ToString(text, CultureInfo.InvariantCulture)),
            };
        }

        return (JsonNode)values;
    })];

    /// <summary>RFC 4180 with '\n'; nothing is an empty field.</summary>
    public string ToCsv()
    {
        var text = new StringBuilder();
        foreach (IReadOnlyList<object?> row in (IEnumerable<IReadOnlyList<object?>>)[Columns, .. _rows])
        {
            text.AppendJoin(',', row.Select(cell => Field(cell switch
            {
                null => string.Empty,
                bool flag => flag ? "true" : "false",
                _ => Convert.ToString(cell, CultureInfo.InvariantCulture)!,
            }))).Append('\n');
        }

        return text.ToString();
    }

    private static string Field(string text) => text.AsSpan().IndexOfAny(",\"\n\r") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
