using System.Collections.Immutable;
using Keyhole.Memories;
using Microsoft.Data.Sqlite;

namespace Keyhole.Studies;

/// <summary>Reads the examples beyond the top that a study keeps.</summary>
public static class SampleTable
{
    /// <summary>The columns of a sample, of the table as <c>s</c>.</summary>
    internal const string Columns = "s.positive, s.negative, s.random";

    /// <summary>The examples of a memory; null where the study keeps none.</summary>
    /// <param name="study">The study.</param>
    /// <param name="id">The memory.</param>
    /// <exception cref="Engine.InputRefusedException">KH5105: damaged.</exception>
    public static MemorySample? Read(Study study, NeuronId id)
    {
        ArgumentNullException.ThrowIfNull(study);
        if (!study.HasTable(StudySchema.SampleTable))
        {
            return null;
        }

        return study.Query($"SELECT {Columns} FROM {StudySchema.SampleTable} s JOIN memory m ON m.id = s.id WHERE m.layer = $a AND m.expert = $b AND m.neuron = $c",
            row => Of(row, 0, id.Expert >= 0), id.Layer, id.Expert, id.Index).FirstOrDefault();
    }

    /// <summary>A sample of a row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="first">Place of the first of <see cref="Columns"/>.</param>
    /// <param name="ofExpert">Whether the memory is of an expert.</param>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    internal static MemorySample Of(SqliteDataReader row, int first, bool ofExpert)
    {
        byte[] random = row.GetFieldValue<byte[]>(first + 2);
        return new MemorySample
        {
            Positive = TriggerBlob.Read(row.GetFieldValue<byte[]>(first), ofExpert),
            Negative = TriggerBlob.Read(row.GetFieldValue<byte[]>(first + 1), ofExpert),
            Random = [.. FloatBlob.Read(random, random.Length / sizeof(float))],
        };
    }

    /// <summary>The random positions of the study, in the order of <see cref="MemorySample.Random"/>; none where it keeps none.</summary>
    /// <exception cref="Engine.InputRefusedException">KH5105: damaged.</exception>
    public static ImmutableArray<RandomExample> RandomPositions(Study study)
    {
        ArgumentNullException.ThrowIfNull(study);
        return !study.HasTable(StudySchema.RandomTable) ? [] : [.. study.Query(
            $"SELECT unit, position, target FROM {StudySchema.RandomTable} ORDER BY id", row => new RandomExample(row.GetInt32(0), row.GetInt32(1), row.GetInt32(2)))];
    }

    /// <summary>
    /// The coefficients of a memory at the random positions that the study has: a part of a corpus has not all. As triggers, whose gate and router's weight are not kept.
    /// </summary>
    /// <param name="study">The study.</param>
    /// <param name="sample">The memory's examples.</param>
    /// <exception cref="Engine.InputRefusedException">KH5105: damaged.</exception>
    public static ImmutableArray<Trigger> AtRandom(Study study, MemorySample sample)
    {
        ArgumentNullException.ThrowIfNull(study);
        ArgumentNullException.ThrowIfNull(sample);
        return [.. RandomPositions(study).Zip(sample.Random)
            .Where(pair => study.UnitOrNull(pair.First.Unit) is { } unit && pair.First.Position < unit.Tokens.Length)
            .Select(pair => new Trigger(pair.Second, float.NaN, pair.First.Unit, pair.First.Position, pair.First.Target))];
    }
}
