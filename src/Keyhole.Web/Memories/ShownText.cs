using Keyhole.Exports;
using Keyhole.Studies;

namespace Keyhole.Web.Memories;

/// <summary>Texts of a study as pages show them.</summary>
internal static class ShownText
{
    /// <summary>The text around a position; all of it where it is not long.</summary>
    /// <exception cref="Engine.InputRefusedException">KH5105: damaged.</exception>
    public static TextAnswer Around(Study study, StudyUnit unit, int position)
    {
        int first = Math.Max(0, position - MemoryLimits.TokensBefore + 1);
        int end = Math.Min(unit.Tokens.Length, position + 1 + MemoryLimits.TokensAfter);
        return new TextAnswer(unit.Index, study.FileOf(unit), unit.Offset, unit.Tokens.Length, first, ShownTexts.Tokens(study, unit, first, end));
    }
}
