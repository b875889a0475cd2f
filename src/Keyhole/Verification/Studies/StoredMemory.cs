using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Keyhole.Memories;
using Keyhole.Mining;
using Keyhole.Studies;
using Microsoft.Data.Sqlite;

namespace Keyhole.Verification.Studies;

/// <summary>A memory with all that its study's tables say of it.</summary>
internal sealed class StoredMemory
{
    /// <summary>Lists and statistics.</summary>
    public required MemoryRecord Memory { get; init; }

    /// <summary>What the column of that name says.</summary>
    public required int PositiveCount { get; init; }

    /// <summary>What the column of that name says.</summary>
    public required int NegativeCount { get; init; }

    /// <summary>What the positive list is ordered by, where a table of its own says it; else null.</summary>
    public float[]? Ranks { get; init; }

    /// <summary>Its examples beyond the top; null where there are none.</summary>
    public MemorySample? Sample { get; init; }

    /// <summary>The lists of its sign cases; null where there are none.</summary>
    public ImmutableArray<Trigger>[]? Cases { get; init; }

    /// <summary>All memories of a study in its order.</summary>
    /// <exception cref="Engine.InputRefusedException">KH5105: damaged.</exception>
    public static IEnumerable<StoredMemory> All(Study study)
    {
        string columns = "m.expert, m.positive_count, m.negative_count";
        string tables = "memory m";
        int next = 3;
        int ranks = Beside(StudySchema.RankTable, "r", "r.positive", count: 1);
        int sample = Beside(StudySchema.SampleTable, "s", SampleTable.Columns, count: 3);
        int cases = Beside(StudySchema.CaseTable, "c", SignCaseTable.Columns, StudySchema.CaseColumns.Length);
        return study.Memories().Zip(study.Query($"SELECT {columns} FROM {tables} ORDER BY m.id", row => Of(row, ofExpert: row.GetInt32(0) >= 0)), (memory, beside) => new StoredMemory
        {
            Memory = memory,
            PositiveCount = beside.Positive,
            NegativeCount = beside.Negative,
            Ranks = beside.Ranks,
            Sample = beside.Sample,
            Cases = beside.Cases,
        });

        // The place of a table's first column; -1 where the study does not have the table.
        int Beside(string table, string name, string itsColumns, int count)
        {
            if (!study.HasTable(table))
            {
                return -1;
            }

            columns += ", " + itsColumns;
            tables += $" LEFT JOIN {table} {name} ON {name}.id = m.id";
            next += count;
            return next - count;
        }

        (int Positive, int Negative, float[]? Ranks, MemorySample? Sample, ImmutableArray<Trigger>[]? Cases) Of(SqliteDataReader row, bool ofExpert)
        {
            bool Has(int column) => column >= 0 && !row.IsDBNull(column);
            return (row.GetInt32(1), row.GetInt32(2),
                Has(ranks) ? MemoryMarshal.Cast<byte, float>(row.GetFieldValue<byte[]>(ranks)).ToArray() : null,
                Has(sample) ? SampleTable.Of(row, sample, ofExpert) : null,
                Has(cases) ? SignCaseTable.Of(row, cases, ofExpert) : null);
        }
    }

    /// <summary>What a trigger's list is ordered by; null where the study does not tell it.</summary>
    /// <param name="pole">The list.</param>
    /// <param name="place">The trigger's place in it.</param>
    /// <param name="rules">The study's rules.</param>
    public float? Rank(Pole pole, int place, MiningRules rules)
    {
        Trigger trigger = Memory.Triggers(pole)[place];
        if (rules.RankBy == RankBy.Post)
        {
            return MathF.Abs(trigger.Coefficient);
        }

        return !float.IsNaN(trigger.Gate) ? trigger.Gate : Ranks is { } ranks && place < ranks.Length ? ranks[place] : null;
    }
}
