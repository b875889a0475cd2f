using System.Globalization;
using System.Text;

namespace Keyhole.Engine.Checkpoints;

/// <summary>How names and shapes from a file stand in a message: bounded in length, without control characters.</summary>
internal static class Naming
{
    private const int LongestName = 120;
    private const int LongestList = 100;

    /// <summary>A name from a file in quotes, cut after 120 characters, its control characters shown as <c>\uXXXX</c>.</summary>
    public static string Quote(string name)
    {
        StringBuilder text = new("'");
        foreach (char c in name.AsSpan(0, Math.Min(name.Length, LongestName)))
        {
            if (char.IsControl(c) || char.IsSurrogate(c))
            {
                text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}");
            }
            else
            {
                text.Append(c);
            }
        }
        return text.Append(name.Length > LongestName ? "...'" : "'").ToString();
    }

    /// <summary>A shape as <c>[2, 3]</c>.</summary>
    public static string Shape(ReadOnlySpan<long> shape)
    {
        StringBuilder text = new("[");
        for (int i = 0; i < shape.Length; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{(i == 0 ? "" : ", ")}{shape[i]}");
        }
        return text.Append(']').ToString();
    }

    /// <summary>The first hundred names in quotes, and how many more there are.</summary>
    public static string List(IReadOnlyCollection<string> names)
    {
        string list = string.Join(", ", names.Take(LongestList).Select(Quote));
        return names.Count > LongestList ? string.Create(CultureInfo.InvariantCulture, $"{list} and {names.Count - LongestList} more") : list;
    }

    /// <summary>What is missing and what is unknown, in one phrase.</summary>
    public static string MissingAndUnknown(IReadOnlyCollection<string> missing, IReadOnlyCollection<string> unknown)
    {
        List<string> parts = [];
        if (missing.Count > 0)
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{missing.Count} missing ({List(missing)})"));
        }
        if (unknown.Count > 0)
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{unknown.Count} unknown ({List(unknown)})"));
        }
        return string.Join("; ", parts);
    }

    /// <summary>A storage type by name, with its number where the file is GGUF.</summary>
    public static string StorageType(TensorInfo tensor) => tensor.GgmlType is uint number
        ? string.Create(CultureInfo.InvariantCulture, $"{Printable(tensor.TypeName)} (GGML type {number})")
        : Printable(tensor.TypeName);

    private static string Printable(string name) => Quote(name)[1..^1];
}
