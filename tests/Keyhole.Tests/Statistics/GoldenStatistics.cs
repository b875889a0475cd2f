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
}
