using Keyhole.Mutations;

namespace Keyhole.Studies.Analysis;

/// <summary>A section.</summary>
internal static class MutationTable
{
    /// <summary>Writes.</summary>
    public static void Write(StudyEditor study, IReadOnlyDictionary<string, string> options, IReadOnlyList<MutationRecord> rows) => StandIn.Write(study, "mutations", options, rows);

    /// <summary>Reads.</summary>
    public static IReadOnlyList<MutationRecord>? Read(Study study) => StandIn.Read<MutationRecord>(study, "mutations");
}
