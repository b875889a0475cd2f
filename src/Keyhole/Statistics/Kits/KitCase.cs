using System.Globalization;
using System.Text.Json;
using Keyhole.Engine;

namespace Keyhole.Statistics.Kits;

/// <summary>One case of a kit: its inputs by name, each refused with a sentence where it is not what is expected.</summary>
internal sealed class KitCase
{
    private readonly JsonElement _case;
    private readonly string _where;

    /// <param name="element">The case.</param>
    /// <param name="where">The file and the case's number, for sentences.</param>
    public KitCase(JsonElement element, string where)
    {
        (_case, _where) = (element, where);
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw Refused("it is no object");
        }

        Kind = Text("kind") ?? throw Refused("'kind': a text is expected");
        Name = Text("name");
    }

    /// <summary>Which measure is asked for.</summary>
    public string Kind { get; }

    /// <summary>What the case is called, where it is.</summary>
    public string? Name { get; }

    /// <summary>A list of finite numbers.</summary>
    public double[] Numbers(string name) => [.. List(name).Select((value, at) => Finite(value, $"{name}[{at}]"))];

    /// <summary>A list of finite numbers in which null becomes NaN.</summary>
    public double[] NumbersOrNull(string name) => [.. List(name).Select((value, at) => value.ValueKind == JsonValueKind.Null ? double.NaN : Finite(value, $"{name}[{at}]"))];

    /// <summary>A list of finite numbers between 0 and 1; null becomes NaN.</summary>
    public double[] Probabilities(string name)
    {
        double[] values = NumbersOrNull(name);
        int wrong = Array.FindIndex(values, value => value is < 0 or > 1);
        return wrong < 0 ? values : throw Refused($"'{name}[{wrong}]': a number between 0 and 1 is expected");
    }

    /// <summary>A finite number, or null where there is none.</summary>
    public double? Number(string name)
        => _case.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? Finite(value, name) : null;

    /// <summary>A whole number from 0.</summary>
    public long Count(string name)
        => Number(name) is { } value && value >= 0 && value <= 1L << 53 && double.IsInteger(value) ? (long)value : throw Refused($"'{name}': a whole number from 0 is expected");

    /// <summary>A list of yes or no: true and false, or 1 and 0.</summary>
    public bool[] Labels(string name) => [.. List(name).Select((value, at) => value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number when value.GetDouble() is 0 or 1 => value.GetDouble() == 1,
        _ => throw Refused($"'{name}[{at}]': 1 or 0, or true or false, is expected"),
    })];

    /// <summary>A list of rows, all with as many finite numbers.</summary>
    /// <returns>Row by row, and the shape.</returns>
    public (double[] Values, int Rows, int Columns) Matrix(string name)
    {
        List<double> values = [];
        int rows = 0;
        int columns = 0;
        foreach (JsonElement row in List(name))
        {
            if (row.ValueKind != JsonValueKind.Array || (rows > 0 && row.GetArrayLength() != columns))
            {
                throw Refused($"'{name}[{rows}]': a list of {(rows > 0 ? columns.ToString(CultureInfo.InvariantCulture) + " " : string.Empty)}numbers is expected");
            }

            columns = row.GetArrayLength();
            int column = 0;
            foreach (JsonElement value in row.EnumerateArray())
            {
                values.Add(Finite(value, $"{name}[{rows}][{column++}]"));
            }

            rows++;
        }

        return ([.. values], rows, columns);
    }

    /// <summary>What a rater said of each thing: a text, a number or true or false as <see cref="object"/> that equals another of the same; null where there is nothing.</summary>
    public object?[] Ratings(string name) => [.. List(name).Select((value, at) => (object?)(value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.String => TextOf(value, $"{name}[{at}]"),
        JsonValueKind.Number => Finite(value, $"{name}[{at}]"),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Refused($"'{name}[{at}]': a text, a number, or null where there is no rating, is expected"),
    }))];

    /// <summary>Refuses lists of different lengths.</summary>
    public void RequireSameLength(string first, int firstLength, string second, int secondLength)
    {
        if (firstLength != secondLength)
        {
            throw Refused($"'{first}' has {firstLength} entries and '{second}' has {secondLength}; as many are expected");
        }
    }

    /// <summary>The refusal of this case.</summary>
    public InputRefusedException Refused(string what) => new("KH7602", $"{_where}{(Kind is null ? string.Empty : $" ({Kind})")}: {what}.");

    private JsonElement.ArrayEnumerator List(string name)
        => _case.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : throw Refused($"'{name}': a list is expected");

    private double Finite(JsonElement value, string name)
        => value.ValueKind == JsonValueKind.Number && double.IsFinite(value.GetDouble()) ? value.GetDouble() : throw Refused($"'{name}': a finite number is expected");

    private string? Text(string name) => _case.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? TextOf(value, name) : null;

    private string TextOf(JsonElement value, string name)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Refused($"'{name}': it holds escapes that are no text");   // a lone surrogate such as "\ud800"
        }
    }
}
