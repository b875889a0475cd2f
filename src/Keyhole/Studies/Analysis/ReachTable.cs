using Keyhole.Mutations;

namespace Keyhole.Studies.Analysis;

/// <summary>A section.</summary>
internal static class ReachTable
{
    /// <summary>Writes.</summary>
    public static void Write(StudyEditor study, IReadOnlyDictionary<string, string> options, IReadOnlyList<ReachRecord> rows) => StandIn.Write(study, "reach", options, rows);

    /// <summary>Reads.</summary>
    public static IReadOnlyList<ReachRecord>? Read(Study study) => StandIn.Read<ReachRecord>(study, "reach");
}
