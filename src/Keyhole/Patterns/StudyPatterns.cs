using Keyhole.Engine;
using Keyhole.Memories;
using Keyhole.Studies;
using Keyhole.Studies.Analysis;

namespace Keyhole.Patterns;

/// <summary>The patterns that a study keeps.</summary>
public static class StudyPatterns
{
    /// <summary>Puts patterns into a study, in place of earlier ones: all of them, or nothing.</summary>
    /// <param name="path">The study.</param>
    /// <param name="result">Patterns of it.</param>
    /// <exception cref="InputRefusedException">KH5101 to KH5105: no study; KH5113: another run writes it.</exception>
    /// <exception cref="StudyNotWrittenException">KH5112: it cannot be written.</exception>
    public static void Keep(string path, PatternResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        using StudyEditor editor = StudyEditor.Open(path);
        PatternTable.Write(editor, result);
        editor.Commit();
    }

    /// <summary>The lists of a memory with their patterns, the positive pole first; null where the study has no patterns.</summary>
    /// <param name="study">The study.</param>
    /// <param name="id">The memory.</param>
    /// <exception cref="InputRefusedException">KH5105: damaged.</exception>
    public static IReadOnlyList<MemoryPatterns>? Of(Study study, NeuronId id)
    {
        ArgumentNullException.ThrowIfNull(study);
        return PatternTable.Read(study, id);
    }

    /// <summary>All lists with their patterns; null where the study has none.</summary>
    /// <param name="study">The study.</param>
    /// <exception cref="InputRefusedException">KH5105: damaged.</exception>
    public static IReadOnlyList<MemoryPatterns>? Read(Study study)
    {
        ArgumentNullException.ThrowIfNull(study);
        return PatternTable.Read(study);
    }

    /// <summary>The measures by layer and source; null where the study has none.</summary>
    /// <param name="study">The study.</param>
    /// <exception cref="InputRefusedException">KH5105: damaged.</exception>
    public static IReadOnlyList<LayerPatterns>? Layers(Study study)
    {
        ArgumentNullException.ThrowIfNull(study);
        return PatternTable.ReadLayers(study);
    }

    /// <summary>Opens a study that patterns can be put into: one that cannot be written is refused before there is any work for it.</summary>
    /// <param name="path">The study.</param>
    /// <exception cref="InputRefusedException">KH5101 to KH5105: no study; KH5113: another run writes it.</exception>
    /// <exception cref="StudyNotWrittenException">KH5112: it cannot be written.</exception>
    public static Study Open(string path)
    {
        StudyEditor.RequireWritable(path);
        return Study.Open(path);
    }
}
