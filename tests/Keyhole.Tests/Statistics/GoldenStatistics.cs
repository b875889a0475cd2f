using System.Text.Json;
using Keyhole.TestSupport;

namespace Keyhole.Tests.Statistics;

/// <summary>Cases of other people's statistics (Golden/statistics).</summary>
internal static class GoldenStatistics
{
    public static JsonElement[] Cases(string file)
    {
        string path = Path.Combine(SharedData.Repository, "tests", "Keyhole.Tests", "Golden", "statistics", file);
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
        return [.. document.RootElement.GetProperty("cases").EnumerateArray().Select(one => one.Clone())];
    }

    public static double[] Numbers(this JsonElement one, string name) => [.. one.GetProperty(name).EnumerateArray().Select(value => value.GetDouble())];

    public static bool[] Labels(this JsonElement one, string name) => [.. one.GetProperty(name).EnumerateArray().Select(value => value.GetInt32() == 1)];

    /// <summary>A matrix row by row, with its number of rows.</summary>
    public static (double[] Values, int Rows) Matrix(this JsonElement one, string name)
        => ([.. one.GetProperty(name).EnumerateArray().SelectMany(row => row.EnumerateArray()).Select(value => value.GetDouble())], one.GetProperty(name).GetArrayLength());
}
