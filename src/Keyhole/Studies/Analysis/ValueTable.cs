using Keyhole.Values;

namespace Keyhole.Studies.Analysis;

/// <summary>A section.</summary>
internal static class ValueTable
{
    /// <summary>Writes.</summary>
    public static void Write(StudyEditor study, IReadOnlyDictionary<string, string> options, IReadOnlyList<ValueRecord> rows) => StandIn.Write(study, "values", options, rows);

    /// <summary>Reads.</summary>
    public static IReadOnlyList<ValueRecord>? Read(Study study) => StandIn.Read<ValueRecord>(study, "values");
}
