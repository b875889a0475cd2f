using System.Runtime.InteropServices;
using Keyhole.Memories;
using Keyhole.Mining;
using Keyhole.Studies;

namespace Keyhole.Verification.Studies;

/// <summary>A memory with all that its study's tables say of it.</summary>
/// <param name="Memory">Lists and statistics.</param>
/// <param name="PositiveCount">What the column of that name says.</param>
/// <param name="NegativeCount">What the column of that name says.</param>
/// <param name="Ranks">What the positive list is ordered by, where a table of its own says it; else null.</param>
internal sealed record StoredMemory(MemoryRecord Memory, int PositiveCount, int NegativeCount, float[]? Ranks)
{
    /// <summary>All memories of a study in its order.</summary>
    /// <exception cref="Engine.InputRefusedException">KH5105: damaged.</exception>
    public static IEnumerable<StoredMemory> All(Study study)
    {
        string sql = study.HasTable(StudySchema.RankTable)
            ? $"SELECT m.positive_count, m.negative_count, r.positive FROM memory m LEFT JOIN {StudySchema.RankTable} r ON r.id = m.id ORDER BY m.id"
            : "SELECT positive_count, negative_count, NULL FROM memory ORDER BY id";
        return study.Memories().Zip(
            study.Query(sql, reader => (Positive: reader.GetInt32(0), Negative: reader.GetInt32(1), Ranks: reader.IsDBNull(2) ? null : MemoryMarshal.Cast<byte, float>(reader.GetFieldValue<byte[]>(2)).ToArray())),
            (memory, columns) => new StoredMemory(memory, columns.Positive, columns.Negative, columns.Ranks));
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
