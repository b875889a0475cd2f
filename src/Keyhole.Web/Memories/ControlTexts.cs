using Keyhole.Corpora;
using Keyhole.Exports;
using Keyhole.Memories;
using Keyhole.Mining;
using Keyhole.Studies;
using Keyhole.Web.Serving;

namespace Keyhole.Web.Memories;

/// <summary>Finds texts to hold beside a memory's triggers. Which ones are drawn depends on the memory's name alone.</summary>
internal static class ControlTexts
{
    private const int Probes = 64 * MemoryLimits.ControlUnits;   // numbers that are tried: a part of a study has gaps

    /// <summary>The controls of a memory.</summary>
    /// <exception cref="Engine.InputRefusedException">KH5105: damaged.</exception>
    public static async Task<ControlsAnswer> Of(Study study, MemoryRecord memory, ModelRunner models, ComputedCoefficients coefficients, CancellationToken aborted)
    {
        MiningRules rules = RecordedRules.Of(study.Provenance);
        List<ControlGroup> groups = [];
        Pole[] poles = MemoryJson.Poles(study.Shape).ToArray();
        foreach (Pole pole in poles)
        {
            int from = Math.Max(0, memory.Triggers(pole).Length - MemoryLimits.ControlTexts);
            groups.Add(new ControlGroup("last", MemoryJson.Name(pole), null,
                [.. MemoryAnswers.Some(study, memory, pole, from, MemoryLimits.ControlTexts).Select(trigger => new ControlText(trigger.Rank, trigger.Position, trigger.Coefficient, trigger.Text, null))]));
        }

        StudyUnit[] drawn = Draw(study, memory);
        string? missing = models.State is ModelState.Ready or ModelState.Loading ? null : models.Reason;
        float[][]? values = missing is null && drawn.Length > 0
            ? [.. (await coefficients.Of(study, memory.Id, [.. drawn.Select(unit => new TextRange(unit.Index, 0, unit.Tokens.Length))], aborted)).Texts.Select(text => text.Values)]
            : null;
        Scored[] scored = [.. drawn.Select((unit, at) => Score(unit, values?[at], rules))];
        if (values is not null)
        {
            foreach (Pole pole in poles)
            {
                if (MemoryAnswers.Threshold(memory, pole, rules) is { } threshold)
                {
                    float sign = pole == Pole.Positive ? 1 : -1;
                    groups.Add(new ControlGroup("below", MemoryJson.Name(pole), drawn.Length,
                        [.. scored.Select(text => text.Of(sign)).Where(text => sign * text.Coefficient > 0 && sign * text.Coefficient <= sign * threshold)
                            .OrderByDescending(text => sign * text.Coefficient).ThenBy(text => text.Unit.Index).Take(MemoryLimits.ControlTexts).Select(text => Answer(study, text))]));
                }
            }
        }

        groups.Add(new ControlGroup("random", null, drawn.Length, [.. scored.Take(MemoryLimits.ControlTexts).Select(text => Answer(study, text))]));
        return new ControlsAnswer([.. groups.Where(group => group.Texts.Count > 0)], missing);
    }

    // Texts that are in none of the memory's lists, short enough to be read, as many as fit the bounds.
    private static StudyUnit[] Draw(Study study, MemoryRecord memory)
    {
        HashSet<int> taken = [.. memory.Positive.Concat(memory.Negative).Select(trigger => trigger.Unit)];
        ulong seed = CounterHash.Hash(2, ((ulong)memory.Id.Layer << 32) | (uint)memory.Id.Expert, (ulong)memory.Id.Index);
        long numbers = Math.Max(study.UnitCount, study.Query("SELECT max(first_unit) + 1 FROM unit_block", row => row.IsDBNull(0) ? 0 : row.GetInt64(0)).Single());
        List<StudyUnit> drawn = [];
        int tokens = 0;
        for (ulong probe = 0; probe < Probes && drawn.Count < MemoryLimits.ControlUnits && numbers > 0; probe++)
        {
            int index = (int)(CounterHash.Hash(seed, probe) % (ulong)numbers);
            if (!taken.Add(index) || study.UnitOrNull(index) is not { Tokens.Length: > 2 and <= MemoryLimits.ControlUnitTokens } unit)
            {
                continue;
            }

            if (tokens + unit.Tokens.Length > MemoryLimits.ControlTokens)
            {
                break;
            }

            tokens += unit.Tokens.Length;
            drawn.Add(unit);
        }

        return [.. drawn];
    }

    private static Scored Score(StudyUnit unit, float[]? values, MiningRules rules)
    {
        if (values is null)
        {
            return new Scored(unit, null, null, (0, 0), default);
        }

        (int first, int end) = rules.Candidates(unit.Tokens.Length, unit.Spans[0].IsEmpty);
        return new Scored(unit, null, null, (first, end), values);
    }

    private static ControlText Answer(Study study, Scored text)
    {
        Scored shown = text.Position is null ? text.Of(0) : text;
        TextAnswer around = ShownText.Around(study, shown.Unit, shown.Position ?? 0);
        return new ControlText(null, shown.Position, shown.Coefficient, around, shown.Values?[around.First..(around.First + around.Tokens.Count)]);
    }

    private readonly record struct Scored(StudyUnit Unit, int? Position, float? Coefficient, (int First, int End) Candidates, float[]? Values)
    {
        // With the candidate position where m is largest on a side; 0 for |m| on either.
        public Scored Of(float sign)
        {
            if (Values is null)
            {
                return this;
            }

            int best = -1;
            for (int position = Candidates.First; position < Candidates.End; position++)
            {
                if (best < 0 || Strength(Values[position]) > Strength(Values[best]))
                {
                    best = position;
                }
            }

            return best < 0 ? this : this with { Position = best, Coefficient = Values[best] };

            float Strength(float m) => sign == 0 ? Math.Abs(m) : sign * m;
        }
    }
}
