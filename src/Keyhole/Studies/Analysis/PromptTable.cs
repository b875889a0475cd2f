using Keyhole.Prompts;

namespace Keyhole.Studies.Analysis;

/// <summary>A section.</summary>
internal static class PromptTable
{
    /// <summary>Writes.</summary>
    public static void Write(StudyEditor study, IReadOnlyDictionary<string, string> options, IReadOnlyList<PromptTrace> rows) => StandIn.Write(study, "prompts", options, rows);

    /// <summary>Reads.</summary>
    public static IReadOnlyList<PromptTrace>? Read(Study study) => StandIn.Read<PromptTrace>(study, "prompts");
}
