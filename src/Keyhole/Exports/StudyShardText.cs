using System.Globalization;
using Keyhole.Studies;

namespace Keyhole.Exports;

/// <summary>Says which part of a corpus a study has.</summary>
public static class StudyShardText
{
    /// <summary>As <c>shard 3 of 8 (from 0)</c>.</summary>
    /// <param name="shard">The part.</param>
    public static string Of(StudyShard shard)
    {
        ArgumentNullException.ThrowIfNull(shard);
        return string.Create(CultureInfo.InvariantCulture, $"shard{(shard.Parts.Length == 1 ? string.Empty : "s")} {string.Join(", ", shard.Parts)} of {shard.Count} (from 0)");
    }
}
