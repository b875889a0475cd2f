using System.Collections.Immutable;
using Keyhole.Memories;

namespace Keyhole.Studies;

/// <summary>Reads the trigger lists of the sign cases that a study keeps.</summary>
public static class SignCaseTable
{
    /// <summary>
    /// The lists of a memory in the order of <see cref="SignCases.Named"/>, each best first by |m|; null where the study keeps none (<c>mine --sign-cases</c>).
    /// </summary>
    /// <param name="study">The study.</param>
    /// <param name="id">The memory.</param>
    /// <exception cref="Engine.InputRefusedException">KH5105: damaged.</exception>
    public static IReadOnlyList<(string Name, ImmutableArray<Trigger> Triggers)>? Read(Study study, NeuronId id)
    {
        ArgumentNullException.ThrowIfNull(study);
        if (!study.HasTable(StudySchema.CaseTable))
        {
            return null;
        }

        string columns = string.Join(", ", StudySchema.CaseColumns.Select(column => "c." + column));
        return study.Query($"SELECT {columns} FROM {StudySchema.CaseTable} c JOIN memory m ON m.id = c.id WHERE m.layer = $a AND m.expert = $b AND m.neuron = $c",
            row => default(SignCases).Named().Select((named, column) => (named.Name, TriggerBlob.Read(row.GetFieldValue<byte[]>(column), id.Expert >= 0))).ToArray(),
            id.Layer, id.Expert, id.Index).FirstOrDefault();
    }
}
