using Keyhole.Composition;

namespace Keyhole.Studies.Analysis;

/// <summary>A section.</summary>
internal static class PrefixTable
{
    /// <summary>Writes.</summary>
    public static void Write(StudyEditor study, IReadOnlyDictionary<string, string> options, IReadOnlyList<PrefixTrace> rows) => StandIn.Write(study, "prefixes", options, rows);

    /// <summary>Reads.</summary>
    public static IReadOnlyList<PrefixTrace>? Read(Study study) => StandIn.Read<PrefixTrace>(study, "prefixes");
}
