using Keyhole.Memories;
using Keyhole.Studies;

namespace Keyhole.Annotations;

/// <summary>A free label with the key that tells it from others, as files keep it.</summary>
internal sealed record FreeLabel(string Annotator, NeuronId Memory, string Text, PatternKind Kind, DateTime Saved, string Key)
{
    /// <summary>All of a study, in order of memory and key, which is the same whatever the order in which they were given or imported.</summary>
    /// <exception cref="Engine.InputRefusedException">KH5105: damaged.</exception>
    public static IEnumerable<FreeLabel> Read(Study study) => AnnotationSchema.IsIn(study)
        ? study.Query("SELECT annotator, layer, expert, neuron, text, kind, saved, key FROM label WHERE sheet IS NULL ORDER BY layer, expert, neuron, saved, key",
            row => new FreeLabel(row.GetString(0), new NeuronId(row.GetInt32(1), row.GetInt32(3), row.GetInt32(2)), row.GetString(4), AnnotationText.ReadPatternKind(row.GetString(5)), AnnotationText.ReadTime(row.GetString(6)), row.GetString(7)))
        : [];
}
