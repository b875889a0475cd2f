using System.Collections.Immutable;
using Keyhole.Memories;
using Microsoft.Data.Sqlite;

namespace Keyhole.Studies;

/// <summary>Reads the trigger lists of the sign cases that a study keeps.</summary>
public static class SignCaseTable
{
    /// <summary>The columns of the lists, of the table as <c>c</c>.</summary>
    internal static readonly string Columns = string.Join(", ", StudySchema.CaseColumns.Select(column => "c." + column));

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

        return study.Query($"SELECT {Columns} FROM {StudySchema.CaseTable} c JOIN memory m ON m.id = c.id WHERE m.layer = $a AND m.expert = $b AND m.neuron = $c",
            row => default(SignCases).Named().Zip(Of(row, 0, id.Expert >= 0), (named, list) => (named.Name, list)).ToArray(),
            id.Layer, id.Expert, id.Index).FirstOrDefault();
    }

    /// <summary>The lists of a row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="first">Place of the first of <see cref="Columns"/>.</param>
    /// <param name="ofExpert">Whether the memory is of an expert.</param>
    /// <exception cref="InvalidDataException">They are damaged.</exception>
    internal static ImmutableArray<Trigger>[] Of(SqliteDataReader row, int first, bool ofExpert)
        => [.. StudySchema.CaseColumns.Select((_, column) => TriggerBlob.Read(row.GetFieldValue<byte[]>(first + column), ofExpert))];
}
